package storage

import (
	"strings"

	"tischlein/internal/telephony"
)

// What the plan of a call is decided on is read in few statements: somebody waits
// for a ringing tone.

var deskColumns = strings.Join([]string{under("c", channelColumns), under("p", cpeColumns), under("k", linkColumns), under("x", extensionColumns),
	under("l", loginColumns), under("u", extensionColumns), `b.channel_id, b.registered_at, b.display, b.user_agent`}, ", ")

var callingText = `SELECT ` + under("c", channelColumns) + `, k.channel_id, l.channel_id, ` + under("u", extensionColumns) + ` FROM channels c
	LEFT JOIN links k ON k.customer_id = c.customer_id AND k.channel_id = c.id
	LEFT JOIN logins l ON l.customer_id = c.customer_id AND l.channel_id = c.id
	LEFT JOIN extensions u ON u.customer_id = l.customer_id AND u.id = l.extension_id
	WHERE c.id = $1`

// CallingDesk reads a channel, in whichever customer it is: found by the credential
// that a call came with. Of its desk there is what most calls are decided on: who is
// logged in, and of Link and Login that they are there.
func (tx *Tx) CallingDesk(channelID string) (telephony.Desk, error) {
	return one("channel", tx.row(callingText, channelID), across(func(s scanner) (d telephony.Desk, err error) {
		if d.Channel, err = scanChannel(s); err != nil {
			return d, err
		}
		var link, login string
		if err := s.Scan(&link, &login); err != nil {
			return d, err
		}
		u, err := scanExtension(s)
		if link != "" {
			d.Link = &telephony.Link{CustomerID: d.Channel.CustomerID, ChannelID: link}
		}
		if login != "" {
			d.Login, d.User = &telephony.Login{CustomerID: d.Channel.CustomerID, ChannelID: login, ExtensionID: u.ID}, &u
		}
		return d, err
	}))
}

// Callee is an extension with where it is logged in.
type Callee struct {
	Extension telephony.Extension
	At        []telephony.Ring
}

// CalleeByNumber finds who is called by an extension number, nil if nobody.
func (tx *Tx) CalleeByNumber(customerID, number string) (*Callee, error) {
	return tx.callee(calleeByNumber, customerID, number)
}

// CalleeByID finds who is called by an outside number.
func (tx *Tx) CalleeByID(customerID, extensionID string) (*Callee, error) {
	return tx.callee(calleeByID, customerID, extensionID)
}

var (
	calleeText = `SELECT h.id, h.sip_user, ` + under("e", extensionColumns) + ` FROM extensions e
		LEFT JOIN logins l ON l.customer_id = e.customer_id AND l.extension_id = e.id
		LEFT JOIN channels h ON h.customer_id = l.customer_id AND h.id = l.channel_id
		WHERE e.customer_id = $1`
	calleeByNumber = calleeText + ` AND e.number = $2 ORDER BY l.slot`
	calleeByID     = calleeText + ` AND e.id = $2 ORDER BY l.slot`
)

func (tx *Tx) callee(text, customerID, wanted string) (c *Callee, err error) {
	r, err := tx.query(text, customerID, wanted)
	_, err = all("callee", across(func(s scanner) (r telephony.Ring, err error) {
		if err := s.Scan(&r.ChannelID, &r.SIPUser); err != nil {
			return r, err
		}
		x, err := scanExtension(s)
		if err != nil || x.ID == "" { // across asks for the columns first
			return r, err
		}
		if c == nil {
			c = &Callee{Extension: x}
		}
		if r.ChannelID != "" {
			c.At = append(c.At, r)
		}
		return r, nil
	}), r, err)
	return c, err
}

// DirectNumber is the first number that leads to an extension, "" if none does.
func (tx *Tx) DirectNumber(customerID, extensionID string) (string, error) {
	r, err := tx.query(`SELECT e164 FROM numbers WHERE customer_id = $1 AND extension_id = $2 ORDER BY e164 LIMIT 1`, customerID, extensionID)
	rows, err := all("numbers", func(s scanner) (n string, err error) { return n, s.Scan(&n) }, r, err)
	if len(rows) == 0 {
		return "", err
	}
	return rows[0], err
}

// Unlocated counts the customer's places that say nothing of where they are.
func (tx *Tx) Unlocated(customerID string) (n int, err error) {
	err = tx.row(`SELECT COUNT(*) FROM channels WHERE customer_id = $1 AND location_key = '' AND elin = '' AND kind = 'cpe'`, customerID).Scan(&n)
	return n, err
}

// Stranded counts, in the whole installation, the channels with a device that no
// emergency call can come from as it should: those that nobody could be sent to,
// and those without a trunk.
func (tx *Tx) Stranded() (unlocated, trunkless int, err error) {
	err = tx.row(`SELECT COUNT(CASE WHEN c.location_key = '' AND c.elin = '' AND k.site_address = '' AND k.site_elin = '' THEN 1 END),
			COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM trunks t WHERE t.customer_id = k.id OR t.customer_id IS NULL) THEN 1 END)
		FROM attachments a JOIN channels c ON c.customer_id = a.customer_id AND c.id = a.channel_id JOIN customers k ON k.id = c.customer_id`).Scan(&unlocated, &trunkless)
	return unlocated, trunkless, err
}
