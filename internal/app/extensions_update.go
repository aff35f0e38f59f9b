package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Update changes an extension. Switching multi-login off may log somebody off,
// which needs confirmed (D08), or be refused (D07).
func (x Extensions) Update(ctx context.Context, actor auth.Actor, customerID, id string, version int64, confirmed, dryRun bool, f func(*telephony.Extension) error) (v ExtensionView, done []Effect, err error) {
	run := func(tx *storage.Tx, c telephony.Customer) error {
		v, done, err = x.update(tx, actor, c, id, version, confirmed, dryRun, f)
		return err
	}
	if dryRun {
		err = x.try(ctx, actor, auth.ScopeWrite, customerID, run)
		return v, done, err
	}
	err = x.change(ctx, actor, auth.ScopeWrite, customerID, "update", "extension", id, run)
	return v, done, err
}

// update is Update inside a transaction.
func (x Extensions) update(tx *storage.Tx, actor auth.Actor, c telephony.Customer, id string, version int64, confirmed, dryRun bool, f func(*telephony.Extension) error) (v ExtensionView, done []Effect, err error) {
	customerID := c.ID
	s, err := tx.Seat(customerID, id)
	if err != nil {
		return v, nil, err
	}
	before := s.Extension
	if err := versioned(version, before.Version); err != nil {
		return v, nil, err
	}
	if before.Keys, err = tx.Keys(customerID, id); err != nil {
		return v, nil, err
	}
	e := before
	e.Keys = slices.Clone(before.Keys)
	if err := f(&e); err != nil {
		return v, nil, err
	}
	if err := checkChange(tx, c, before, &e); err != nil {
		return v, nil, err
	}
	p, err := telephony.DecideMultiLogin(s, e.MultiLogin, confirmed || dryRun)
	if err != nil {
		return v, nil, err
	}
	if done, err = effects(tx, customerID, p, telephony.Desk{}); err != nil || dryRun {
		return ExtensionView{Extension: e, Links: s.Links, Logins: s.Logins}, done, err
	}
	if err := x.carry(tx, actor, customerID, id, p, false); err != nil {
		return v, nil, err
	}
	if err := x.write(tx, c, before, e); err != nil {
		return v, nil, err
	}
	e.Version++
	logins, err := tx.Logins(customerID, id)
	if err != nil {
		return v, nil, err
	}
	var at []string
	for _, l := range logins {
		at = append(at, l.ChannelID)
	}
	if err := x.touched(tx, customerID, at, false); err != nil {
		return v, nil, err
	}
	x.tell(tx, customerID, "extension", id, "changed", "")
	if v, err = x.view(tx, e); err != nil {
		return v, nil, err
	}
	return v, done, audit(tx, actor, customerID, "update", "extension", id, before, e)
}

// checkChange checks what an extension is to become. The only extension of a customer
// may take a number of another length.
func checkChange(tx *storage.Tx, c telephony.Customer, before telephony.Extension, e *telephony.Extension) error {
	digits := c.ExtensionDigits
	if len(e.Number) != digits {
		others, err := tx.CountExtensions(c.ID, e.ID)
		if err != nil {
			return err
		}
		if others == 0 {
			digits = 0
		}
	}
	if err := checkExtension(e, digits); err != nil {
		return err
	}
	if e.Number != before.Number && dialled(c, e.Number) {
		return telephony.Invalidf("number", "number_is_code", "%s is dialled for something else", e.Number)
	}
	if e.OutboundNumber != before.OutboundNumber {
		if err := outbound(tx, c.ID, e.OutboundNumber); err != nil {
			return err
		}
	}
	if slices.Equal(e.Keys, before.Keys) {
		return nil
	}
	var err error
	e.Keys, err = checkKeys(tx, c, e.Keys)
	return err
}

// write writes what an extension has become, and has the phones look again on which
// its number or name stands.
func (x Extensions) write(tx *storage.Tx, c telephony.Customer, before, e telephony.Extension) error {
	if len(e.Number) != c.ExtensionDigits {
		c.ExtensionDigits = len(e.Number)
		if err := tx.UpdateCustomer(c, false); err != nil {
			return err
		}
	}
	if err := tx.UpdateExtension(e); err != nil {
		return err
	}
	if !slices.Equal(e.Keys, before.Keys) {
		if err := tx.PutKeys(c.ID, e.ID, e.Keys); err != nil {
			return err
		}
	}
	if e.Number == before.Number && e.Name == before.Name {
		return nil
	}
	if err := tx.WatchersChanged(c.ID, e.ID); err != nil {
		return err
	}
	watching, err := tx.WatchingChannels(c.ID, e.ID, mostWatching+1)
	if err != nil {
		return err
	}
	return x.watchers(tx, c.ID, watching)
}
