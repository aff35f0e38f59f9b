package drivers

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// snom covers the desk phones. The DECT bases (M series) share name and OUI but
// not the settings: snom-dect has them.
type snom struct{}

func init() { register(snom{}) }

func (snom) Info() provision.Info { return snomInfo }
func (snom) CheckSync() string    { return "check-sync;reboot=false" }
func (snom) Reboot() string       { return "check-sync;reboot=true" }

func (snom) Catalogue() *provision.Catalogue { return snomCatalogue }

var (
	snomAgent    = regexp.MustCompile(`(?i)\bsnom\s?((?:D|M|C|PA|MP)?\d*[A-Z]?\d*?)(?:-SIP)?\s+(\d+(?:\.\d+)+)`)
	snomAncient  = regexp.MustCompile(`(?i)\bsnom lid \d+`) // firmware 6 names no model
	snomCommon   = regexp.MustCompile(`(?i)^snom-?((?:D|M|C|PA|MP)?\d+[A-Z]?|general)?\.(?:htm|html|xml)$`)
	snomPerPhone = regexp.MustCompile(`(?i)^snom((?:D|M|C|PA|MP)?\d+[A-Z]?)-[0-9a-f]{12}\.(?:htm|html|xml)$`)
	snomFirmware = regexp.MustCompile(`(?i)^snom.*-firmware\.(?:htm|xml)$`)
	snomByMAC    = regexp.MustCompile(`(?i)^[0-9a-f]{12}(?:\.(?:htm|html|xml))?$`)
)

func (snom) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := snomAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]
	} else if snomAncient.MatchString(r.UserAgent) {
		m.Sure = true
	}
	name := path.Base("/" + r.Path)
	model := ""
	switch {
	case snomFirmware.MatchString(name):
		m.Kind, m.Sure = provision.KindBoot, true
		return m, true
	case snomPerPhone.MatchString(name):
		m.Kind, m.Sure, model = provision.KindConfig, true, snomPerPhone.FindStringSubmatch(name)[1]
	case snomCommon.MatchString(name):
		m.Kind, m.Sure, model = provision.KindCommon, true, snomCommon.FindStringSubmatch(name)[1]
	case strings.EqualFold(name, snomTrustName):
		m.Kind = provision.KindTrust
	case snomByMAC.MatchString(name):
		m.Kind = provision.KindConfig
	case m.Sure && (name == "/" || strings.EqualFold(path.Ext(name), ".xml")):
		m.Kind = provision.KindConfig
	default:
		return m, m.Sure
	}
	if m.Model == "" && !strings.EqualFold(model, "general") {
		m.Model = strings.ToUpper(model)
	}
	return m, true
}

const snomTrustName = "ca.xml"

func snomName(mac telephony.MAC) string { return mac.Upper() + ".xml" }

func (s snom) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return s.config(d)
	case provision.KindBoot:
		return snomImage(d)
	case provision.KindTrust:
		return snomTrust(d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// snomImageName is where a configuration sends the phone to ask for its firmware.
const snomImageName = "snom-firmware.xml"

// snomImage names the firmware. The phone compares it with what it runs.
func snomImage(d telephony.Desired) (provision.File, error) {
	if d.Firmware.URL == "" {
		return provision.File{}, provision.NoFile(provision.KindBoot)
	}
	s := snomCatalogue.Sheet(1)
	s.Set("firmware", d.Firmware.URL)
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering snom %s: %w", snomImageName, err)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<firmware-settings>\n")
	element(&b, "  ", "firmware", settings[0].Value)
	b.WriteString("</firmware-settings>\n")
	return provision.File{Name: snomImageName, ContentType: typeXML, Body: b.Bytes()}, nil
}

// RenderStageOne answers the model's file and the device's own alike: whichever
// comes first leads on.
func (snom) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig, provision.KindCommon:
		if b.TokenURL == "" {
			return snomTrust(b.RootCA)
		}
		var files []string
		if b.RootCA != "" {
			files = append(files, b.StageURL+snomTrustName)
		}
		return snomIndex(b.MAC, append(files, b.TokenURL.Reveal()+snomName(b.MAC))), nil
	case provision.KindTrust:
		return snomTrust(b.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// PlainPointer lets the phone fill in its MAC, so that the answer is constant.
func (snom) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := snomCatalogue.Sheet(4)
	s.Set("setting_server", httpsURL+"{mac}.xml")
	s.Set("prov_polling_enabled", true)
	s.Set("prov_polling_mode", "rel")
	s.Set("prov_polling_period", provision.PointerTurn)
	return snomFile("pointer.xml", s)
}

func snomIndex(mac telephony.MAC, urls []string) provision.File {
	var b bytes.Buffer
	b.WriteString(xml.Header + "<setting-files>\n")
	for _, u := range urls {
		b.WriteString(`  <file url="`)
		provision.EscapeXML(&b, u)
		b.WriteString("\"/>\n")
	}
	b.WriteString("</setting-files>\n")
	return provision.File{Name: snomName(mac), ContentType: typeXML, Body: b.Bytes()}
}

func snomTrust(rootCA string) (provision.File, error) {
	if rootCA == "" {
		return provision.File{}, provision.NoFile(provision.KindTrust)
	}
	der, err := provision.DERBase64(rootCA)
	if err != nil {
		return provision.File{}, err
	}
	s := snomCatalogue.Sheet(2)
	s.Set("certificate", der)
	s.Set("tls_server_authentication", true)
	return snomFile(snomTrustName, s)
}

// snomFile groups settings into the blocks that phones expect: certificates
// first, since what follows may need them.
func snomFile(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering snom %s: %w", name, err)
	}
	var certs, phone, keys bytes.Buffer
	for i := 0; i < len(settings); i++ {
		st := settings[i]
		base, index, indexed := strings.Cut(st.Name, ".")
		switch base {
		case "certificate":
			certs.WriteString(`    <certificate type="base64">` + st.Value + "</certificate>\n")
		case "fkey":
			// fkey.N, fkey.N.context and fkey.N.label follow each other.
			keys.WriteString(`    <fkey idx="` + index + `" context="` + settings[i+1].Value + `" label="`)
			provision.EscapeXML(&keys, settings[i+2].Value)
			keys.WriteString(`" lp="on" perm="R">`)
			provision.EscapeXML(&keys, st.Value)
			keys.WriteString("</fkey>\n")
			i += 2
		default:
			phone.WriteString("    <" + base)
			if indexed {
				phone.WriteString(` idx="` + index + `"`)
			}
			phone.WriteString(` perm="` + snomPerm(base) + `">`)
			provision.EscapeXML(&phone, st.Value)
			phone.WriteString("</" + base + ">\n")
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<settings>\n")
	snomBlock(&b, "certificates", "", certs.Bytes())
	snomBlock(&b, "phone-settings", "", phone.Bytes())
	snomBlock(&b, "functionKeys", ` e="2"`, keys.Bytes()) // 2: replaces all keys
	b.WriteString("</settings>\n")
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

func snomBlock(b *bytes.Buffer, name, attributes string, content []byte) {
	if len(content) > 0 {
		b.WriteString("  <" + name + attributes + ">\n")
		b.Write(content)
		b.WriteString("  </" + name + ">\n")
	}
}

// Parse reads back a configuration: settings as name or name.idx.
func (snom) Parse(f provision.File) ([]provision.Setting, error) {
	type element struct {
		XMLName xml.Name
		Index   string `xml:"idx,attr"`
		Label   string `xml:"label,attr"`
		Context string `xml:"context,attr"`
		Value   string `xml:",chardata"`
	}
	var doc struct {
		XMLName xml.Name
		Blocks  []struct {
			XMLName  xml.Name
			Text     string    `xml:",chardata"`
			Elements []element `xml:",any"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	var settings []provision.Setting
	for _, block := range doc.Blocks {
		if doc.XMLName.Local == "firmware-settings" { // has no blocks
			settings = append(settings, provision.Setting{Name: block.XMLName.Local, Value: block.Text})
		}
		for _, e := range block.Elements {
			name := e.XMLName.Local
			if e.Index != "" {
				name += "." + e.Index
			}
			settings = append(settings, provision.Setting{Name: name, Value: e.Value})
			if e.XMLName.Local == "fkey" {
				settings = append(settings, provision.Setting{Name: name + ".context", Value: e.Context},
					provision.Setting{Name: name + ".label", Value: e.Label})
			}
		}
	}
	return settings, nil
}
