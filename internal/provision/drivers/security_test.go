package drivers

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// stageOneKinds are all kinds, so that a driver cannot forget one here.
var stageOneKinds = []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindCommon, provision.KindTrust, provision.KindUpload, provision.KindRestart}

func TestP01_StageOneHoldsNoSecret(t *testing.T) {
	for _, drv := range under() {
		one, ok := drv.(provision.StageOne)
		if !ok {
			continue
		}
		for _, s := range scenarios(drv.Info().Vendor) {
			for _, ca := range []string{"", testCA} {
				for _, proven := range []bool{false, true} {
					b := provision.Bootstrap{MAC: s.desired.MAC, Model: s.desired.Model, RootCA: ca, StageURL: "https://prov.example.net/p/"}
					if proven {
						b.TokenURL = s.desired.BaseURL
					}
					led := false
					for _, kind := range stageOneKinds {
						f, err := one.RenderStageOne(b, kind)
						if err != nil {
							if telephony.CodeOf(err) != telephony.NotFound {
								t.Errorf("%s %s %s: %v", drv.Info().Vendor, s.name, kind, err)
							}
							continue
						}
						for _, secret := range provision.SecretsOf(s.desired) {
							isToken := strings.Contains(s.desired.BaseURL.Reveal(), secret.Reveal())
							found := bytes.Contains(f.Body, []byte(secret.Reveal()))
							if found && (!isToken || !proven) {
								t.Errorf("%s %s %s (proven %v) holds a secret:\n%s", drv.Info().Vendor, s.name, kind, proven, f.Body)
							}
							led = led || found && isToken
						}
						if strings.Contains(f.ContentType, "xml") {
							wellFormed(t, f.Body)
						}
					}
					if proven && !led {
						t.Errorf("%s %s: no stage-1 file leads to the device's own directory", drv.Info().Vendor, s.name)
					}
				}
			}
		}
	}
}

func TestP02_PlainHTTPIsAConstantPointer(t *testing.T) {
	const to = "https://prov.example.net/p/"
	for _, drv := range under() {
		one, ok := drv.(provision.StageOne)
		if !ok {
			continue
		}
		for _, kind := range stageOneKinds {
			f, err := one.PlainPointer(kind, to)
			if err != nil {
				continue
			}
			// Some phones want host and path apart.
			whole := bytes.Contains(f.Body, []byte(to)) || bytes.Contains(f.Body, []byte(" prov.example.net\n")) && bytes.Contains(f.Body, []byte("path: p\n"))
			if !whole || bytes.Contains(f.Body, []byte("http://")) {
				t.Errorf("%s %s:\n%s", drv.Info().Vendor, kind, f.Body)
			}
			if macs := provision.FindMACs(string(f.Body)); len(macs) > 0 {
				t.Errorf("%s %s names %v", drv.Info().Vendor, kind, macs)
			}
			if c, ok := drv.(provision.Catalogued); ok {
				settings, err := c.Parse(f)
				if err != nil || len(settings) == 0 {
					t.Errorf("%s %s: %v, %v", drv.Info().Vendor, kind, settings, err)
				}
				for name, want := range cases[drv.Info().Vendor].turn {
					if !slices.Contains(settings, provision.Setting{Name: name, Value: want}) {
						t.Errorf("%s %s waits for the phone's next start: no %s = %s in %v", drv.Info().Vendor, kind, name, want, settings)
					}
				}
			}
		}
	}
}

// structure is a file without its values: what foreign text must never change.
func structure(t *testing.T, drv provision.Driver, d telephony.Desired) []string {
	t.Helper()
	f, err := drv.Render(d, provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := drv.(provision.Catalogued).Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range settings {
		names = append(names, s.Name)
		if strings.ContainsAny(s.Value, "\r\n\x00\x1b") {
			t.Errorf("%s has control characters: %q", s.Name, s.Value)
		}
		if strings.HasSuffix(s.Name, "password") && strings.Contains(s.Value, "gestohlen") {
			t.Errorf("foreign text became %s", s.Name)
		}
	}
	return names
}

func TestP06_ForeignTextCannotAddASetting(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, state := range []telephony.LineState{telephony.LineHotdesk, telephony.LineLinked, telephony.LineFree, telephony.LineRefused} {
			good := desk(c.vendor, func(d *telephony.Desired) { login(d, state, "103", "Anna"); d.Hotdesking = true })
			good.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyWatch, Label: "Jan", Value: "102"}, {Kind: telephony.KeyDial, Label: "Taxi", Value: "1"}}
			good.Lines[0].Desk = "4711"
			want := structure(t, drv, good)
			for name, text := range hostile {
				bad := desk(c.vendor, func(d *telephony.Desired) {
					login(d, state, text, text)
					d.Hotdesking = true
					d.DeviceName, d.LoginCode, d.LogoutCode, d.Language, d.TimeZone, d.Person = text, text, text, text, text, text
					d.Emergency = []string{text}
					l := &d.Lines[0]
					l.Place, l.Language, l.Address, l.Desk, d.PickupCode = text, text, text, text, text
					l.Keys = []telephony.Key{{Kind: telephony.KeyWatch, Label: text, Value: text}, {Kind: telephony.KeyDial, Label: text, Value: text}}
					d.Model = good.Model
				})
				got := structure(t, drv, bad)
				// An unknown time zone leaves the zone's settings out.
				drop := func(n string) bool {
					return slices.ContainsFunc(c.zoned, func(z string) bool { return strings.HasPrefix(n, z) })
				}
				if !slices.Equal(slices.DeleteFunc(got, drop), slices.DeleteFunc(slices.Clone(want), drop)) {
					t.Errorf("%s in state %s changes the settings of the file", name, state)
				}
			}
		}
	})
}

// P02: a challenge is answered with credentials of the device's own, where the
// phones can; and P01: only in the device's own file.
func TestP02_HTTPCredentialsAreTheDevicesOwn(t *testing.T) {
	for _, drv := range under() {
		vendor, seen := drv.Info().Vendor, map[string]bool{}
		for _, kind := range drv.Info().Kinds {
			d := desk(vendor, func(*telephony.Desired) {})
			f, err := drv.Render(d, kind)
			if err != nil {
				continue
			}
			for _, text := range []string{d.HTTPUser, d.HTTPPassword.Reveal()} {
				seen[text] = seen[text] || bytes.Contains(f.Body, []byte(text))
			}
		}
		can := len(drv.Info().HTTPAuth) > 0
		for text, found := range seen {
			if found != can {
				t.Errorf("%s answers challenges: %v, and its files hold %s: %v", vendor, can, text, found)
			}
		}
	}
}

// P12: whoever can be told which firmware to take is told where it is, and
// otherwise no file names one.
func TestP12_FirmwareReachesTheFiles(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, s := range scenarios(c.vendor) {
			found := false
			for _, kind := range drv.Info().Kinds {
				if f, err := drv.Render(s.desired, kind); err == nil {
					found = found || bytes.Contains(f.Body, []byte(c.firmware))
				}
			}
			if want := drv.Info().Firmware && s.name == "firmware"; found != want {
				t.Errorf("%s names a firmware: %v, want %v", s.name, found, want)
			}
		}
	})
}

func TestP08_RedactedFilesHoldNoSecret(t *testing.T) {
	each(t, func(t *testing.T, _ provision.Driver, s scenario, file provision.File) {
		secrets := provision.SecretsOf(s.desired)
		masked := provision.Redact(file.Body, secrets...)
		for _, secret := range secrets {
			if bytes.Contains(masked, []byte(secret.Reveal())) {
				t.Errorf("%s still holds a secret", file.Name)
			}
		}
		if strings.Contains(file.ContentType, "xml") {
			wellFormed(t, masked)
		}
	})
}
