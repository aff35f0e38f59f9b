package app_test

import (
	"bytes"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// acme is a vendor whose catalogue a test chooses.
type acme struct {
	version string
	cat     *provision.Catalogue
}

func (a acme) Info() provision.Info {
	return provision.Info{Vendor: "acme", Name: "Acme", Version: a.version, Models: []provision.Model{{Name: "A1", Ports: 1, Lines: 1}, {Name: "A2", Ports: 1, Lines: 1}},
		Chain: []provision.FileKind{provision.KindConfig}, Kinds: []provision.FileKind{provision.KindConfig}, Transports: []string{"udp"}}
}

func (acme) Match(provision.Request) (m provision.Match, ok bool) { return m, false }

func (a acme) Catalogue() *provision.Catalogue { return a.cat }

func (a acme) Render(d telephony.Desired, kind provision.FileKind) (f provision.File, err error) {
	if kind != provision.KindConfig {
		return f, provision.NoFile(kind)
	}
	s := a.cat.Sheet(1)
	s.Set("admin", d.AdminPassword)
	s.Override(d.Overrides)
	list, err := s.Settings()
	for _, x := range list {
		f.Body = append(f.Body, x.Name+"="+x.Value+"\n"...)
	}
	f.Name = "acme.cfg"
	return f, err
}

func (a acme) Parse(f provision.File) (list []provision.Setting, err error) {
	for line := range strings.Lines(string(f.Body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		list = append(list, provision.Setting{Name: name, Value: value})
	}
	return list, nil
}

func acmeParams(more ...provision.Param) []provision.Param {
	return append([]provision.Param{
		{Name: "admin", Type: provision.Secret},
		{Name: "volume", Type: provision.Int, Max: 9, Open: true},
		{Name: "ldap.password", Type: provision.Secret, Open: true},
		{Name: "line.#.codec", Type: provision.Enum, Allowed: []string{"pcma", "g722"}, Open: true, Since: "2"},
	}, more...)
}

// runs has the installation started anew with this acme.
func (h *house) runs(a acme) {
	h.Helper()
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	h.ok(err)
	h.app, _, err = app.Open(bg, app.Config{DB: h.db, Key: key, Drivers: provision.NewRegistry(append(drivers.All().Drivers(), a)...), Now: h.clock, Settings: app.Settings{
		Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp",
		SIP: map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
	}})
	h.ok(err)
	h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip})
}

func (h *house) override(p app.OverridePlace, name, value string) {
	h.Helper()
	_, err := h.app.Overrides.Change(bg, h.admin, p, 0, app.OverridePatch{Set: map[string]string{name: value}})
	h.ok(err)
	h.sweep()
}

func (h *house) file(x telephony.CPE) string {
	h.Helper()
	l, err := h.app.CPEs.Preview(bg, h.admin, h.cust.ID, x.ID, "config", false)
	h.ok(err)
	return l[0].Body
}

func (h *house) has(x telephony.CPE, line string) {
	h.Helper()
	if f := h.file(x); !strings.Contains(f, line+"\n") {
		h.Fatalf("%q does not have %q", f, line)
	}
}

func (h *house) acmes() (a1, a2, elsewhere telephony.CPE) {
	h.Helper()
	h.runs(acme{"1", provision.NewCatalogue("on", "off", "-", acmeParams()...)})
	a1 = h.device(telephony.CPE{Driver: "acme", Model: "A1", MAC: "001565000001", Name: "Eins"})
	a2 = h.device(telephony.CPE{Driver: "acme", Model: "A2", MAC: "001565000002", Name: "Zwei"})
	own := h.cust
	h.cust = h.customer("2000")
	elsewhere = h.device(telephony.CPE{Driver: "acme", Model: "A1", MAC: "001565000003", Name: "Drei"})
	h.cust = own
	return a1, a2, elsewhere
}

func TestP08_OverridesCountInTheirOrder(t *testing.T) {
	both(t, func(h *house) {
		a1, a2, _ := h.acmes()
		yealink := h.cpe("805ec0000001")
		all := app.OverridePlace{Vendor: "acme"}
		mine := app.OverridePlace{Vendor: "acme", CustomerID: h.cust.ID}
		model := app.OverridePlace{Vendor: "acme", Model: "a1"}
		one := app.OverridePlace{CustomerID: h.cust.ID, CPEID: a1.ID}
		before := h.wants(yealink)
		h.override(one, "volume", "4")
		h.has(a1, "volume=4")
		h.override(all, "volume", "1")
		h.has(a1, "volume=4")
		h.has(a2, "volume=1")
		h.override(mine, "volume", "2")
		h.has(a2, "volume=2")
		h.override(model, "volume", "3")
		h.has(a2, "volume=2") // another model
		_, err := h.app.Overrides.Change(bg, h.admin, one, 0, app.OverridePatch{Clear: []string{"volume"}})
		h.ok(err)
		h.has(a1, "volume=3")
		s, err := h.app.Overrides.Get(bg, h.admin, one)
		h.ok(err)
		if len(s.Set) != 0 || len(s.Upon) != 1 || s.Upon[0].Level != app.LevelModel || s.Upon[0].Value != "3" || s.Place.Model != "A1" {
			t.Errorf("%+v", s)
		}
		if h.wants(yealink) != before {
			t.Error("a phone of another vendor was told")
		}
		params, err := h.app.Overrides.Parameters(bg, h.admin, one, "")
		h.ok(err)
		if len(params) != 3 || params[0].Name != "volume" || params[0].Values[0].Level != app.LevelModel {
			t.Errorf("%+v", params)
		}
	})
}

func TestP08_OnlyTheDevicesThatDifferAreTold(t *testing.T) {
	both(t, func(h *house) {
		a1, a2, foreign := h.acmes()
		other := func() string {
			v, err := h.app.CPEs.Get(bg, h.admin, foreign.CustomerID, foreign.ID)
			h.ok(err)
			return v.CPE.Wanted
		}
		h.sweep()
		told := func(p app.OverridePlace, name, value string, wants ...bool) {
			t.Helper()
			was := []string{h.wants(a1), h.wants(a2), other()}
			h.override(p, name, value)
			for n, now := range []string{h.wants(a1), h.wants(a2), other()} {
				if (now != was[n]) != wants[n] {
					t.Errorf("%+v %s: device %d, told %v", p, value, n, now != was[n])
				}
			}
		}
		told(app.OverridePlace{CustomerID: h.cust.ID, CPEID: a1.ID}, "volume", "4", true, false, false)
		told(app.OverridePlace{CustomerID: h.cust.ID, CPEID: a1.ID}, "volume", "4", false, false, false)
		told(app.OverridePlace{Vendor: "acme", CustomerID: h.cust.ID}, "volume", "5", false, true, false)
		told(app.OverridePlace{Vendor: "acme", Model: "A1"}, "volume", "6", false, false, true)
		told(app.OverridePlace{Vendor: "acme"}, "line.1.codec", "g722", true, true, true)
	})
}

func TestP08_AnOverrideThatCannotBeIsRefusedAtItsField(t *testing.T) {
	both(t, func(h *house) {
		a1, _, _ := h.acmes()
		one := app.OverridePlace{CustomerID: h.cust.ID, CPEID: a1.ID}
		for name, c := range map[string]struct{ value, reason string }{
			"nonsense":     {"1", "parameter_unknown"},
			"admin":        {"geheim", "parameter_locked"},
			"volume":       {"10", "parameter_value"},
			"line.x.codec": {"pcma", "parameter_unknown"},
			"line.1.codec": {"opus", "parameter_value"},
		} {
			_, err := h.app.Overrides.Change(bg, h.admin, one, 0, app.OverridePatch{Set: map[string]string{name: c.value, "ldap.password": "x"}})
			h.refused(err, telephony.Invalid, c.reason)
			h.says(err, "set."+name)
		}
		s, err := h.app.Overrides.Get(bg, h.admin, one)
		h.ok(err)
		if len(s.Set) != 0 {
			t.Errorf("half of it was kept: %+v", s)
		}
		_, err = h.app.Overrides.Change(bg, h.admin, one, s.Version, app.OverridePatch{Set: map[string]string{"volume": "1"}})
		h.ok(err)
		_, err = h.app.Overrides.Change(bg, h.admin, one, s.Version, app.OverridePatch{Set: map[string]string{"volume": "2"}})
		h.refused(err, telephony.Conflict, "version_changed")
		_, err = h.app.Overrides.Get(bg, h.admin, app.OverridePlace{Vendor: "none"})
		h.refused(err, telephony.NotFound, "")
		_, err = h.app.Overrides.Get(bg, h.admin, app.OverridePlace{Vendor: "acme", Model: "A3"})
		h.refused(err, telephony.NotFound, "")
		_, err = h.app.Overrides.Change(bg, h.admin, app.OverridePlace{Vendor: "generic", CustomerID: h.cust.ID}, 0, app.OverridePatch{Set: map[string]string{"volume": "2"}})
		h.refused(err, telephony.Conflict, "vendor_takes_nothing")
	})
}

func TestP08_ASecretOverrideIsSealedAndMasked(t *testing.T) {
	both(t, func(h *house) {
		a1, _, _ := h.acmes()
		const secret = "blaue Katze"
		for _, p := range []app.OverridePlace{{Vendor: "acme", CustomerID: h.cust.ID}, {CustomerID: h.cust.ID, CPEID: a1.ID}, {Vendor: "acme"}, {Vendor: "acme", Model: "A1"}} {
			h.pass(1000)
			h.override(p, "ldap.password", strings.ReplaceAll(secret, " ", "-"))
			s, err := h.app.Overrides.Get(bg, h.admin, p)
			h.ok(err)
			h.ok(h.db.View(bg, func(tx *storage.Tx) error {
				rows, err := tx.Overrides(storage.OverridePlace{CustomerID: p.CustomerID, CPEID: p.CPEID, Driver: "acme", Model: p.Model})
				if len(rows) != 1 || rows[0].Value != "" || len(rows[0].Sealed) == 0 || bytes.Contains(rows[0].Sealed, []byte("Katze")) {
					t.Errorf("kept: %+v", rows)
				}
				return err
			}))
			if len(s.Set) != 1 || !s.Set[0].Secret || s.Set[0].Value != "" || s.Set[0].Void != "" {
				t.Errorf("%+v", s)
			}
		}
		if f := h.file(a1); strings.Contains(f, "Katze") || !strings.Contains(f, "ldap.password=") {
			t.Errorf("the preview shows it: %s", f)
		}
		l, err := h.app.CPEs.Preview(bg, h.admin, h.cust.ID, a1.ID, "config", true)
		h.ok(err)
		if !strings.Contains(l[0].Body, "ldap.password=blaue-Katze\n") {
			t.Errorf("the phone does not get it: %s", l[0].Body)
		}
		h.takes(a1)
		for _, id := range []string{h.cust.ID, ""} {
			log, err := h.app.Audit.List(bg, h.admin, id, app.AuditQuery{Action: "override"})
			h.ok(err)
			if len(log.Items) != 2 {
				t.Errorf("%d entries", len(log.Items))
			}
			for _, e := range log.Items {
				if strings.Contains(e.Before+e.After, "Katze") || !strings.Contains(e.After, "ldap.password") {
					t.Errorf("%s %s", e.Before, e.After)
				}
			}
		}
		dump, err := h.app.CPEs.Diff(bg, h.admin, h.cust.ID, a1.ID)
		h.ok(err)
		for _, f := range dump {
			for _, x := range f.Lines {
				if strings.Contains(x.Text, "Katze") {
					t.Error("the diff shows it")
				}
			}
		}
	})
}

// An upgrade whose catalogue takes an override no more breaks nothing: it stands
// there without effect, with the reason, and what is further out counts again.
func TestP08_OverridesOutliveAnUpgrade(t *testing.T) {
	both(t, func(h *house) {
		a1, _, _ := h.acmes()
		one := app.OverridePlace{CustomerID: h.cust.ID, CPEID: a1.ID}
		h.override(app.OverridePlace{Vendor: "acme"}, "volume", "3")
		h.override(one, "volume", "9")
		h.override(one, "line.1.codec", "g722")
		h.override(one, "ldap.password", "geheim")
		h.takes(a1)
		h.runs(acme{"2", provision.NewCatalogue("on", "off", "-",
			provision.Param{Name: "admin", Type: provision.Secret},
			provision.Param{Name: "volume", Type: provision.Int, Max: 5, Open: true},
			provision.Param{Name: "ldap.password", Type: provision.Secret})})
		h.sweep()
		s, err := h.app.Overrides.Get(bg, h.admin, one)
		h.ok(err)
		void := map[string]string{}
		for _, x := range s.Set {
			void[x.Name] = x.Void
		}
		if len(s.Set) != 3 || void["volume"] != "parameter_value" || void["line.1.codec"] != "parameter_unknown" || void["ldap.password"] != "parameter_locked" {
			t.Errorf("%+v", s.Set)
		}
		if len(s.Upon) != 1 || s.Upon[0].Value != "3" {
			t.Errorf("%+v", s.Upon)
		}
		h.has(a1, "volume=3")
		if got := changed(h.diff(a1)); got != "-volume=9\n-line.1.codec=g722\n-ldap.password=***\n+volume=3\n" && !strings.Contains(got, "-volume=9\n") {
			t.Errorf("%s", got)
		}
		h.ok(h.app.CPEs.Delete(bg, h.admin, h.cust.ID, a1.ID, 0)) // and its overrides with it
	})
}

// The operator sets what reaches several customers, a customer's administrators
// what is theirs, support reads (X02).
func TestX02_WhoMaySetOverridesWhere(t *testing.T) {
	both(t, func(h *house) {
		a1, _, foreign := h.acmes()
		house := []app.OverridePlace{{Vendor: "acme"}, {Vendor: "acme", Model: "A1"}}
		own := []app.OverridePlace{{Vendor: "acme", CustomerID: h.cust.ID}, {CustomerID: h.cust.ID, CPEID: a1.ID}}
		theirs := []app.OverridePlace{{Vendor: "acme", CustomerID: foreign.CustomerID}, {CustomerID: foreign.CustomerID, CPEID: foreign.ID}, {CustomerID: h.cust.ID, CPEID: foreign.ID}}
		as := func(r auth.Role) auth.Actor {
			return auth.Actor{Kind: "token", ID: "x", Role: r, CustomerID: h.cust.ID, Scopes: auth.Scopes}
		}
		for _, c := range []struct {
			who         auth.Actor
			at          []app.OverridePlace
			read, write telephony.Code
		}{
			{h.admin, house, "", ""}, {h.admin, own, "", ""}, {h.admin, theirs[2:], telephony.NotFound, telephony.NotFound},
			{h.support(), house, "", telephony.Forbidden}, {h.support(), own, "", telephony.Forbidden},
			{as(auth.CustomerAdmin), house, telephony.NotFound, telephony.NotFound}, {as(auth.CustomerAdmin), own, "", ""}, {as(auth.CustomerAdmin), theirs, telephony.NotFound, telephony.NotFound},
			{as(auth.PartnerAdmin), house, telephony.NotFound, telephony.NotFound}, {as(auth.PartnerAdmin), own, telephony.NotFound, telephony.NotFound},
			{as(auth.User), own, telephony.Forbidden, telephony.Forbidden},
		} {
			for _, p := range c.at {
				_, readErr := h.app.Overrides.Get(bg, c.who, p)
				_, writeErr := h.app.Overrides.Change(bg, c.who, p, 0, app.OverridePatch{Set: map[string]string{"volume": "1"}})
				for what, x := range map[string]struct {
					err  error
					want telephony.Code
				}{"reads": {readErr, c.read}, "writes": {writeErr, c.write}} {
					if (x.err == nil) != (x.want == "") || x.err != nil && telephony.CodeOf(x.err) != x.want {
						t.Errorf("%s %s %+v: %v, want %q", c.who.Role, what, p, x.err, x.want)
					}
				}
			}
		}
	})
}

// Whoever may set a device's parameters must not be able to have it send what it
// knows somewhere else.
func TestP08_WhereAPhoneSendsItsLogIsTheOperators(t *testing.T) {
	both(t, func(h *house) {
		d := h.cpe("805ec0a0b0c2")
		place := app.OverridePlace{CustomerID: h.cust.ID, CPEID: d.ID}
		set := app.OverridePatch{Set: map[string]string{"static.syslog.server": "203.0.113.7"}}
		customer := auth.Actor{Kind: "user", Name: "Kunde", Role: auth.CustomerAdmin, CustomerID: h.cust.ID, Scopes: auth.Scopes}
		_, err := h.app.Overrides.Change(bg, customer, place, 0, set)
		if telephony.ReasonOf(err) != "parameter_operator" {
			h.Errorf("a customer's administrator: %v", err)
		}
		_, err = h.app.Overrides.Change(bg, customer, place, 0, app.OverridePatch{Set: map[string]string{"static.syslog.level": "3"}})
		h.ok(err)
		_, err = h.app.Overrides.Change(bg, h.admin, place, 0, set)
		h.ok(err)
	})
}
