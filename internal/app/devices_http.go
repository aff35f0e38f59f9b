package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// How long a device's HTTP user and password are: 60 and 100 bits. More than 20
// characters would be cut by some phones (Mitel).
const (
	httpUserLength     = 12
	httpPasswordLength = 20
)

// answersHTTP reports whether the driver writes HTTP credentials to its phones and
// they answer a challenge with them (P02).
func (k *core) answersHTTP(driver string) bool {
	d, err := k.drivers.Get(driver)
	return err == nil && len(d.Info().HTTPAuth) > 0
}

// httpLogin is what the device's own directory demands of it.
func (k *core) httpLogin(tx *storage.Tx, c telephony.CPE) (l telephony.HTTPLogin, err error) {
	if !k.answersHTTP(c.Driver) {
		return l, nil
	}
	h, err := tx.HTTPCredentials(c.CustomerID, c.ID)
	if err != nil || h.User == "" {
		return l, err
	}
	l.Demanded, l.User = h.Taken || h.PrevUser != "", h.User
	if l.Password, err = k.key.Open(h.Password, "http "+c.ID); err != nil {
		return l, err
	}
	if h.PrevUser != "" && tx.Now.Before(h.PrevUntil) {
		l.PrevUser = h.PrevUser
		l.PrevPassword, err = k.key.Open(h.PrevPassword, "http "+c.ID)
	}
	return l, err
}

// newHTTP gives the device new HTTP credentials. With keep, those that it has
// really taken lead it to the new ones for a while (P14); without, its directory
// demands none until it has taken these.
func (k *core) newHTTP(tx *storage.Tx, customerID, cpeID string, keep bool) error {
	old, err := tx.HTTPCredentials(customerID, cpeID)
	if err != nil {
		return err
	}
	h := storage.HTTPCredentials{
		User:     auth.NewPassword(httpUserLength).Reveal(),
		Password: k.key.Seal(auth.NewPassword(httpPasswordLength), "http "+cpeID),
	}
	switch {
	case keep && old.Taken:
		h.PrevUser, h.PrevPassword, h.PrevUntil = old.User, old.Password, tx.Now.Add(previousSecret)
	case keep:
		h.PrevUser, h.PrevPassword, h.PrevUntil = old.PrevUser, old.PrevPassword, old.PrevUntil
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(cpeID) })
	return tx.UpdateHTTPCredentials(customerID, cpeID, h)
}

// startOver has the device's directory demand no password until it has taken its
// files again: who proves itself anew may have been reset and lost it.
func (k *core) startOver(tx *storage.Tx, customerID, cpeID string) error {
	tx.AfterCommit(func() { k.ports.Devices.Changed(cpeID) })
	return tx.ForgetHTTP(customerID, cpeID)
}

// HTTPUsed notes that the device has used its newest HTTP credentials: those
// before them are void.
func (d Devices) HTTPUsed(_ context.Context, dev Device) {
	d.note(note{usedHTTP: &httpUse{dev.CustomerID, dev.ID, dev.HTTP.User}})
}

type httpUse struct{ customerID, cpeID, user string }

func (k *core) writeUsedHTTP(tx *storage.Tx, u httpUse) error {
	void, err := tx.UsedHTTP(u.customerID, u.cpeID, u.user)
	if void {
		tx.AfterCommit(func() { k.ports.Devices.Changed(u.cpeID) })
	}
	return err
}

// tookHTTP notes that a fetched chain bore the device's HTTP credentials.
func (k *core) tookHTTP(tx *storage.Tx, f storage.Fetch) error {
	if f.HTTPUser == "" {
		return nil
	}
	news, err := tx.TookHTTP(f.CustomerID, f.CPEID, f.HTTPUser)
	if news {
		tx.AfterCommit(func() { k.ports.Devices.Changed(f.CPEID) })
	}
	return err
}
