package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// generic is a device with credentials typed in by hand: it fetches nothing from
// us, so registered means converged (D27).
type generic struct{}

func init() { register(generic{}) }

func (generic) Info() provision.Info { return genericInfo }

var genericInfo = provision.Info{
	Vendor:     "generic",
	Name:       "Generic SIP device",
	Version:    "generic/1",
	Models:     []provision.Model{{Name: "generic", Ports: 1, Lines: 1}},
	Evidence:   provision.EvidenceRegister,
	Transports: []string{"tls", "tcp", "udp"},
	Traces:     []provision.Trace{{What: "everything", How: "nothing on the device is ours"}},
	Ways:       []provision.Way{{What: "local settings", How: "whoever holds the device can change them"}},
}

// Match: no request is a generic device's, for it makes none.
func (generic) Match(provision.Request) (provision.Match, bool) { return provision.Match{}, false }

func (generic) Render(_ telephony.Desired, kind provision.FileKind) (provision.File, error) {
	return provision.File{}, provision.NoFile(kind)
}

// Screen: nobody but its owner knows what it shows. It is drawn plain, with what
// its line stands for.
func (g generic) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(genericInfo, d, model, provision.PlainBody)
	s.Assumed, s.Guessed = true, false
	for _, l := range s.Lines {
		s.Text = append(s.Text, l.Label)
		if hint := provision.FaceAt(d, l.Port).Hint; hint != "" {
			s.Text = append(s.Text, hint)
		}
	}
	return s
}
