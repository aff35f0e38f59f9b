package drivers

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// The flat profile is the file format that Sipura gave to Linksys and both to
// Cisco: one element per parameter, in no order. It belongs to no vendor's file,
// because two vendors' drivers write it.
//
// An index stands in the middle of an element's name (Proxy_1_). In catalogues it
// is a part of its own (Proxy.1); a name with a slash is inside a section.

// flatDialect is what two vendors' flat profiles differ in. A driver that embeds it
// has Catalogue, Parse, RenderStageOne, PlainPointer, RenderPage and PageKey.
type flatDialect struct {
	catalogue *provision.Catalogue
	wrapped   bool   // flat-profile stands inside a device element
	useAuthID bool   // the authentication name and the outbound proxy have switches of their own
	trust     string // file with our CA
	trustIn   string // parameter with its URL
}

func (f flatDialect) Catalogue() *provision.Catalogue { return f.catalogue }

// file writes a sheet. Settings of one section follow each other in the sheet.
func (f flatDialect) file(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering flat profile %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(72 * (len(settings) + 4))
	b.WriteString(xml.Header)
	if f.wrapped {
		b.WriteString("<device>\n")
	}
	b.WriteString("<flat-profile>\n")
	open := ""
	for _, st := range settings {
		section, own, inside := strings.Cut(st.Name, "/")
		if !inside {
			section, own = "", st.Name
		}
		if section != open {
			flatSection(&b, open, false)
			flatSection(&b, section, true)
			open = section
		}
		element(&b, "  ", flatElement(own)+` ua="`+flatAccess(own)+`"`, st.Value)
	}
	flatSection(&b, open, false)
	b.WriteString("</flat-profile>\n")
	if f.wrapped {
		b.WriteString("</device>\n")
	}
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

func flatSection(b *bytes.Buffer, name string, begins bool) {
	if name == "" {
		return
	}
	slash := "/"
	if begins {
		slash = ""
	}
	b.WriteString("<" + slash + name + ">\n")
}

// flatElement is the name of a parameter as an element: "Proxy.1" is Proxy_1_.
func flatElement(name string) string {
	if base, n, indexed := strings.Cut(name, "."); indexed {
		return base + "_" + n + "_"
	}
	return name
}

// flatAccess is what somebody without the administrator's password may do: "rw"
// until the next fetch, or not even see it.
func flatAccess(name string) string {
	base, _, _ := strings.Cut(name, ".")
	if strings.HasPrefix(base, "Cfwd_") || strings.HasPrefix(base, "Speed_Dial_") || base == "DND_Setting" {
		return "rw"
	}
	return "na"
}

var flatIndexed = regexp.MustCompile(`^(.+)_(\d{1,3})_$`)

type flatNode struct {
	XMLName  xml.Name
	Value    string     `xml:",chardata"`
	Children []flatNode `xml:",any"`
}

// Parse reads back a flat profile, wrapped or not.
func (flatDialect) Parse(f provision.File) ([]provision.Setting, error) {
	var root flatNode
	if err := xml.Unmarshal(f.Body, &root); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	if root.XMLName.Local == "device" && len(root.Children) == 1 {
		root = root.Children[0]
	}
	if root.XMLName.Local != "flat-profile" {
		return nil, fmt.Errorf("reading %s: %s is no flat profile", f.Name, root.XMLName.Local)
	}
	var settings []provision.Setting
	for _, e := range root.Children {
		if len(e.Children) == 0 {
			settings = append(settings, flatSetting("", e))
		}
		for _, inner := range e.Children {
			settings = append(settings, flatSetting(e.XMLName.Local+"/", inner))
		}
	}
	return settings, nil
}

func flatSetting(section string, e flatNode) provision.Setting {
	name := e.XMLName.Local
	if m := flatIndexed.FindStringSubmatch(name); m != nil {
		name = m[1] + "." + m[2]
	}
	return provision.Setting{Name: section + name, Value: e.Value}
}

// flatRule is a rule that fetches one URL, with the credentials for a server that
// asks for some. What would be read as a macro, an option or an alternative is
// refused: the phone would fetch something else, or lose a password's end.
func flatRule(url, user string, password telephony.Secret) (string, error) {
	pw := password.Reveal()
	if strings.ContainsAny(url, " |[]$\"") || strings.ContainsAny(user+pw, " |[]$\"") || len(url)+len(user)+len(pw) > flatMostRule {
		return "", telephony.Invalidf("base_url", "rule_malformed", "a profile rule cannot hold this URL or these credentials")
	}
	if pw == "" {
		return url, nil
	}
	return "[--uid " + user + " --pwd " + pw + "]" + url, nil
}

const flatMostRule = 480

// PlainPointer makes the phone fill in its own MAC, so that the answer is constant.
func (f flatDialect) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := f.catalogue.Sheet(3)
	s.Set("Profile_Rule", httpsURL+"$MA.xml")
	s.Set("Resync_On_Reset", true)
	s.Set("Resync_Periodic", provision.PointerTurn)
	return f.file("pointer.xml", s)
}

// RenderStageOne leads to the device's own directory, whichever file is asked for first.
// A phone takes a new rule when it has applied the old one's file; those that wait
// for their next turn have it within a minute.
func (f flatDialect) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig, provision.KindCommon:
	case provision.KindTrust:
		return caFile(f.trust, b.RootCA)
	default:
		return provision.File{}, provision.NoFile(kind)
	}
	s := f.catalogue.Sheet(8)
	if b.RootCA != "" {
		s.Set(f.trustIn, b.StageURL+f.trust)
	}
	if b.TokenURL != "" {
		rule, err := flatRule(b.TokenURL.Reveal()+flatName(b.MAC), "", "")
		if err != nil {
			return provision.File{}, err
		}
		s.Set("Provision_Enable", true)
		s.Set("Profile_Rule", rule)
		s.Set("Resync_On_Reset", true)
		s.Set("Resync_Random_Delay", 0)
		s.Set("Resync_Periodic", 60)
	}
	if settings, err := s.Settings(); err == nil && len(settings) == 0 {
		return provision.File{}, provision.NoFile(provision.KindConfig)
	}
	return f.file(flatName(b.MAC), s)
}

func flatName(mac telephony.MAC) string { return string(mac) + ".xml" }

var flatByMAC = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.(?:xml|cfg)$`)

// flatOwn: the file is a device's own. Other makers' phones ask for files of the
// same form, so that without a User-Agent (sure) the MAC must be the vendor's.
func flatOwn(i provision.Info, name string, sure bool) bool {
	macs := provision.FindMACs(name)
	return flatByMAC.MatchString(name) && len(macs) == 1 && (sure || i.HasOUI(macs[0].OUI()))
}
