package drivers

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// softphone is any program that has no provisioning of its maker's: a script around
// baresip or PJSIP, a test phone, an application of one's own. It fetches one account,
// as JSON or as XML with the same names, from an address that is its only credential.
type softphone struct{}

func init() { register(softphone{}) }

func (softphone) Info() provision.Info { return softphoneInfo }

var softphoneInfo = provision.Info{
	Vendor:     "softphone",
	Name:       "Any softphone",
	Version:    "softphone/1",
	Models:     []provision.Model{{Name: "JSON", Ports: 1, Lines: 1}, {Name: "XML", Ports: 1, Lines: 1}},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    60,
	Traces: []provision.Trace{
		{What: "call log", How: "is the program's own"},
		{What: "contacts", How: "are the program's own"},
		{What: "do not disturb", How: "is the program's own"},
		{What: "forwards", How: "are the program's own"},
	},
	Ways: []provision.Way{
		{What: "the address", How: "whoever has it, has the account: it is as secret as a password, and is renewed like one"},
		{What: "account settings", How: "are whatever the program makes of the file; the next fetch sets them back"},
		{What: "a CA of our own", How: "is not sent; the program needs it beforehand"},
	},
}

func (softphone) Catalogue() *provision.Catalogue { return softphoneCatalogue }

var softphoneCatalogue = provision.NewCatalogue("true", "false", "",
	provision.Param{Name: "label", Type: provision.Text, Max: 80, Source: fromOurselves},
	provision.Param{Name: "display_name", Type: provision.Text, Max: 64, Source: fromOurselves},
	provision.Param{Name: "username", Type: provision.Text, Source: fromOurselves},
	provision.Param{Name: "password", Type: provision.Secret, Source: fromOurselves},
	provision.Param{Name: "domain", Type: provision.Text, Source: fromOurselves},
	provision.Param{Name: "server", Type: provision.Text, Source: fromOurselves},
	provision.Param{Name: "port", Type: provision.Int, Min: 1, Max: 65535, Source: fromOurselves},
	provision.Param{Name: "transport", Type: provision.Enum, Allowed: []string{"udp", "tcp", "tls"}, Source: fromOurselves},
	provision.Param{Name: "expires", Type: provision.Int, Min: 60, Max: 86400, Source: fromOurselves},
	provision.Param{Name: "keep_alive", Type: provision.Int, Min: 10, Max: 29, Source: fromOurselves},
	provision.Param{Name: "provisioning_url", Type: provision.URL, Source: fromOurselves},
	provision.Param{Name: "refresh", Type: provision.Int, Min: 1, Max: 2592000, Source: fromOurselves},
	provision.Param{Name: "srtp", Type: provision.Bool, Source: fromOurselves, Open: true},
	provision.Param{Name: "language", Type: provision.Enum, Allowed: []string{"de", "en", "nl"}, Source: fromOurselves, Open: true},
	provision.Param{Name: "codecs", Type: provision.Text, Max: 99, Source: fromOurselves, Open: true},
	provision.Param{Name: "dtmf", Type: provision.Enum, Allowed: []string{"rtp", "info"}, Source: fromOurselves, Open: true},
)

// Where the names come from: the format is our own.
const fromOurselves = "ourselves"

// Match knows its two files. A program that asks for the bare directory of its own
// gets the one of its model.
func (softphone) Match(r provision.Request) (provision.Match, bool) {
	switch strings.ToLower(path.Base("/" + r.Path)) {
	case "softphone.json":
		return provision.Match{Kind: provision.KindConfig, Model: "JSON", Sure: true}, true
	case "softphone.xml":
		return provision.Match{Kind: provision.KindConfig, Model: "XML", Sure: true}, true
	}
	return provision.Match{}, false
}

// RenderStageOne leads to the device's own address, which is asked in a moment.
func (softphone) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := softphoneCatalogue.Sheet(2)
	s.Set("provisioning_url", b.TokenURL.Reveal())
	s.Set("refresh", 5)
	return softphoneFile(s, b.Model)
}

// PlainPointer: the program never asks without the address that it was given.
func (softphone) PlainPointer(kind provision.FileKind, _ string) (provision.File, error) {
	return provision.File{}, provision.NoFile(kind)
}

// Render keeps the account when nobody is logged in: the channel then registers as
// logged out, and its label is the free-desk text with what to dial (D16, H04).
func (softphone) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	s := softphoneCatalogue.Sheet(16)
	line := lineAt(d, 1)
	face := provision.FaceOf(d, line)
	s.Set("label", softphoneLabel(face))
	s.Set("display_name", face.Display)
	if line.Used() {
		s.Set("username", line.SIPUser)
		s.Set("password", line.Secret)
	} else {
		s.Clear("username", "password")
	}
	s.Set("domain", d.SIP.Realm)
	s.Set("server", d.SIP.Host)
	s.Set("port", d.SIP.Port)
	s.Set("transport", d.SIP.Transport)
	s.Set("expires", min(max(d.SIP.Expires, 60), 86400))
	s.Set("keep_alive", keepAlive(d.SIP.KeepAlive))
	s.Set("srtp", d.SIP.Transport == "tls") // its key would travel in the clear without TLS
	if spoken := d.Spoken(); spoken == "en" || spoken == "nl" {
		s.Set("language", spoken)
	} else {
		s.Set("language", "de")
	}
	s.Set("provisioning_url", d.BaseURL.Reveal())
	s.Set("refresh", min(max(d.RefetchSeconds, softphoneInfo.PollMin), 2592000))
	s.Override(d.Overrides)
	return softphoneFile(s, d.Model)
}

func softphoneLabel(f provision.Face) string { return f.WithHint(f.Label, 80) }

// softphoneFile is one object, or one element, whose members are the settings.
func softphoneFile(s *provision.Sheet, model string) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering a softphone's account: %w", err)
	}
	var b bytes.Buffer
	if m, _ := softphoneInfo.Model(model); m.Name == "XML" {
		b.WriteString(xml.Header + "<softphone>\n")
		for _, st := range settings {
			element(&b, "  ", st.Name, st.Value)
		}
		b.WriteString("</softphone>\n")
		return provision.File{Name: "softphone.xml", ContentType: typeXML, Body: b.Bytes()}, nil
	}
	for n, st := range settings {
		value := []byte(st.Value)
		if p, _ := softphoneCatalogue.Lookup(st.Name); p.Type != provision.Int && p.Type != provision.Bool {
			if value, err = json.Marshal(st.Value); err != nil {
				return provision.File{}, fmt.Errorf("writing %s: %w", st.Name, err)
			}
		}
		fmt.Fprintf(&b, "%s\n  %q: %s", map[bool]string{true: "{", false: ","}[n == 0], st.Name, value)
	}
	b.WriteString("\n}\n")
	return provision.File{Name: "softphone.json", ContentType: "application/json", Body: b.Bytes()}, nil
}

// Parse reads back an account in either form.
func (softphone) Parse(f provision.File) (settings []provision.Setting, err error) {
	if strings.Contains(f.ContentType, "xml") {
		var doc struct {
			Elements elements `xml:",any"`
		}
		if err := xml.Unmarshal(f.Body, &doc); err != nil {
			return nil, fmt.Errorf("reading %s: %w", f.Name, err)
		}
		return doc.Elements.settings(), nil
	}
	dec := json.NewDecoder(bytes.NewReader(f.Body))
	dec.UseNumber()
	var name any
	for n := 0; ; n++ { // the brace, and then names and values in turn
		tok, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return settings, nil
		case err != nil:
			return nil, fmt.Errorf("reading %s: %w", f.Name, err)
		case n%2 == 1:
			name = tok
		case n > 0:
			settings = append(settings, provision.Setting{Name: fmt.Sprint(name), Value: fmt.Sprint(tok)})
		}
	}
}

// Screen is a window with the account's label. There is one account, and no key of
// ours.
func (softphone) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(softphoneInfo, d, model, func(provision.Model) provision.Body {
		return provision.Body{Shape: provision.ShapeSoftphone, Display: provision.Display{Width: 320, Height: 480, Tenths: 40, Colour: true}}
	})
	line, ok := s.Line(1)
	s.Lines = nil
	if ok {
		line.Label = softphoneCatalogue.Shown("label", softphoneLabel(provision.FaceAt(d, 1)))
		s.Lines, s.Text = []provision.ScreenLine{line}, []string{line.Label}
	}
	return s
}
