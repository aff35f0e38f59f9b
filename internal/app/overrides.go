package app

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Overrides keeps parameters of vendors' files that are set by hand (P08). What
// is set for a device wins over its model's, that over its customer's, that over
// the installation's. The operator sets all of them, the administrators of a
// customer those of the customer and its devices.
type Overrides struct{ *core }

// mostOverrides is how many parameters may be set for one place.
const mostOverrides = 200

// mostOverrideText is the longest value, in bytes.
const mostOverrideText = 4096

// OverridePlace is for whom parameters are set: a device (its vendor and model are
// known), a customer's devices of a vendor, a vendor's model, or all of a vendor.
type OverridePlace struct {
	Vendor     string
	Model      string
	CustomerID string
	CPEID      string
}

// OverrideLevel says for whom a parameter is set.
type OverrideLevel string

// The levels, each winning over those before it.
const (
	LevelInstallation OverrideLevel = "installation"
	LevelCustomer     OverrideLevel = "customer"
	LevelModel        OverrideLevel = "model"
	LevelDevice       OverrideLevel = "device"
)

var levels = []OverrideLevel{LevelInstallation, LevelCustomer, LevelModel, LevelDevice}

// Level is the level of the place.
func (p OverridePlace) Level() OverrideLevel {
	switch {
	case p.CPEID != "":
		return LevelDevice
	case p.CustomerID != "":
		return LevelCustomer
	case p.Model != "":
		return LevelModel
	}
	return LevelInstallation
}

// OverrideView is one parameter that is set.
type OverrideView struct {
	Name   string
	Value  string // "" where it is a secret
	Secret bool
	Level  OverrideLevel
	// Void is why it has no effect (a stable reason: parameter_unknown,
	// parameter_locked, parameter_value), "" if it has one: after an upgrade the
	// vendor's catalogue may take it no more.
	Void  string
	SetAt time.Time
	SetBy string
}

// OverrideSheet is what is set for one place.
type OverrideSheet struct {
	Place   OverridePlace // with vendor and model of a device
	Version int64         // of Set
	Set     []OverrideView
	// Upon is what else counts there, from further out, without what Set replaces.
	Upon []OverrideView
}

// OverridePatch changes what is set for one place.
type OverridePatch struct {
	Set   map[string]string // "" is the vendor's empty value
	Clear []string          // names; what is not set is no error
}

// Get reads what is set for a place. Secrets are not in it.
func (o Overrides) Get(ctx context.Context, actor auth.Actor, p OverridePlace) (s OverrideSheet, err error) {
	read := func(tx *storage.Tx) error {
		at, drv, err := o.place(tx, p)
		if err == nil {
			s, err = o.sheet(tx, at, drv)
		}
		return err
	}
	if p.CustomerID != "" {
		err = o.look(ctx, actor, p.CustomerID, func(tx *storage.Tx, _ telephony.Customer) error { return read(tx) })
		return s, err
	}
	if err := installation(actor, auth.ScopeRead); err != nil {
		return s, err
	}
	return s, o.db.View(ctx, read)
}

// Change sets and clears parameters of one place: all of it, or nothing. It is
// refused when what is set there is no longer at version; 0 is any. Fields of
// errors are "set.<name>".
func (o Overrides) Change(ctx context.Context, actor auth.Actor, p OverridePlace, version int64, patch OverridePatch) (s OverrideSheet, err error) {
	write := func(tx *storage.Tx) error {
		s, err = o.patch(tx, actor, p, version, patch)
		return err
	}
	if p.CustomerID == "" {
		if err := installation(actor, auth.ScopeAdmin); err != nil {
			return s, err
		}
		return s, o.db.Update(ctx, write)
	}
	kind, id := "customer", p.CustomerID
	if p.CPEID != "" {
		kind, id = "cpe", p.CPEID
	}
	err = o.change(ctx, actor, auth.ScopeWrite, p.CustomerID, "override", kind, id, func(tx *storage.Tx, _ telephony.Customer) error { return write(tx) })
	return s, err
}

// place finds the driver, and completes the place of a device.
func (o Overrides) place(tx *storage.Tx, p OverridePlace) (storage.OverridePlace, provision.Driver, error) {
	at := storage.OverridePlace{CustomerID: p.CustomerID, CPEID: p.CPEID, Driver: p.Vendor}
	if p.CPEID != "" {
		c, err := tx.CPE(p.CustomerID, p.CPEID)
		if err != nil {
			return at, nil, err
		}
		at.Driver = c.Driver
	}
	drv, err := o.drivers.Get(at.Driver)
	if err != nil {
		return at, nil, telephony.NotFoundf("vendor")
	}
	if p.CustomerID == "" && p.Model != "" {
		m, known := drv.Info().Model(p.Model)
		if !known {
			return at, nil, telephony.NotFoundf("model")
		}
		at.Model = m.Name
	}
	return at, drv, nil
}

// modelOf is a device's model as overrides are kept for it, "" if it is not known.
func modelOf(drv provision.Driver, name string) string {
	if m, known := drv.Info().Model(name); known {
		return m.Name
	}
	return ""
}

// inForce lists what counts at a place, the innermost of each name, by name. What
// the vendor's catalogue does not take counts nowhere.
func (k *core) inForce(tx *storage.Tx, at storage.OverridePlace, drv provision.Driver) ([]storage.Override, error) {
	list, err := tx.OverridesUpon(at)
	if err != nil {
		return nil, err
	}
	best := map[string]storage.Override{}
	for _, x := range list {
		if _, _, void := k.judged(x, drv); void != "" {
			continue
		}
		if b, ok := best[x.Name]; !ok || levelOf(x.OverridePlace) > levelOf(b.OverridePlace) {
			best[x.Name] = x
		}
	}
	out := make([]storage.Override, 0, len(best))
	for _, name := range slices.Sorted(maps.Keys(best)) {
		out = append(out, best[name])
	}
	return out, nil
}

// judged opens a parameter and says why it has no effect, "" if it has one.
func (k *core) judged(x storage.Override, drv provision.Driver) (value string, secret bool, void string) {
	value, secret = x.Value, x.Sealed != nil
	if secret {
		plain, err := k.key.Open(x.Sealed, overrideLabel(x))
		if err != nil {
			return "", true, "parameter_value"
		}
		value = plain.Reveal()
	}
	cat, ok := drv.(provision.Catalogued)
	if !ok {
		return value, secret, "parameter_unknown"
	}
	if p, known := cat.Catalogue().Lookup(x.Name); known && p.Type == provision.Secret {
		secret = true // it may have been none before an upgrade
	}
	if err := cat.Catalogue().Overridable(x.Name, value); err != nil {
		return value, secret, telephony.ReasonOf(err)
	}
	return value, secret, ""
}

func levelOf(p storage.OverridePlace) int {
	return slices.Index(levels, OverridePlace{p.Driver, p.Model, p.CustomerID, p.CPEID}.Level())
}

func (o Overrides) sheet(tx *storage.Tx, at storage.OverridePlace, drv provision.Driver) (s OverrideSheet, err error) {
	s.Place = OverridePlace{at.Driver, at.Model, at.CustomerID, at.CPEID}
	rows, err := tx.Overrides(at)
	if err != nil {
		return s, err
	}
	s.Version, s.Set, s.Upon = overrideVersion(rows), []OverrideView{}, []OverrideView{}
	for _, x := range rows {
		s.Set = append(s.Set, o.view(x, drv))
	}
	if at.CPEID != "" {
		c, err := tx.CPE(at.CustomerID, at.CPEID)
		if err != nil {
			return s, err
		}
		at.Model = modelOf(drv, c.Model)
		s.Place.Model = at.Model
	}
	around, err := o.inForce(tx, at, drv)
	if err != nil {
		return s, err
	}
	for _, x := range around {
		if levels[levelOf(x.OverridePlace)] != s.Place.Level() {
			s.Upon = append(s.Upon, o.view(x, drv))
		}
	}
	return s, nil
}

func (o Overrides) view(x storage.Override, drv provision.Driver) OverrideView {
	v := OverrideView{Name: x.Name, Level: levels[levelOf(x.OverridePlace)], SetAt: x.SetAt, SetBy: x.SetBy}
	v.Value, v.Secret, v.Void = o.judged(x, drv)
	if v.Secret {
		v.Value = ""
	}
	return v
}

// overrideVersion changes with what is set. It is a number that every JSON reader
// can hold.
func overrideVersion(rows []storage.Override) int64 {
	h := sha256.New()
	for _, x := range rows {
		fmt.Fprintf(h, "%d:%s%d:%s%d:%s", len(x.Name), x.Name, len(x.Value), x.Value, len(x.Sealed), x.Sealed)
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil))>>12) | 1
}

// overrideLabel ties a sealed value to its place.
func overrideLabel(x storage.Override) string {
	return strings.Join([]string{"override", x.CustomerID, x.CPEID, x.Driver, x.Model, x.Name}, " ")
}
