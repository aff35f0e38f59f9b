package drivers

// This file is the whole of one more vendor, driver and case: it proves that a
// driver is one file (and its goldens), with no edit anywhere else. All other tests
// run over it too.

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

type acme struct{}

func init() {
	register(acme{})
	registerCase(vendorCase{
		vendor: "acme", model: "A1", mac: "02ac3e123456", shortest: 48,
		sits: func(m map[string]string) sitting { return sitting{m["screen"], m["name"], m["user"]} },
		shows: func(m map[string]string, _ telephony.Desired) told {
			if m["active"] != "yes" {
				return told{}
			}
			return told{labels: map[int]string{1: m["screen"]}, text: []string{m["screen"]}}
		},
		dialled:  []dialled{{"A1", "screen", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked:   map[string]string{"buttons": "no"},
		requests: []request{{agent: "02ac3e123456 Acme/1.0", path: "/whatever", mac: "02ac3e123456", model: "A1", fw: "1.0", kind: provision.KindConfig}},
	})
}

func (acme) Info() provision.Info {
	return provision.Info{
		Vendor: "acme", Name: "Acme", Version: "acme/1",
		Models: []provision.Model{{Name: "A1", Ports: 1, Lines: 1}}, OUIs: []string{"02ac3e"},
		Chain: []provision.FileKind{provision.KindConfig}, Kinds: []provision.FileKind{provision.KindConfig},
		Evidence: provision.EvidenceNone, Transports: []string{"udp"},
		Traces: []provision.Trace{{What: "call log", How: "it has none"}, {What: "do not disturb", How: "it has none"}, {What: "contacts", How: "it has none"}},
		Ways:   []provision.Way{{What: "buttons", Closed: true, How: "it has none"}, {What: "factory reset", How: "a hammer"}},
	}
}

func (acme) Match(r provision.Request) (provision.Match, bool) {
	_, fw, ok := strings.Cut(r.UserAgent, "Acme/")
	return provision.Match{Kind: provision.KindConfig, Model: "A1", Firmware: fw, Sure: true}, ok || strings.HasSuffix(r.Path, ".acme")
}

func acmeScreen(f provision.Face) string { return f.WithHint(f.Label, 48) }

func (a acme) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(a.Info(), d, model, provision.PlainBody)
	for n, l := range s.Lines {
		s.Lines[n].Label = acmeScreen(provision.FaceAt(d, l.Port))
		s.Text = append(s.Text, s.Lines[n].Label)
	}
	return s
}

var acmeCatalogue = provision.NewCatalogue("yes", "no", "-",
	provision.Param{Name: "user", Type: provision.Text},
	provision.Param{Name: "secret", Type: provision.Secret},
	provision.Param{Name: "name", Type: provision.Text},
	provision.Param{Name: "screen", Type: provision.Text, Max: 48},
	provision.Param{Name: "buttons", Type: provision.Bool},
	provision.Param{Name: "colour", Type: provision.Enum, Allowed: []string{"red", "blue"}, Open: true},
	provision.Param{Name: "active", Type: provision.Bool})

func (acme) Catalogue() *provision.Catalogue { return acmeCatalogue }

func (acme) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	s, l := acmeCatalogue.Sheet(6), d.Lines[0]
	face := provision.FaceOf(d, l)
	s.Set("buttons", false)
	s.Set("active", l.State != telephony.LineUnused)
	if l.State == telephony.LineUnused {
		s.Clear("user", "secret")
	} else {
		s.Set("user", l.SIPUser)
		s.Set("secret", l.Secret)
	}
	s.Set("name", face.Display)
	s.Set("screen", acmeScreen(face))
	s.Override(d.Overrides)
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering acme: %w", err)
	}
	var b bytes.Buffer
	provision.WriteLines(&b, settings)
	return provision.File{Name: string(d.MAC) + ".acme", ContentType: "text/plain", Body: b.Bytes()}, nil
}

func (acme) Parse(f provision.File) ([]provision.Setting, error) {
	var settings []provision.Setting
	for _, line := range strings.Split(strings.TrimSpace(string(f.Body)), "\n") {
		name, value, ok := strings.Cut(line, " = ")
		if !ok {
			return nil, fmt.Errorf("line %q is no setting", line)
		}
		settings = append(settings, provision.Setting{Name: name, Value: value})
	}
	return settings, nil
}

func TestP06_AVendorIsOneFile(t *testing.T) {
	if driverOf("acme") != (acme{}) {
		t.Fatal("it has not registered itself")
	}
	defer func() {
		if recover() == nil {
			t.Error("two drivers for one vendor were taken")
		}
	}()
	provision.NewRegistry(acme{}, acme{})
}

func TestP06_UnknownParameterNeverReachesAPhone(t *testing.T) {
	for name, set := range map[string]func(*provision.Sheet){
		"unknown name":     func(s *provision.Sheet) { s.Set("users", "x") },
		"impossible value": func(s *provision.Sheet) { s.Set("active", "maybe") },
		"wrong type":       func(s *provision.Sheet) { s.Set("screen", 1.5) },
		"broken secret":    func(s *provision.Sheet) { s.Set("secret", telephony.Secret("a b")) },
	} {
		s := acmeCatalogue.Sheet(1)
		set(s)
		s.Set("user", "later settings do not hide it")
		if got, err := s.Settings(); err == nil {
			t.Errorf("%s was taken: %v", name, got)
		}
	}
}
