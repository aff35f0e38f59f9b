package drivers

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"net"
	"regexp"
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// acrobits is any application of that maker with external provisioning (Groundwire,
// Cloud Softphone): one account as XML, from the address that was scanned as a
// provlinks: code, at every start and every few seconds as the file says. It
// cannot be told to fetch: hence no Notifier.
type acrobits struct{}

func init() { register(acrobits{}) }

func (acrobits) Info() provision.Info { return acrobitsInfo }

var acrobitsInfo = provision.Info{
	Vendor:  "acrobits",
	Name:    "Acrobits",
	Version: "acrobits/1",
	Models: []provision.Model{
		{Name: "Groundwire", Ports: 1, Lines: 1}, {Name: "CloudSoftphone", Ports: 1, Lines: 1},
	},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	PollMin:    60,
	Traces: []provision.Trace{
		{What: "call log", How: "is the application's own"},
		{What: "contacts", How: "are the application's own"},
		{What: "do not disturb", How: "is the application's own"},
		{What: "forwards", How: "are the application's own"},
	},
	Ways: []provision.Way{
		{What: "account settings", How: "whoever holds the device can edit the account; the next fetch sets it back"},
		{What: "further accounts", How: "can be added by whoever holds the device"},
		{What: "a CA of our own", How: "cannot be sent; it must be installed on the device"},
	},
}

func (acrobits) Catalogue() *provision.Catalogue { return acrobitsCatalogue }

var acrobitsCatalogue = provision.NewCatalogue("1", "0", "",
	provision.Param{Name: "title", Type: provision.Text, Max: 80, Source: fromTemplates},
	provision.Param{Name: "username", Type: provision.Text, Source: fromTemplates},
	provision.Param{Name: "password", Type: provision.Secret, Source: fromTemplates},
	provision.Param{Name: "authUsername", Type: provision.Text, Source: fromTemplates},
	provision.Param{Name: "userDisplayName", Type: provision.Text, Max: 64, Source: fromTemplates},
	provision.Param{Name: "host", Type: provision.Text, Source: fromTemplates},
	provision.Param{Name: "proxy", Type: provision.Text, Source: fromTemplates},
	provision.Param{Name: "transport", Type: provision.Enum, Allowed: []string{"udp", "tcp", "tls+sip:"}, Source: fromTemplates},
	provision.Param{Name: "expires", Type: provision.Int, Min: 60, Max: 86400, Source: fromTemplates},
	provision.Param{Name: "extProvUrl", Type: provision.URL, Source: fromTemplates},
	provision.Param{Name: "extProvInterval", Type: provision.Int, Max: 2592000, Source: fromTemplates},
	provision.Param{Name: "subscribeForVoicemail", Type: provision.Bool, Source: fromTemplates},
	provision.Param{Name: "sdesIncoming", Type: provision.Enum, Allowed: []string{"disabled", "enabled"}, Source: fromTemplates, Open: true},
	provision.Param{Name: "sdesOutgoing", Type: provision.Enum, Allowed: []string{"disabled", "enabled"}, Source: fromTemplates, Open: true},
	provision.Param{Name: "codecOrder", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true},
	provision.Param{Name: "codecOrder3G", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true},
	provision.Param{Name: "icm", Type: provision.Enum, Allowed: []string{"off", "push"}, Source: fromTemplates, Open: true},
)

var acrobitsAgent = regexp.MustCompile(`(?i)\b(Groundwire|CloudSoftphone|Acrobits[A-Za-z]*)[/ ]([\d.]+)`)

// Match knows the application by what it calls itself. One that says something else
// asks for the bare directory of its own, which any driver's config is.
func (acrobits) Match(r provision.Request) (provision.Match, bool) {
	agent := acrobitsAgent.FindStringSubmatch(r.UserAgent)
	if agent == nil {
		return provision.Match{}, false
	}
	return provision.Match{Kind: provision.KindConfig, Model: agent[1], Firmware: agent[2], Sure: true}, true
}

// RenderStageOne leads to the device's own address, which is asked in a moment.
func (acrobits) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := acrobitsCatalogue.Sheet(3)
	s.Set("title", "…") // an account without one is not kept
	s.Set("extProvUrl", b.TokenURL.Reveal())
	s.Set("extProvInterval", 5)
	return acrobitsFile(s)
}

// PlainPointer: the application never asks without the address scanned into it.
func (acrobits) PlainPointer(kind provision.FileKind, _ string) (provision.File, error) {
	return provision.File{}, provision.NoFile(kind)
}

// Render keeps the account when nobody is logged in: the channel then registers as
// logged out, and its title is the free-desk text with what to dial (D16, H04).
func (acrobits) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	s := acrobitsCatalogue.Sheet(16)
	line := lineAt(d, 1)
	s.Set("title", cmp.Or(acrobitsTitle(provision.FaceOf(d, line)), provision.Clean(d.DeviceName), "…"))
	if !line.Used() {
		s.Clear("username", "password", "authUsername", "userDisplayName", "host", "proxy")
	} else {
		s.Set("username", line.SIPUser)
		s.Set("password", line.Secret)
		s.Set("authUsername", line.SIPUser)
		s.Set("userDisplayName", provision.FaceOf(d, line).Display)
		s.Set("host", d.SIP.Realm)
		s.Set("proxy", net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)))
	}
	transport, media := d.SIP.Transport, "disabled"
	if transport == "tls" {
		transport, media = "tls+sip:", "enabled" // its key would travel in the clear without TLS
	}
	s.Set("transport", transport)
	s.Set("sdesIncoming", media)
	s.Set("sdesOutgoing", media)
	s.Set("expires", min(max(d.SIP.Expires, 60), 86400))
	s.Set("extProvUrl", d.BaseURL.Reveal())
	s.Set("extProvInterval", min(max(d.RefetchSeconds, 60), 2592000))
	s.Set("subscribeForVoicemail", false)
	s.Override(d.Overrides)
	return acrobitsFile(s)
}

func acrobitsTitle(f provision.Face) string { return f.WithHint(f.Label, 80) }

func acrobitsFile(s *provision.Sheet) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering account.xml: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<account>\n")
	for _, st := range settings {
		element(&b, "  ", st.Name, st.Value)
	}
	b.WriteString("</account>\n")
	return provision.File{Name: "account.xml", ContentType: typeXML, Body: b.Bytes()}, nil
}

// Parse reads back an account.
func (acrobits) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		Elements elements `xml:",any"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	return doc.Elements.settings(), nil
}

// Screen is a window with the account's title. There is one account, and no key of
// ours.
func (acrobits) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(acrobitsInfo, d, model, func(provision.Model) provision.Body {
		return provision.Body{Shape: provision.ShapeSoftphone, Display: provision.Display{Width: 320, Height: 480, Tenths: 40, Colour: true}}
	})
	line, ok := s.Line(1)
	s.Lines = nil
	if ok {
		line.Label = acrobitsCatalogue.Shown("title", acrobitsTitle(provision.FaceAt(d, 1)))
		s.Lines, s.Text = []provision.ScreenLine{line}, []string{line.Label}
	}
	return s
}
