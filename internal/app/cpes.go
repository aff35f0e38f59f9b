package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// CPEs keeps the devices.
type CPEs struct{ *core }

// viewAs is what can be said of a device without asking further.
func (c CPEs) viewAs(x telephony.CPE, attached, registered bool) CPEView {
	v := CPEView{CPE: x, Registered: registered, Places: map[string]string{}}
	v.Fetches, v.Pushable = c.traits(&x)
	if d, err := c.drivers.Get(x.Driver); err == nil {
		v.Applied, v.DialUnregistered = d.Info().Evidence, d.Info().DialUnregistered
		n, told := d.(provision.Notifier)
		v.Restartable = told && n.Reboot() != ""
	}
	v.State = telephony.StateOfCPE(x, attached, registered, v.Fetches)
	return v
}

func (c CPEs) view(tx *storage.Tx, x telephony.CPE) (v CPEView, err error) {
	attached, registered, err := tx.ObservedCPE(x.CustomerID, x.ID)
	if err != nil {
		return v, err
	}
	v = c.viewAs(x, attached, registered)
	if v.Attachments, err = tx.Attachments(x.CustomerID, x.ID); err != nil {
		return v, err
	}
	for _, a := range v.Attachments {
		ch, err := tx.Channel(x.CustomerID, a.ChannelID)
		if err != nil {
			return v, err
		}
		v.Places[ch.ID] = ch.Name
	}
	v.RedirectService = c.settings.Redirects[x.Driver]
	entry, err := tx.Redirect(x.CustomerID, x.ID)
	if err == nil {
		v.Redirect = &entry.Redirect
	} else if telephony.CodeOf(err) != telephony.NotFound {
		return v, err
	}
	return v, nil
}

// Get reads one CPE.
func (c CPEs) Get(ctx context.Context, actor auth.Actor, customerID, id string) (v CPEView, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		v, err = c.view(tx, x)
		return err
	})
	return v, err
}

func (c CPEs) check(x *telephony.CPE) (err error) {
	if x.MAC != "" {
		if x.MAC, err = telephony.ParseMAC(string(x.MAC)); err != nil {
			return err
		}
	}
	d, err := c.drivers.Get(x.Driver)
	if err != nil {
		return err
	}
	info := d.Info()
	if len(info.OUIs) > 0 && x.MAC == "" {
		return telephony.Invalidf("mac", "mac_missing", "a device of %s is known by its MAC address", info.Name)
	}
	if x.Name == "" {
		x.Name = info.Name + " " + x.Model + " " + x.MAC.Colon()
	}
	if x.Name, err = telephony.Name("name", x.Name); err != nil {
		return err
	}
	model, known := info.Model(x.Model)
	if x.Model != "" && !known {
		return telephony.Invalidf("model", "model_unknown", "%s has no model %q", info.Name, x.Model)
	}
	if x.Ports == 0 {
		x.Ports = max(1, model.Ports)
	}
	if x.Ports < 1 || x.Ports > max(1, model.Ports) {
		return telephony.Invalidf("ports", "ports_range", "a %s %s has %d ports", info.Name, model.Name, max(1, model.Ports))
	}
	return nil
}

// Create adds a CPE with secrets of its own. It is not trusted yet (P03).
func (c CPEs) Create(ctx context.Context, actor auth.Actor, x telephony.CPE) (v CPEView, err error) {
	if err := c.check(&x); err != nil {
		return v, err
	}
	token, admin := auth.NewToken(""), auth.NewPassword(16)
	err = c.change(ctx, actor, auth.ScopeWrite, x.CustomerID, "create", "cpe", "", func(tx *storage.Tx, _ telephony.Customer) error {
		x.ID, x.Version, x.Trust = storage.NewID(tx.Now), 1, telephony.TrustNone
		s := storage.Sealed{TokenHash: auth.HashToken(token.Reveal()), Token: c.key.Seal(token, "token "+x.ID), Admin: c.key.Seal(admin, "admin "+x.ID)}
		if err := tx.InsertCPE(x, s); err != nil {
			return err
		}
		if err := c.refresh(tx, x.CustomerID, x.ID, false); err != nil {
			return err
		}
		c.tell(tx, x.CustomerID, "cpe", x.ID, "changed", "")
		if v, err = c.view(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "create", "cpe", x.ID, nil, x)
	})
	return v, err
}

// Update changes name, model or MAC of a CPE. A new MAC is another device: it
// must prove itself anew.
func (c CPEs) Update(ctx context.Context, actor auth.Actor, customerID, id string, version int64, f func(*telephony.CPE) error) (v CPEView, err error) {
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "update", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		before, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		x := before
		if err := f(&x); err != nil {
			return err
		}
		if err := c.check(&x); err != nil {
			return err
		}
		if x.Driver != before.Driver {
			return telephony.Invalidf("driver", "driver_fixed", "a device of another maker is another CPE: add it and attach it")
		}
		used, err := tx.Attachments(customerID, id)
		if err != nil {
			return err
		}
		for _, a := range used {
			if a.Port > x.Ports {
				return telephony.Conflictf("port_in_use", "port %d is connected with a channel", a.Port)
			}
		}
		x.Lost = before.Lost
		if err := tx.UpdateCPE(x); err != nil {
			return err
		}
		if x.MAC != before.MAC {
			distrust(&x)
			x.ArmedUntil, x.Certified = time.Time{}, false
			if err := c.newHTTP(tx, customerID, id, false); err != nil {
				return err
			}
			if err := tx.UpdateTrust(x); err != nil {
				return err
			}
			if err := c.rotateToken(tx, customerID, id, false); err != nil {
				return err
			}
		}
		if err := c.refresh(tx, customerID, id, false); err != nil {
			return err
		}
		c.tell(tx, customerID, "cpe", id, "changed", "")
		if x, err = tx.CPE(customerID, id); err != nil {
			return err
		}
		if v, err = c.view(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "update", "cpe", id, before, x)
	})
	return v, err
}

// Delete removes a CPE that is attached nowhere. It is refused when the CPE is no
// longer at version; 0 is any.
func (c CPEs) Delete(ctx context.Context, actor auth.Actor, customerID, id string, version int64) error {
	return c.change(ctx, actor, auth.ScopeWrite, customerID, "delete", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		before, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		used, err := tx.Attachments(customerID, id)
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return telephony.Conflictf("in_use", "%s is still connected with a channel", before.Name)
		}
		if err := tx.DeleteCPE(customerID, id); err != nil {
			return err
		}
		tx.AfterCommit(func() { c.ports.Devices.Changed(id) })
		c.tell(tx, customerID, "cpe", id, "deleted", "")
		return audit(tx, actor, customerID, "delete", "cpe", id, before, nil)
	})
}

// History lists what happened to a device, newest first.
func (c CPEs) History(ctx context.Context, actor auth.Actor, customerID, id string, q Query) (l List[HistoryEntry], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if _, err := tx.CPE(customerID, id); err != nil {
			return err
		}
		rows, err := tx.Histories(customerID, id, pg.Cursor.ID, pg.Limit)
		var items []HistoryEntry
		for _, h := range rows {
			items = append(items, HistoryEntry(h))
		}
		l = list(items, pg, func(h HistoryEntry) (string, string) { return "", h.ID })
		return err
	})
	return l, err
}

// checkSync is the Event that tells a driver's devices to fetch, if there is one.
func checkSync(d provision.Driver) (event string, ok bool) {
	n, ok := d.(provision.Notifier)
	if !ok {
		return "", false
	}
	return n.CheckSync(), true
}

// Resync has the device fetch its configuration again, whether or not it lacks
// anything.
func (c CPEs) Resync(ctx context.Context, actor auth.Actor, customerID, id string) error {
	return c.change(ctx, actor, auth.ScopePush, customerID, "resync", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := c.pushable(tx, customerID, id); err != nil {
			return err
		}
		if _, err := tx.PushNow(customerID, id, true); err != nil {
			return err
		}
		tx.AfterCommit(func() { c.ports.Wake() })
		return audit(tx, actor, customerID, "resync", "cpe", id, nil, nil)
	})
}

func (k *core) pushable(tx *storage.Tx, customerID, id string) error {
	x, err := tx.CPE(customerID, id)
	if err != nil {
		return err
	}
	if _, ok := k.traits(&x); !ok {
		return telephony.Conflictf("not_pushable", "%s cannot be told to fetch; restart it", x.Name)
	}
	quiet, err := tx.QuietUntil(customerID, id)
	if err == nil && !quiet.IsZero() {
		return telephony.Conflictf("emergency_call", "an emergency call came from %s, which may be called back: nothing is sent to it before %s",
			x.Name, quiet.Format(time.TimeOnly)).With("until", quiet)
	}
	return err
}

// Reboot restarts the device. It is another action than Resync (P09) and is sent
// at once, to a device that is registered.
func (c CPEs) Reboot(ctx context.Context, actor auth.Actor, customerID, id string) error {
	var p telephony.Push
	err := c.change(ctx, actor, auth.ScopePush, customerID, "reboot", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := c.pushable(tx, customerID, id); err != nil {
			return err
		}
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if p, err = c.push(tx, customerID, id); err != nil {
			return err
		}
		d, err := c.drivers.Get(x.Driver)
		if err != nil {
			return err
		}
		if p.Event = d.(provision.Notifier).Reboot(); p.Event == "" { // pushable said that it is one
			return telephony.Conflictf("not_pushable", "%s cannot be told to restart; it has to be done there", x.Name)
		}
		return audit(tx, actor, customerID, "reboot", "cpe", id, nil, nil)
	})
	if err != nil {
		return err
	}
	if r := c.ports.Registrar.Notify(ctx, p); r.Outcome != telephony.PushAnswered {
		return &telephony.Error{Code: telephony.Unavailable, Reason: "device_silent", Message: "the device did not take the order to restart: " + string(r.Outcome)}
	}
	return nil
}
