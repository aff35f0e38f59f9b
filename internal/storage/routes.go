package storage

import (
	"strings"

	"tischlein/internal/telephony"
)

// What the plan of a call is decided on is read in few statements: somebody waits
// for a ringing tone.

var deskColumns = strings.Join([]string{under("c", channelColumns), under("p", cpeColumns), under("k", linkColumns), under("x", extensionColumns),
	under("l", loginColumns), under("u", extensionColumns), `b.channel_id, b.registered_at, b.display, b.user_agent`}, ", ")

// CallingDesk reads the desk of a channel, in whichever customer it is: found by
// the credential that the call came with.
func (tx *Tx) CallingDesk(channelID string) (telephony.Desk, error) {
	rows, err := list(tx, "channel", `SELECT `+deskColumns+` FROM channels c `+channelJoins+` WHERE c.id = :channel`,
		values{"channel": channelID, "now": micros(tx.Now)}, scanDesk)
	if err == nil && len(rows) == 0 {
		err = telephony.NotFoundf("channel")
	}
	if err != nil {
		return telephony.Desk{}, err
	}
	return rows[0].Desk, nil
}

// Callee is an extension with where it is logged in.
type Callee struct {
	Extension telephony.Extension
	At        []telephony.Ring
}

// CalleeByNumber finds who is called by an extension number, nil if nobody.
func (tx *Tx) CalleeByNumber(customerID, number string) (*Callee, error) {
	return tx.callee(`e.number = :wanted`, customerID, number)
}

// CalleeByID finds who is called by an outside number.
func (tx *Tx) CalleeByID(customerID, extensionID string) (*Callee, error) {
	return tx.callee(`e.id = :wanted`, customerID, extensionID)
}

func (tx *Tx) callee(is, customerID, wanted string) (c *Callee, err error) {
	_, err = list(tx, "callee", `SELECT `+under("e", extensionColumns)+`, h.id, h.sip_user FROM extensions e
		LEFT JOIN logins l ON l.customer_id = e.customer_id AND l.extension_id = e.id
		LEFT JOIN channels h ON h.customer_id = l.customer_id AND h.id = l.channel_id
		WHERE e.customer_id = :customer AND `+is+` ORDER BY l.slot`, values{"customer": customerID, "wanted": wanted},
		func(s scanner) (r telephony.Ring, err error) {
			x, err := scanExtension(s)
			if err != nil {
				return r, err
			}
			if err := s.Scan(&r.ChannelID, &r.SIPUser); err != nil || x.ID == "" {
				return r, err
			}
			if c == nil {
				c = &Callee{Extension: x}
			}
			if r.ChannelID != "" {
				c.At = append(c.At, r)
			}
			return r, nil
		})
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
