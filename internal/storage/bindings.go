package storage

import (
	"fmt"
	"net/netip"
	"strings"

	"tischlein/internal/telephony"
)

const bindingColumns = `channel_id, customer_id, sip_user, contact, instance, call_id, cseq, transport, source, local, user_agent, display, node, registered_at, expires_at`

func scanBinding(s scanner) (b telephony.Binding, err error) {
	var source string
	var registered, expires int64
	err = s.Scan(&b.ChannelID, &b.CustomerID, &b.SIPUser, &b.Contact, &b.Instance, &b.CallID, &b.CSeq, &b.Transport, &source, &b.Local,
		&b.UserAgent, &b.Display, &b.Node, &registered, &expires)
	b.Source, _ = netip.ParseAddrPort(source) // written by PutBindings
	b.Registered, b.Expires = fromMicros(registered), fromMicros(expires)
	return b, err
}

// EachBinding calls f for every binding that has not expired and whose channel
// still has a device: one that was detached just before a crash is void (P14).
func (tx *Tx) EachBinding(f func(telephony.Binding) error) error {
	r, err := tx.query(`SELECT `+bindingColumns+` FROM bindings WHERE expires_at > $1
		AND EXISTS (SELECT 1 FROM attachments WHERE attachments.channel_id = bindings.channel_id)`, micros(tx.Now))
	if err != nil {
		return fmt.Errorf("listing bindings: %w", err)
	}
	defer r.Close()
	for r.Next() {
		b, err := scanBinding(r)
		if err != nil {
			return fmt.Errorf("listing bindings: %w", err)
		}
		if err := f(b); err != nil {
			return err
		}
	}
	return r.Err()
}

// Binding reads the binding of a channel, expired or not.
func (tx *Tx) Binding(customerID, channelID string) (telephony.Binding, error) {
	return one("binding", tx.row(`SELECT `+bindingColumns+` FROM bindings WHERE customer_id = $1 AND channel_id = $2`, customerID, channelID), scanBinding)
}

// bindingRow is the number of columns of a binding.
const bindingRow = 15

// PutBindings writes bindings, many rows in one statement: the cost of a
// statement would otherwise be the cost of a registration.
func (tx *Tx) PutBindings(list []telephony.Binding) error {
	const most = 64
	for len(list) > 0 {
		n := min(most, len(list))
		// Only two shapes of statement, so that both databases keep them prepared.
		if n < most {
			n = 1
		}
		args := make([]any, 0, n*bindingRow)
		for _, b := range list[:n] {
			args = append(args, b.ChannelID, b.CustomerID, b.SIPUser, b.Contact, b.Instance, b.CallID, int64(b.CSeq), b.Transport,
				b.Source.String(), b.Local, b.UserAgent, b.Display, b.Node, micros(b.Registered), micros(b.Expires))
		}
		if _, err := tx.exec(putBindings(n), args...); err != nil {
			return fmt.Errorf("writing bindings: %w", err)
		}
		list = list[n:]
	}
	return nil
}

func putBindings(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO bindings (` + bindingColumns + `) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range bindingRow {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", i*bindingRow+j+1)
		}
		b.WriteByte(')')
	}
	b.WriteString(` ON CONFLICT (channel_id) DO UPDATE SET sip_user = excluded.sip_user, contact = excluded.contact, instance = excluded.instance,
		call_id = excluded.call_id, cseq = excluded.cseq, transport = excluded.transport, source = excluded.source, local = excluded.local,
		user_agent = excluded.user_agent, display = excluded.display, node = excluded.node,
		registered_at = excluded.registered_at, expires_at = excluded.expires_at`)
	return b.String()
}

// DeleteBindings removes the bindings of channels; those that have none are skipped.
func (tx *Tx) DeleteBindings(channelIDs []string) error {
	for _, id := range channelIDs {
		if _, err := tx.exec(`DELETE FROM bindings WHERE channel_id = $1`, id); err != nil {
			return fmt.Errorf("removing bindings: %w", err)
		}
	}
	return nil
}

// ExpireBindings removes bindings that ended long ago.
func (tx *Tx) ExpireBindings(limit int) (int64, error) {
	return tx.exec(`DELETE FROM bindings WHERE channel_id IN (SELECT channel_id FROM bindings WHERE expires_at < $1 LIMIT $2)`,
		micros(tx.Now.Add(-bindingGrace)), limit)
}
