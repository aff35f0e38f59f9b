package drivers

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// jitsi is the desktop application of that name (not Meet). It fetches once at every
// start, with a POST, from the address that somebody has typed in; what it is told
// then replaces that address. It cannot be told to fetch: hence no Notifier.
type jitsi struct{}

func init() { register(jitsi{}) }

func (jitsi) Info() provision.Info { return jitsiInfo }

var jitsiInfo = provision.Info{
	Vendor:     "jitsi",
	Name:       "Jitsi",
	Version:    "jitsi/1",
	Models:     []provision.Model{{Name: "Jitsi", Ports: 1, Lines: 1}},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	AsksByPost: true,
	Traces: []provision.Trace{
		{What: "call log", How: "is the application's own"},
		{What: "contacts", How: "are the application's own"},
		{What: "do not disturb", How: "is the application's own"},
		{What: "forwards", How: "it has none"},
	},
	Ways: []provision.Way{
		{What: "account settings", How: "whoever sits at the computer can edit the account; the next start sets it back"},
		{What: "further accounts", How: "can be added by whoever sits at the computer"},
		{What: "other provisioning servers", Closed: true, How: "METHOD: it asks neither DHCP nor Bonjour for one"},
		{What: "a CA of our own", How: "cannot be sent; it must be installed on the computer"},
	},
}

func (jitsi) Catalogue() *provision.Catalogue { return jitsiCatalogue }

// Our account among the application's, and where it asks at its next start.
const (
	jitsiAccount = "net.java.sip.communicator.impl.protocol.sip.acctischlein"
	jitsiURL     = "net.java.sip.communicator.plugin.provisioning.URL"
	jitsiMethod  = "net.java.sip.communicator.plugin.provisioning.METHOD"
)

// jitsiCatalogue: names and meanings are from the application's own code.
var jitsiCatalogue = provision.NewCatalogue("true", "false", "${null}",
	provision.Param{Name: jitsiURL, Type: provision.URL, Source: fromGuide},
	provision.Param{Name: jitsiMethod, Type: provision.Enum, Allowed: []string{"Manual"}, Source: fromGuide},
	provision.Param{Name: jitsiAccount, Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".ACCOUNT_UID", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PROTOCOL_NAME", Type: provision.Enum, Allowed: []string{"SIP"}, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".USER_ID", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".DISPLAY_NAME", Type: provision.Text, Max: 80, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PASSWORD", Type: provision.Secret, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".ENCRYPTED_PASSWORD", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".SERVER_ADDRESS", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PROXY_AUTO_CONFIG", Type: provision.Bool, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PROXY_ADDRESS", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PROXY_PORT", Type: provision.Int, Min: 1, Max: 65535, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".PREFERRED_TRANSPORT", Type: provision.Enum, Allowed: []string{"UDP", "TCP", "TLS"}, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".KEEP_ALIVE_METHOD", Type: provision.Enum, Allowed: []string{"OPTIONS"}, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".KEEP_ALIVE_INTERVAL", Type: provision.Int, Min: 10, Max: 29, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".VOICEMAIL_ENABLED", Type: provision.Bool, Source: fromGuide},
	provision.Param{Name: jitsiAccount + ".IS_PRESENCE_ENABLED", Type: provision.Bool, Source: fromGuide, Open: true},
	provision.Param{Name: jitsiAccount + ".DEFAULT_ENCRYPTION", Type: provision.Bool, Source: fromGuide, Open: true},
	provision.Param{Name: "net.java.sip.communicator.packetlogging.PACKET_LOGGING_ENABLED", Type: provision.Bool, Source: fromTemplates, Open: true},
)

var jitsiAgent = regexp.MustCompile(`^Jitsi/(\S+)$`)

func (jitsi) Match(r provision.Request) (provision.Match, bool) {
	agent := jitsiAgent.FindStringSubmatch(r.UserAgent)
	if agent == nil {
		return provision.Match{}, false
	}
	return provision.Match{Kind: provision.KindConfig, Model: "Jitsi", Firmware: agent[1], Sure: true}, true
}

// RenderStageOne leads to the device's own address, which is asked at the next start.
func (jitsi) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := jitsiCatalogue.Sheet(1)
	s.Set(jitsiURL, b.TokenURL.Reveal())
	return jitsiFile(s)
}

// PlainPointer: the application never asks without the address that was typed in.
func (jitsi) PlainPointer(kind provision.FileKind, _ string) (provision.File, error) {
	return provision.File{}, provision.NoFile(kind)
}

// Render keeps the account when nobody is logged in: the channel then registers as
// logged out, and its name is the free-desk text with what to dial (D16, H04).
func (jitsi) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	s := jitsiCatalogue.Sheet(16)
	s.Set(jitsiURL, d.BaseURL.Reveal())
	s.Set(jitsiMethod, "Manual")
	line := lineAt(d, 1)
	set := func(name string, value any) { s.Set(jitsiAccount+"."+name, value) }
	if !line.Used() {
		for _, p := range jitsiCatalogue.Params() {
			if strings.HasPrefix(p.Name, jitsiAccount) && !p.Open {
				s.Clear(p.Name)
			}
		}
		s.Override(d.Overrides)
		return jitsiFile(s)
	}
	user := line.SIPUser + "@" + d.SIP.Realm
	s.Set(jitsiAccount, jitsiAccount[strings.LastIndexByte(jitsiAccount, '.')+1:])
	set("ACCOUNT_UID", "SIP:"+user)
	set("PROTOCOL_NAME", "SIP")
	set("USER_ID", user)
	set("DISPLAY_NAME", jitsiName(provision.FaceOf(d, line)))
	set("PASSWORD", line.Secret)
	set("SERVER_ADDRESS", d.SIP.Realm)
	set("PROXY_AUTO_CONFIG", false)
	set("PROXY_ADDRESS", d.SIP.Host)
	set("PROXY_PORT", d.SIP.Port)
	set("PREFERRED_TRANSPORT", strings.ToUpper(d.SIP.Transport))
	set("KEEP_ALIVE_METHOD", "OPTIONS")
	set("KEEP_ALIVE_INTERVAL", keepAlive(d.SIP.KeepAlive))
	set("VOICEMAIL_ENABLED", false)
	s.Override(d.Overrides)
	return jitsiFile(s)
}

// jitsiName is all that the application shows, and what it says of itself in SIP.
func jitsiName(f provision.Face) string {
	if f.Hint == "" {
		return f.Display
	}
	return provision.DisplayName(f.WithHint(f.Label, 80), 80)
}

// jitsiFile is a list of Java properties: ASCII, the rest escaped.
func jitsiFile(s *provision.Sheet) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering jitsi.properties: %w", err)
	}
	var b bytes.Buffer
	for _, st := range settings {
		b.WriteString(st.Name + "=")
		for n, r := range st.Value {
			switch {
			case r == '\\' || n == 0 && strings.ContainsRune(" \t", r):
				b.WriteByte('\\')
				b.WriteRune(r)
			case r < ' ' || r > '~':
				for _, unit := range utf16.Encode([]rune{r}) {
					fmt.Fprintf(&b, `\u%04x`, unit)
				}
			default:
				b.WriteRune(r)
			}
		}
		b.WriteByte('\n')
	}
	return provision.File{Name: "jitsi.properties", ContentType: "text/plain; charset=us-ascii", Body: b.Bytes()}, nil
}

// Parse reads back a list of properties.
func (jitsi) Parse(f provision.File) ([]provision.Setting, error) {
	var settings []provision.Setting
	for line := range strings.Lines(string(f.Body)) {
		name, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			return nil, fmt.Errorf("reading %s: no property: %q", f.Name, line)
		}
		var value []uint16
		for i := 0; i < len(text); i++ {
			c := uint16(text[i])
			if c == '\\' && i+1 < len(text) {
				i++
				c = uint16(text[i])
				if c == 'u' && i+4 < len(text) {
					n, err := strconv.ParseUint(text[i+1:i+5], 16, 16)
					if err != nil {
						return nil, fmt.Errorf("reading %s: %w", f.Name, err)
					}
					c, i = uint16(n), i+4
				}
			}
			value = append(value, c)
		}
		settings = append(settings, provision.Setting{Name: name, Value: string(utf16.Decode(value))})
	}
	return settings, nil
}

// Screen is a window with the account's name. There is one account, and no key of
// ours.
func (jitsi) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(jitsiInfo, d, model, func(provision.Model) provision.Body {
		return provision.Body{Shape: provision.ShapeSoftphone, Display: provision.Display{Width: 320, Height: 480, Tenths: 40, Colour: true}}
	})
	line, ok := s.Line(1)
	s.Lines = nil
	if ok {
		line.Label = jitsiCatalogue.Shown(jitsiAccount+".DISPLAY_NAME", jitsiName(provision.FaceAt(d, 1)))
		s.Lines, s.Text = []provision.ScreenLine{line}, []string{line.Label}
	}
	return s
}
