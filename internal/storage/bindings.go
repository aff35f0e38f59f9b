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

var batchSizes = [...]int{64, 16, 4, 1}

// inBatches calls f with the list piece by piece. Pieces have few sizes, so that
// both databases keep the statement of each prepared.
func inBatches[T any](list []T, f func([]T) error) error {
	for _, size := range batchSizes {
		for len(list) >= size {
			if err := f(list[:size]); err != nil {
				return err
			}
			list = list[size:]
		}
	}
	return nil
}

// valueRows writes rows of n parameters each, in brackets: ($1,$2),($3,$4).
func valueRows(rows, n int) string {
	var b strings.Builder
	for i := range rows * n {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%n == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteByte(')')
	return b.String()
}

func toArgs(list []string) []any {
	args := make([]any, len(list))
	for i, s := range list {
		args[i] = s
	}
	return args
}

// bindingRow is the number of columns of a binding.
const bindingRow = 15

// PutBindings writes bindings, many rows in one statement: the cost of a
// statement would otherwise be the cost of a registration.
func (tx *Tx) PutBindings(list []telephony.Binding) error {
	return inBatches(list, func(some []telephony.Binding) error {
		args := make([]any, 0, len(some)*bindingRow)
		for _, b := range some {
			args = append(args, b.ChannelID, b.CustomerID, b.SIPUser, b.Contact, b.Instance, b.CallID, int64(b.CSeq), b.Transport,
				b.Source.String(), b.Local, b.UserAgent, b.Display, b.Node, micros(b.Registered), micros(b.Expires))
		}
		if _, err := tx.exec(putBindings[len(some)], args...); err != nil {
			return fmt.Errorf("writing bindings: %w", err)
		}
		return nil
	})
}

var putBindings = func() map[int]string {
	texts := map[int]string{}
	for _, n := range batchSizes {
		texts[n] = putBindingsText(n)
	}
	return texts
}()

func putBindingsText(rows int) string {
	return `INSERT INTO bindings (` + bindingColumns + `) VALUES ` + valueRows(rows, bindingRow) + `
		ON CONFLICT (channel_id) DO UPDATE SET sip_user = excluded.sip_user, contact = excluded.contact, instance = excluded.instance,
		call_id = excluded.call_id, cseq = excluded.cseq, transport = excluded.transport, source = excluded.source, local = excluded.local,
		user_agent = excluded.user_agent, display = excluded.display, node = excluded.node,
		registered_at = excluded.registered_at, expires_at = excluded.expires_at`
}

// DeleteBindings removes the bindings of channels; those that have none are skipped.
func (tx *Tx) DeleteBindings(channelIDs []string) error {
	return inBatches(channelIDs, func(some []string) error {
		if _, err := tx.exec(`DELETE FROM bindings WHERE channel_id IN `+valueRows(1, len(some)), toArgs(some)...); err != nil {
			return fmt.Errorf("removing bindings: %w", err)
		}
		return nil
	})
}

// ExpireBindings removes bindings that ended long ago.
func (tx *Tx) ExpireBindings(limit int) (int64, error) {
	return tx.exec(`DELETE FROM bindings WHERE channel_id IN (SELECT channel_id FROM bindings WHERE expires_at < $1 LIMIT $2)`,
		micros(tx.Now.Add(-bindingGrace)), limit)
}

// Present is a channel whose device has just registered or gone.
type Present struct {
	ChannelID  string
	CustomerID string
	CPEID      string
	Waiting    bool // it lacks its newest configuration or was refused before: see PushWhenSeen
}

// Present finds the devices of channels; channels without one are left out.
func (tx *Tx) Present(channelIDs []string) (list []Present, err error) {
	err = inBatches(channelIDs, func(some []string) error {
		r, err := tx.query(`SELECT a.channel_id, a.customer_id, a.cpe_id, c.wanted <> c.fetched OR c.refused_at > 0
			FROM attachments a JOIN cpes c ON c.customer_id = a.customer_id AND c.id = a.cpe_id
			WHERE a.channel_id IN `+valueRows(1, len(some)), toArgs(some)...)
		found, err := all("registered devices", func(s scanner) (x Present, err error) {
			return x, s.Scan(&x.ChannelID, &x.CustomerID, &x.CPEID, &x.Waiting)
		}, r, err)
		list = append(list, found...)
		return err
	})
	return list, err
}
