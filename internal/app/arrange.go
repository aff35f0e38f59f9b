package app

import (
	"context"
	"errors"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Arrangement is an extension as its page has it: its fields and all its links,
// saved as one (S09, C of the walks).
type Arrangement struct {
	CustomerID  string
	ExtensionID string
	Version     int64                            // of the extension that was read, 0 = any
	Seen        []string                         // channels that it was linked with when it was read
	Channels    []string                         // channels that it shall be linked with
	TakeOver    bool                             // confirmed (D02)
	Confirmed   bool                             // what switching multi-login off ends (D08)
	DryRun      bool                             // say what would happen, change nothing
	Change      func(*telephony.Extension) error // of the fields
}

// errTried ends a transaction that only showed what would happen.
var errTried = errors.New("tried only")

// Arrange saves an extension's fields and links: all of it, or nothing. Beyond
// what Update, Link and Unlink refuse, links that somebody else has changed since
// they were read are a conflict (links_changed, D23).
func (x Extensions) Arrange(ctx context.Context, actor auth.Actor, a Arrangement) (v ExtensionView, done []Effect, err error) {
	run := func(tx *storage.Tx, c telephony.Customer) error {
		v, done, err = x.arrange(tx, actor, c, a)
		if err == nil && a.DryRun {
			return errTried
		}
		return err
	}
	if !a.DryRun {
		err = x.change(ctx, actor, auth.ScopeWrite, a.CustomerID, "update", "extension", a.ExtensionID, run)
		return v, done, err
	}
	err = x.db.Update(ctx, func(tx *storage.Tx) error {
		c, err := scoped(tx, actor, auth.ScopeWrite, a.CustomerID)
		if err != nil {
			return err
		}
		return run(tx, c)
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return v, done, err
}

func (x Extensions) arrange(tx *storage.Tx, actor auth.Actor, c telephony.Customer, a Arrangement) (v ExtensionView, done []Effect, err error) {
	s, err := tx.Seat(c.ID, a.ExtensionID)
	if err != nil {
		return v, nil, err
	}
	var linked, add, remove []string
	for _, l := range s.Links {
		linked = append(linked, l.ChannelID)
		if !slices.Contains(a.Channels, l.ChannelID) {
			remove = append(remove, l.ChannelID)
		}
	}
	for _, id := range a.Channels {
		if !slices.Contains(linked, id) && !slices.Contains(add, id) {
			add = append(add, id)
		}
	}
	if !sameSet(linked, a.Seen) {
		return v, nil, telephony.Conflictf("links_changed", "somebody else has linked or unlinked %s meanwhile; load it again", s.Extension.Name)
	}
	if len(add)+len(remove) > 0 && !(actor.Administrator() && actor.Can(auth.ScopeLink)) {
		return v, nil, administratorsOnly()
	}
	fields := func() error {
		var more []Effect
		// Not as a dry run: what follows is to find it done.
		v, more, err = x.update(tx, actor, c, a.ExtensionID, a.Version, a.Confirmed || a.DryRun, false, a.Change)
		done = append(done, more...)
		return err
	}
	unlink := func() error {
		for _, id := range remove {
			more, err := x.unlink(tx, actor, c.ID, id, false)
			if err != nil {
				return err
			}
			done = append(done, more...)
		}
		return nil
	}
	link := func() error {
		for _, id := range add {
			more, err := x.link(tx, actor, LinkRequest{CustomerID: c.ID, ChannelID: id, ExtensionID: a.ExtensionID, Side: telephony.FromExtension, TakeOver: a.TakeOver})
			if err != nil {
				return err
			}
			done = append(done, more...)
		}
		return nil
	}
	// A new link is judged by the links that stand (D12: unlink first). Multi-login
	// is switched off by what is left of them (D07).
	steps := []func() error{fields, link, unlink}
	e := s.Extension
	if err := a.Change(&e); err != nil {
		return v, nil, err
	}
	if s.Extension.MultiLogin && !e.MultiLogin {
		steps = []func() error{unlink, fields, link}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return v, nil, err
		}
	}
	now, err := tx.Extension(c.ID, a.ExtensionID)
	if err != nil {
		return v, nil, err
	}
	v, err = x.view(tx, now)
	return v, done, err
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
