package drivers

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// mostOfAFile is far above what any phone is known to take, and below what a base
// with 250 handsets would need if something grew by the square.
const mostOfAFile = 128 << 10

// Every model, not only those that the scenarios are about: its files are rendered,
// small, and hold secrets where they belong and nowhere else.
func TestP06_EveryModelInEveryState(t *testing.T) {
	states := []string{"hotdesk_free", "linked", "tls_own_ca", "unused", "firmware", "keys_hotdesk", "hostile_newline", "long_labels"}
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, m := range drv.Info().Models {
			for _, s := range scenarios(c.vendor) {
				if !slices.Contains(states, s.name) {
					continue
				}
				d := s.desired
				d.Model = m.Name
				for _, kind := range drv.Info().Kinds {
					f, err := drv.Render(d, kind)
					switch {
					case telephony.CodeOf(err) == telephony.NotFound && kind != provision.KindConfig:
					case telephony.ReasonOf(err) == "transport_unsupported" && d.SIP.Transport != "udp":
					case err != nil:
						t.Errorf("%s %s %s: %v", m.Name, s.name, kind, err)
					default:
						where(t, m.Name+" "+s.name+" "+string(kind), f, d, kind)
					}
				}
			}
		}
	})
}

// where looks for the device's secrets in one of its files.
func where(t *testing.T, what string, f provision.File, d telephony.Desired, kind provision.FileKind) {
	t.Helper()
	if len(f.Body) > mostOfAFile {
		t.Errorf("%s has %d bytes", what, len(f.Body))
	}
	if strings.Contains(f.ContentType, "xml") {
		wellFormed(t, f.Body)
	}
	holds := func(s telephony.Secret) bool { return s != "" && bytes.Contains(f.Body, []byte(s.Reveal())) }
	if kind != provision.KindConfig {
		for _, s := range []telephony.Secret{d.Lines[0].Secret, d.AdminPassword, d.HTTPPassword, d.PagesURL} {
			if holds(s) {
				t.Errorf("%s holds a secret of the configuration", what)
			}
		}
		return
	}
	if used := d.Lines[0].State != telephony.LineUnused; used && !holds(d.Lines[0].Secret) {
		t.Errorf("%s has no account that could register", what)
	}
}
