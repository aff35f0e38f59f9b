package drivers

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// sample is a value that a parameter takes.
func sample(c *provision.Catalogue, p provision.Param) string {
	switch p.Type {
	case provision.Bool:
		return c.On
	case provision.Int:
		return strconv.Itoa(p.Max)
	case provision.Enum:
		return p.Allowed[len(p.Allowed)-1]
	case provision.URL:
		return "https://override.example.net/x"
	case provision.PEM:
		return "QUJD"
	}
	if p.Max > 0 {
		return provision.Clip("Override1", p.Max)
	}
	return "Override1"
}

func TestP08_OverridesReachTheFile(t *testing.T) {
	for _, drv := range under() {
		cat, ok := drv.(provision.Catalogued)
		if !ok || !drv.Info().Fetches() {
			continue
		}
		c, open := cat.Catalogue(), 0
		want := settingsOf(t, drv, desk(drv.Info().Vendor, func(*telephony.Desired) {}))
		for _, p := range c.Params() {
			name := strings.ReplaceAll(p.Name, "#", "1")
			value := sample(c, p)
			d := desk(drv.Info().Vendor, func(d *telephony.Desired) {
				d.Overrides = []telephony.Override{{Name: name, Value: value}}
			})
			err := c.Overridable(name, value)
			if (err == nil) != p.Open {
				t.Errorf("%s %s: open %v, %v", drv.Info().Vendor, name, p.Open, err)
			}
			got := settingsOf(t, drv, d)
			if p.Open {
				open++
				if got[name] != value {
					t.Errorf("%s: overriding %s gives %q", drv.Info().Vendor, name, got[name])
				}
			} else if got[name] != want[name] {
				t.Errorf("%s: %s is Tischlein's own and became %q", drv.Info().Vendor, name, got[name])
			}
		}
		if open == 0 {
			t.Errorf("%s: nothing can be overridden", drv.Info().Vendor)
		}
	}
}

func TestP08_CredentialsAreNeverOpen(t *testing.T) {
	for _, drv := range under() {
		cat, ok := drv.(provision.Catalogued)
		if !ok {
			continue
		}
		d := desk(drv.Info().Vendor, func(*telephony.Desired) {})
		for name, v := range settingsOf(t, drv, d) {
			p, _ := cat.Catalogue().Lookup(name)
			if !p.Open {
				continue
			}
			if slices.ContainsFunc(provision.SecretsOf(d), func(s telephony.Secret) bool { return strings.Contains(v, s.Reveal()) }) {
				t.Errorf("%s: %s holds a credential and can be overridden", drv.Info().Vendor, name)
			}
		}
	}
}
