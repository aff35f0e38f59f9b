package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Furnishing is a channel as its page has it: its fields and who is to be linked,
// saved as one (S09, A of the walks).
type Furnishing struct {
	CustomerID  string
	ChannelID   string
	Version     int64                          // of the channel that was read, 0 = any; counts only where fields change
	Change      func(*telephony.Channel) error // of the fields
	ExtensionID string                         // to be linked; "" or who is linked already: the link stays as it is
}

// Arrange saves a channel's fields and makes its link: both, or nothing (D23). It
// is refused for what Update and Link are refused for.
func (c Channels) Arrange(ctx context.Context, actor auth.Actor, a Furnishing) (v ChannelView, done []Effect, err error) {
	action := "update" // what a refusal is logged as
	err = c.db.Update(ctx, func(tx *storage.Tx) error {
		action, done = "update", nil
		if _, err := scoped(tx, actor, auth.ScopeWrite, a.CustomerID); err != nil {
			return err
		}
		before, err := c.desk(tx, a.CustomerID, a.ChannelID)
		if err != nil {
			return err
		}
		// The link first: what it is refused for names the channel as it is called now.
		if a.ExtensionID != "" && (before.Link == nil || before.Link.ExtensionID != a.ExtensionID) {
			action = "link"
			if !actor.Administrator() || !actor.Can(auth.ScopeLink) {
				return administratorsOnly()
			}
			done, err = c.link(tx, actor, LinkRequest{CustomerID: a.CustomerID, ChannelID: a.ChannelID, ExtensionID: a.ExtensionID, Side: telephony.FromChannel})
			if err != nil {
				return err
			}
			action = "update"
		}
		x := before.Channel
		if err := a.Change(&x); err != nil {
			return err
		}
		if x != before.Channel {
			v, err = c.update(tx, actor, a.CustomerID, a.ChannelID, a.Version, a.Change)
			return err
		}
		now, err := c.desk(tx, a.CustomerID, a.ChannelID)
		if err != nil {
			return err
		}
		v, err = c.viewIn(tx, now)
		return err
	})
	if err != nil {
		c.auditRefused(ctx, actor, a.CustomerID, action, "channel", a.ChannelID, err)
	}
	return v, done, err
}
