package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Redirects keeps devices' entries at their makers' redirect services (P11). A
// request says what is wanted; whoever asks the services claims what is due and
// notes what it found.
type Redirects struct{ *core }

const (
	redirectLease = 5 * time.Minute    // longer than a few requests to a slow service
	redirectSpare = 7 * 24 * time.Hour // a first-access URL with less left is renewed
)

// Put wants an entry that leads the device to us, by a new first-access URL (P03
// b): an earlier one is void. serial is for services that ask for it, "" keeps what
// was said.
func (r Redirects) Put(ctx context.Context, actor auth.Actor, customerID, id, serial string) (v CPEView, err error) {
	return r.act(ctx, actor, customerID, id, "redirect", func(tx *storage.Tx, x telephony.CPE) error {
		service := r.settings.Redirects[x.Driver]
		switch {
		case service == "":
			return telephony.Conflictf("no_redirect_service", "there is no account at a redirect service for %s", x.Name)
		case x.MAC == "":
			return telephony.Conflictf("no_mac", "%s has no MAC address; give it its first-access URL", x.Name)
		case x.Lost:
			return telephony.Conflictf("device_lost", "%s is marked as lost", x.Name)
		}
		if len(serial) > 64 {
			return telephony.Invalidf("serial", "serial_long", "a serial number has at most 64 characters")
		}
		if old, err := tx.Redirect(customerID, id); err == nil && serial == "" {
			serial = old.Serial
		} else if err != nil && telephony.CodeOf(err) != telephony.NotFound {
			return err
		}
		w := storage.Redirect{CustomerID: customerID, CPEID: id, MAC: x.MAC}
		w.Service, w.Serial, w.Wanted = service, serial, true
		if err := r.issue(tx, &w); err != nil {
			return err
		}
		return tx.WantRedirect(w)
	})
}

// Remove wants that there be no entry of ours.
func (r Redirects) Remove(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return r.act(ctx, actor, customerID, id, "redirect_remove", func(tx *storage.Tx, _ telephony.CPE) error {
		w, err := tx.Redirect(customerID, id)
		if err != nil {
			return err
		}
		w.Wanted, w.URL, w.Hash = false, nil, ""
		return tx.WantRedirect(w)
	})
}

// Retry looks at the entry now instead of at its time.
func (r Redirects) Retry(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return r.act(ctx, actor, customerID, id, "redirect_retry", func(tx *storage.Tx, _ telephony.CPE) error {
		return tx.RetryRedirect(customerID, id)
	})
}

func (r Redirects) act(ctx context.Context, actor auth.Actor, customerID, id, action string, f func(*storage.Tx, telephony.CPE) error) (v CPEView, err error) {
	err = r.change(ctx, actor, auth.ScopeWrite, customerID, action, "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if err := f(tx, x); err != nil {
			return err
		}
		r.tell(tx, customerID, "cpe", id, action, "")
		tx.AfterCommit(r.ports.Redirects)
		if v, err = CPEs(r).view(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, customerID, action, "cpe", id, nil, nil)
	})
	return v, err
}

// issue makes a first-access URL for the entry, in place of any other.
func (k *core) issue(tx *storage.Tx, w *storage.Redirect) error {
	t := auth.NewToken("")
	w.Hash = auth.HashToken(t.Reveal())
	w.URL = k.key.Seal(telephony.Secret(k.settings.BaseURL+"/f/"+t.Reveal()+"/"), "redirect "+w.CustomerID+" "+string(w.MAC))
	if err := tx.UpdateFirstAccess(w.CustomerID, w.CPEID, storage.FirstAccess{Hash: w.Hash, Expires: tx.Now.Add(firstAccessLife)}); err != nil {
		return err
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(w.CPEID) })
	return nil
}

// redirectFollows makes the entry lead to the first-access URL that was just made:
// a device has one, and the one before is void.
func (k *core) redirectFollows(tx *storage.Tx, customerID, cpeID, hash string, url telephony.Secret) error {
	w, err := tx.Redirect(customerID, cpeID)
	if telephony.CodeOf(err) == telephony.NotFound || err == nil && !w.Wanted {
		return nil
	}
	if err != nil {
		return err
	}
	w.Hash, w.URL = hash, k.key.Seal(url, "redirect "+customerID+" "+string(w.MAC))
	tx.AfterCommit(k.ports.Redirects)
	return tx.WantRedirect(w)
}

// DueRedirect is an entry that may differ from what is wanted.
type DueRedirect struct {
	row  storage.Redirect
	Want bool
	URL  telephony.Secret // only where Want
}

// What a service knows the entry by.
func (d DueRedirect) CustomerID() string { return d.row.CustomerID }
func (d DueRedirect) MAC() telephony.MAC { return d.row.MAC }
func (d DueRedirect) Serial() string     { return d.row.Serial }
func (d DueRedirect) Service() string    { return d.row.Service }

// Claim takes entries that are due and decides for each what should be there now.
func (r Redirects) Claim(ctx context.Context, limit int) (due []DueRedirect, err error) {
	err = r.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		due = nil
		rows, err := tx.ClaimRedirects(limit, tx.Now.Add(redirectLease))
		if err != nil {
			return err
		}
		for _, w := range rows {
			d, ask, err := r.decide(tx, w)
			if err != nil {
				return err
			}
			if ask {
				due = append(due, d)
			}
		}
		return nil
	})
	return due, err
}

// decide reads from the facts what the entry should be; ask is false where no
// service needs to be asked.
func (r Redirects) decide(tx *storage.Tx, w storage.Redirect) (d DueRedirect, ask bool, err error) {
	x, err := tx.CPE(w.CustomerID, w.CPEID)
	gone := telephony.CodeOf(err) == telephony.NotFound
	if err != nil && !gone {
		return d, false, err
	}
	if gone || !w.Wanted || x.Lost || x.MAC != w.MAC {
		w.Wanted, w.URL, w.Hash = false, nil, ""
		if err := tx.UpdateRedirectURL(w); err != nil {
			return d, false, err
		}
		// All customers have one account at the service.
		shared, err := tx.RedirectShared(w.CustomerID, w.MAC)
		if err == nil && shared {
			err = r.done(tx, w, telephony.RedirectRemoved, "")
		}
		return DueRedirect{row: w}, !shared, err
	}
	rival, err := tx.RedirectRival(w.CustomerID, w.CPEID, w.MAC)
	if err != nil {
		return d, false, err
	}
	if rival {
		return d, false, r.done(tx, w, telephony.RedirectOwned, "")
	}
	if w.Hash != "" {
		f, err := tx.FirstAccess(w.CustomerID, w.CPEID)
		if err != nil {
			return d, false, err
		}
		switch {
		case f.Hash != w.Hash: // used, or void
			w.URL, w.Hash = nil, ""
			err = tx.UpdateRedirectURL(w)
		case f.Addr == "" && f.Expires.Sub(tx.Now) < redirectSpare: // still in its box
			if err = r.issue(tx, &w); err == nil {
				err = tx.UpdateRedirectURL(w)
			}
		}
		if err != nil {
			return d, false, err
		}
	}
	d = DueRedirect{row: w, Want: true, URL: telephony.Secret(r.settings.BaseURL + "/")}
	if w.Hash != "" {
		d.URL, err = r.key.Open(w.URL, "redirect "+w.CustomerID+" "+string(w.MAC))
	}
	return d, err == nil, err
}

// Done notes how the entry was found, or made to be.
func (r Redirects) Done(ctx context.Context, d DueRedirect, s telephony.RedirectState, detail string) error {
	return r.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error { return r.done(tx, d.row, s, detail) })
}

func (r Redirects) done(tx *storage.Tx, w storage.Redirect, s telephony.RedirectState, detail string) error {
	changed, err := tx.RedirectDone(w, s, detail, tx.Now.Add(telephony.RedirectWait(s, w.Tries)))
	if err != nil || !changed {
		return err
	}
	x, err := tx.CPE(w.CustomerID, w.CPEID)
	if telephony.CodeOf(err) == telephony.NotFound {
		return nil // it was given free because it is gone
	}
	if err != nil {
		return err
	}
	r.tell(tx, w.CustomerID, "cpe", x.ID, "redirect", string(s))
	return tx.InsertHistory(w.CustomerID, x.ID, storage.History{Kind: "redirect", Detail: w.Service + ": " + string(s)})
}

// Stale makes entries due that no longer fit their device. All entries are read for
// that, so nobody is kept from writing meanwhile.
func (r Redirects) Stale(ctx context.Context) error {
	const most = 100
	for {
		var stale [][2]string
		err := r.db.View(ctx, func(tx *storage.Tx) (err error) { stale, err = tx.StaleRedirects(most); return err })
		if err != nil || len(stale) == 0 {
			return err
		}
		err = r.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
			for _, x := range stale {
				if err := tx.RetryRedirect(x[0], x[1]); err != nil && telephony.CodeOf(err) != telephony.NotFound { // removed meanwhile
					return err
				}
			}
			tx.AfterCommit(r.ports.Redirects)
			return nil
		})
		if err != nil || len(stale) < most {
			return err
		}
	}
}

// explainRedirect adds to the trust step what the entry has to do with it.
func (k *core) explainRedirect(tx *storage.Tx, customerID, cpeID string, steps []telephony.Step) error {
	for i, s := range steps {
		if s.Name != "trust" || s.Done {
			continue
		}
		w, err := tx.Redirect(customerID, cpeID)
		if telephony.CodeOf(err) == telephony.NotFound || err == nil && !w.Wanted {
			return nil
		}
		if err != nil {
			return err
		}
		detail, advice := w.Step()
		steps[i].Detail += "; " + detail
		if advice != "" {
			steps[i].Advice = advice
		}
	}
	return nil
}
