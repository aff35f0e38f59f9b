package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Watched is whom a subscription watches.
type Watched struct {
	CustomerID string
	Watcher    string // id of the extension that is logged in at the desk
	Party      telephony.Party
	Messages   telephony.Messages
}

// Watch says whom the device at a channel may watch: a number of its customer, or
// for messages who is logged in there. Nobody watches from a desk where nobody is
// logged in (C12).
func (c Calls) Watch(ctx context.Context, channelID, number string, messages bool) (w Watched, err error) {
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		d, err := tx.CallingDesk(channelID)
		if err != nil {
			return err
		}
		if err := telephony.DecideDial(d, telephony.CallExtension); err != nil {
			return err
		}
		if d.User == nil {
			return telephony.NotFoundf("extension")
		}
		customerID := d.Channel.CustomerID
		w = Watched{CustomerID: customerID, Watcher: d.User.ID}
		who := *d.User
		if messages {
			w.Messages, err = tx.Messages(customerID, who.ID)
		} else {
			who, err = tx.ExtensionByNumber(customerID, number)
		}
		w.Party = who.Party()
		return err
	})
	return w, err
}

// Subscriptions keeps who watches whom.
type Subscriptions struct{ *core }

// Load calls each for every subscription that was recorded.
func (s Subscriptions) Load(ctx context.Context, each func(storage.Subscription) error) error {
	return s.db.View(ctx, func(tx *storage.Tx) error { return tx.EachSubscription(each) })
}

// Save writes one batch of subscriptions, durable when it returns.
func (s Subscriptions) Save(ctx context.Context, batch []storage.Subscription) error {
	return s.db.Update(ctx, func(tx *storage.Tx) error { return tx.PutSubscriptions(batch) })
}

// Messages are how many messages wait for an extension.
func (x Extensions) Messages(ctx context.Context, actor auth.Actor, customerID, id string) (m telephony.Messages, err error) {
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		m, err = tx.Messages(customerID, id)
		return err
	})
	return m, err
}

// SetMessages takes over how many messages wait for an extension, and its phone
// shows it at once. The audit log is for what people do, not for each message.
func (x Extensions) SetMessages(ctx context.Context, actor auth.Actor, customerID, id string, m telephony.Messages) error {
	if err := m.Check(); err != nil {
		return err
	}
	return x.db.Update(ctx, func(tx *storage.Tx) error {
		if _, err := scoped(tx, actor, auth.ScopeWrite, customerID); err != nil {
			return err
		}
		if err := tx.SetMessages(customerID, id, m); err != nil {
			return err
		}
		tx.AfterCommit(func() { x.ports.Calls.MessagesChanged(id, m) })
		return nil
	})
}
