package drivers

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// linphone is any application on liblinphone with XML remote provisioning. It
// fetches once at every start, from the address in misc/config-uri, and cannot be
// told to fetch: hence no Notifier.
type linphone struct{}

func init() { register(linphone{}) }

const linphoneType = "application/xml"

func (linphone) Info() provision.Info { return linphoneInfo }

var linphoneInfo = provision.Info{
	Vendor:     "linphone",
	Name:       "Linphone",
	Version:    "linphone/3",
	Models:     []provision.Model{{Name: "Linphone", Ports: 1, Lines: 1}},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	// Seen with the 5.1 SDK: SHA-256 is taken when it is offered first, and
	// MD5 again after the next fetch has emptied the stored algorithm.
	DigestSHA256: true,
	Traces: []provision.Trace{
		{What: "call log", How: "is the application's own"},
		{What: "contacts", How: "are the application's own"},
		{What: "do not disturb", How: "is the application's own"},
	},
	Ways: []provision.Way{
		{What: "account settings", Closed: true, How: "hidden, one account at most"},
		{What: "assistant", Closed: true, How: "no provisioning by QR code, no account of another kind"},
		{What: "the file on disk", How: "whoever owns the computer can edit it"},
		{What: "a CA of our own", How: "cannot be sent; it must be installed on the computer"},
	},
}

// Screen is a window that greets with the account's display name. There is one
// account, and no key of ours.
func (linphone) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(linphoneInfo, d, model, func(provision.Model) provision.Body {
		return provision.Body{Shape: provision.ShapeSoftphone, Display: provision.Display{Width: 320, Height: 480, Tenths: 40, Colour: true}}
	})
	line, ok := s.Line(1)
	s.Lines = nil
	if ok {
		line.Label = linphoneName(provision.FaceAt(d, 1))
		s.Lines, s.Text = []provision.ScreenLine{line}, []string{line.Label}
	}
	return s
}

// linphoneName is the account's display name: all that the window shows. There is
// no key of ours, so a free desk says what to dial.
func linphoneName(f provision.Face) string {
	if f.Hint == "" {
		return f.Display
	}
	return provision.DisplayName(f.WithHint(f.Label, 64), 64)
}

var linphoneAgent = regexp.MustCompile(`^Linphone[\w-]*/([\w.-]+)`)

// Match takes any path from a client that says what it is, for the whole URL is
// what was typed or scanned. Console builds of the SDK say nothing at all
// ("Unknown", no header of their own); they ask for the bare directory.
func (linphone) Match(r provision.Request) (provision.Match, bool) {
	agent := linphoneAgent.FindStringSubmatch(r.UserAgent)
	m := provision.Match{Kind: provision.KindConfig, Model: "Linphone"}
	m.Sure = agent != nil || r.Header["X-Linphone-Provisioning"] != ""
	if !m.Sure && strings.Trim(r.Path, "/") != "" {
		return provision.Match{}, false
	}
	if agent != nil {
		m.Firmware = agent[1]
	}
	return m, true
}

var linphoneCatalogue = provision.NewCatalogue("1", "0", "",
	provision.Param{Name: "misc/config-uri", Type: provision.URL, Source: fromGuide},
	provision.Param{Name: "misc/transient_provisioning", Type: provision.Bool, Source: fromGuide},
	provision.Param{Name: "sip/default_proxy", Type: provision.Int, Min: -1, Max: 0, Source: fromGuide},
	provision.Param{Name: "sip/media_encryption", Type: provision.Enum, Allowed: []string{"none", "srtp", "zrtp", "dtls"}, Source: fromTemplates, Open: true},
	provision.Param{Name: "proxy_0/reg_proxy", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "proxy_0/reg_route", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "proxy_0/reg_identity", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "proxy_0/reg_expires", Type: provision.Int, Min: 30, Max: 86400, Source: fromGuide},
	provision.Param{Name: "proxy_0/reg_sendregister", Type: provision.Bool, Source: fromGuide},
	provision.Param{Name: "proxy_0/publish", Type: provision.Bool, Source: fromGuide},
	provision.Param{Name: "auth_info_0/username", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "auth_info_0/userid", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "auth_info_0/passwd", Type: provision.Secret, Source: fromGuide},
	provision.Param{Name: "auth_info_0/ha1", Type: provision.Secret, Source: fromGuide},
	provision.Param{Name: "auth_info_0/realm", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "auth_info_0/domain", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "auth_info_0/algorithm", Type: provision.Text, Source: fromGuide},
	provision.Param{Name: "ui/hide_account_settings", Type: provision.Bool, Source: fromTemplates},
	provision.Param{Name: "ui/max_account", Type: provision.Int, Min: 0, Max: 9, Source: fromTemplates},
	provision.Param{Name: "ui/assistant_disable_qr_code", Type: provision.Bool, Source: fromTemplates},
	provision.Param{Name: "ui/assistant_hide_create_account", Type: provision.Bool, Source: fromTemplates},
	provision.Param{Name: "ui/assistant_hide_third_party_account", Type: provision.Bool, Source: fromTemplates},
	provision.Param{Name: "ui/hide_settings", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "ui/disable_chat_feature", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "ui/disable_meetings_feature", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "ui/disable_broadcast_feature", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "ui/disable_call_recordings_feature", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "ui/only_display_sip_uri_username", Type: provision.Bool, Source: fromTemplates, Open: true},
	provision.Param{Name: "proxy_0/avpf", Type: provision.Int, Min: -1, Max: 1, Source: fromTemplates, Open: true},
)

func (linphone) Catalogue() *provision.Catalogue { return linphoneCatalogue }

// RenderStageOne leads to the device's own address; the next start goes there.
func (linphone) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := linphoneCatalogue.Sheet(2)
	s.Set("misc/config-uri", b.TokenURL.Reveal())
	return linphoneFile(s)
}

// PlainPointer: the application never asks without the address typed into it.
func (linphone) PlainPointer(kind provision.FileKind, _ string) (provision.File, error) {
	return provision.File{}, provision.NoFile(kind)
}

// Render keeps the account when nobody is logged in: the channel then registers
// as logged out, and its name is the free-desk text (D16, H04).
func (linphone) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	s := linphoneCatalogue.Sheet(24)
	s.Set("misc/config-uri", d.BaseURL.Reveal())
	s.Set("misc/transient_provisioning", false)
	s.Set("ui/hide_account_settings", true)
	s.Set("ui/max_account", 1)
	s.Set("ui/assistant_disable_qr_code", true)
	s.Set("ui/assistant_hide_create_account", true)
	s.Set("ui/assistant_hide_third_party_account", true)
	if l := lineAt(d, 1); l.Used() {
		linphoneAccount(s, d, l)
	} else {
		s.Set("sip/default_proxy", -1)
		s.Set("proxy_0/reg_sendregister", false)
		s.Clear("proxy_0/reg_proxy", "proxy_0/reg_route", "proxy_0/reg_identity",
			"auth_info_0/username", "auth_info_0/userid", "auth_info_0/passwd", "auth_info_0/ha1",
			"auth_info_0/realm", "auth_info_0/domain", "auth_info_0/algorithm")
	}
	s.Override(d.Overrides)
	return linphoneFile(s)
}

func linphoneAccount(s *provision.Sheet, d telephony.Desired, l telephony.Line) {
	server := fmt.Sprintf("<sip:%s;transport=%s>", net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)), d.SIP.Transport)
	s.Set("sip/default_proxy", 0)
	media := "none"
	if d.SIP.Transport == "tls" {
		media = "srtp"
	}
	s.Set("sip/media_encryption", media)
	s.Set("proxy_0/reg_proxy", server)
	s.Set("proxy_0/reg_route", server)
	// The display name holds neither quotes nor brackets (FaceOf).
	s.Set("proxy_0/reg_identity", fmt.Sprintf(`"%s" <sip:%s@%s>`, linphoneName(provision.FaceOf(d, l)), l.SIPUser, d.SIP.Realm))
	s.Set("proxy_0/reg_expires", min(max(d.SIP.Expires, 60), 86400))
	s.Set("proxy_0/reg_sendregister", true)
	s.Set("proxy_0/publish", false)
	s.Set("auth_info_0/username", l.SIPUser)
	s.Clear("auth_info_0/userid")
	// The application replaces passwd by ha1 on its disk and would go on using
	// an old ha1 after a rotation, so ha1 and its algorithm are emptied.
	s.Set("auth_info_0/passwd", l.Secret)
	s.Clear("auth_info_0/ha1")
	s.Set("auth_info_0/realm", d.SIP.Realm)
	s.Set("auth_info_0/domain", d.SIP.Realm)
	s.Clear("auth_info_0/algorithm")
}

// linphoneFile writes the sections in the order in which they first occur.
// Comments and CDATA are avoided: the reader takes the first text node only.
func linphoneFile(s *provision.Sheet) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering linphone.xml: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">` + "\n")
	open := ""
	for _, st := range settings {
		section, entry, _ := strings.Cut(st.Name, "/")
		if section != open {
			if open != "" {
				b.WriteString("  </section>\n")
			}
			b.WriteString(`  <section name="` + section + `">` + "\n")
			open = section
		}
		b.WriteString(`    <entry name="` + entry + `" overwrite="true">`)
		provision.EscapeXML(&b, st.Value)
		b.WriteString("</entry>\n")
	}
	b.WriteString("  </section>\n</config>\n")
	return provision.File{Name: "linphone.xml", ContentType: linphoneType, Body: b.Bytes()}, nil
}

// Parse reads back a configuration.
func (linphone) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		Sections []struct {
			Name    string `xml:"name,attr"`
			Entries []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:",chardata"`
			} `xml:"entry"`
		} `xml:"section"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	var settings []provision.Setting
	for _, s := range doc.Sections {
		for _, e := range s.Entries {
			settings = append(settings, provision.Setting{Name: s.Name + "/" + e.Name, Value: e.Value})
		}
	}
	return settings, nil
}
