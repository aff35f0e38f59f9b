package storage

import (
	"fmt"
	"slices"
	"strings"

	"tischlein/internal/telephony"
)

// some runs f for pieces of ids, with a condition on the column that its rows are
// of the piece. There are few different texts, so that databases keep them prepared.
func some(ids []string, v values, f func(in func(column string) string) error) error {
	for piece := range slices.Chunk(ids, 50) {
		names := make([]string, 50)
		for i := range names {
			names[i] = fmt.Sprintf(":among%d", i)
			v[names[i][1:]] = piece[min(i, len(piece)-1)]
		}
		if err := f(func(column string) string { return column + ` IN (` + strings.Join(names, ", ") + `)` }); err != nil {
			return err
		}
	}
	return nil
}

// Names says what the customer's channels, extensions, CPEs, numbers and trunks of
// these ids are called now, or with customer "" portal users, partners, tokens and
// trunks of the installation; what is gone is missing.
func (tx *Tx) Names(customerID string, ids []string) (map[string]string, error) {
	if customerID == "" {
		return tx.houseNames(ids)
	}
	m := make(map[string]string, len(ids))
	v := values{"customer": customerID}
	err := some(ids, v, func(in func(string) string) error {
		rows, err := list(tx, "names", `SELECT id, name FROM channels WHERE customer_id = :customer AND `+in("id")+`
			UNION ALL SELECT id, name || ' (' || number || ')' FROM extensions WHERE customer_id = :customer AND `+in("id")+`
			UNION ALL SELECT id, name FROM cpes WHERE customer_id = :customer AND `+in("id")+`
			UNION ALL SELECT id, e164 FROM numbers WHERE customer_id = :customer AND `+in("id")+`
			UNION ALL SELECT id, name FROM trunks WHERE customer_id = :customer AND `+in("id"), v,
			func(s scanner) (x [2]string, err error) { return x, s.Scan(&x[0], &x[1]) })
		for _, x := range rows {
			m[x[0]] = x[1]
		}
		return err
	})
	return m, err
}

func (tx *Tx) houseNames(ids []string) (map[string]string, error) {
	m, v := make(map[string]string, len(ids)), values{}
	err := some(ids, v, func(in func(string) string) error {
		rows, err := list(tx, "names", `SELECT id, name FROM users WHERE `+in("id")+`
			UNION ALL SELECT id, name FROM partners WHERE `+in("id")+` UNION ALL SELECT id, name FROM api_tokens WHERE `+in("id")+`
			UNION ALL SELECT id, name FROM trunks WHERE customer_id IS NULL AND `+in("id"), v,
			func(s scanner) (x [2]string, err error) { return x, s.Scan(&x[0], &x[1]) })
		for _, x := range rows {
			m[x[0]] = x[1]
		}
		return err
	})
	return m, err
}

// Around is what a page of a list shows beside its rows: links, logins and
// attachments of extensions and devices by their id, and channels' names.
type Around struct {
	Links       map[string][]telephony.Link
	Logins      map[string][]telephony.Login
	Attachments map[string][]telephony.Attachment
	Numbers     map[string][]telephony.Number
	Keys        map[string][]telephony.Key
	Places      map[string]string
}

// AroundExtensions reads where extensions are linked and logged in.
func (tx *Tx) AroundExtensions(customerID string, ids []string) (a Around, err error) {
	a = Around{Links: map[string][]telephony.Link{}, Logins: map[string][]telephony.Login{}, Numbers: map[string][]telephony.Number{}, Keys: map[string][]telephony.Key{}}
	v := values{"customer": customerID}
	var at []string
	err = some(ids, v, func(in func(string) string) error {
		links, err := list(tx, "links", `SELECT `+linkColumns+` FROM links WHERE customer_id = :customer AND `+in("extension_id")+` ORDER BY slot`, v, scanLink)
		if err != nil {
			return err
		}
		logins, err := list(tx, "logins", `SELECT `+loginColumns+` FROM logins WHERE customer_id = :customer AND `+in("extension_id")+` ORDER BY slot`, v, scanLogin)
		if err != nil {
			return err
		}
		numbers, err := list(tx, "numbers", `SELECT `+numberColumns+` FROM numbers WHERE customer_id = :customer AND `+in("extension_id")+` ORDER BY e164, id`, v, scanNumber)
		if err != nil {
			return err
		}
		_, err = list(tx, "keys", `SELECT k.extension_id, `+keyColumns+` FROM `+keysFrom+` WHERE k.customer_id = :customer AND `+in("k.extension_id")+` ORDER BY k.extension_id, k.position`, v,
			func(s scanner) (telephony.Key, error) {
				var of string
				k, _, err := scanKey(s, &of)
				a.Keys[of] = append(a.Keys[of], k)
				return k, err
			})
		for _, n := range numbers {
			a.Numbers[n.ExtensionID] = append(a.Numbers[n.ExtensionID], n)
		}
		for _, l := range links {
			a.Links[l.ExtensionID] = append(a.Links[l.ExtensionID], l)
			at = append(at, l.ChannelID)
		}
		for _, l := range logins {
			a.Logins[l.ExtensionID] = append(a.Logins[l.ExtensionID], l)
			at = append(at, l.ChannelID)
		}
		return err
	})
	if err != nil {
		return a, err
	}
	slices.Sort(at)
	a.Places, err = tx.Names(customerID, slices.Compact(at))
	return a, err
}

// AroundCPEs reads with which channels devices are connected.
func (tx *Tx) AroundCPEs(customerID string, ids []string) (a Around, err error) {
	a = Around{Attachments: map[string][]telephony.Attachment{}}
	v := values{"customer": customerID}
	var at []string
	err = some(ids, v, func(in func(string) string) error {
		rows, err := list(tx, "attachments", `SELECT `+attachmentColumns+` FROM attachments WHERE customer_id = :customer AND `+in("cpe_id")+` ORDER BY port`, v, scanAttachment)
		for _, x := range rows {
			a.Attachments[x.CPEID] = append(a.Attachments[x.CPEID], x)
			at = append(at, x.ChannelID)
		}
		return err
	})
	if err != nil {
		return a, err
	}
	a.Places, err = tx.Names(customerID, at)
	return a, err
}
