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

// poly covers the phones with UC Software: SoundPoint and SoundStation IP, VVX,
// Trio, CCX and Edge E.
type poly struct{}

func init() { register(poly{}) }

func (poly) Info() provision.Info { return polyInfo }

// CheckSync is all that these phones know: with alwaysReboot off, as every file of
// ours says, they restart only where a changed parameter needs it.
func (poly) CheckSync() string { return "check-sync" }

// Reboot: no source names an event for that alone. Whether check-sync restarts them is a
// setting (alwaysReboot) and not the sender's to say, and with it on every push would.
func (poly) Reboot() string { return "" }

func (poly) Catalogue() *provision.Catalogue { return polyCatalogue }

var (
	polyAgent  = regexp.MustCompile(`^(?:FileTransport )?Poly(?:com)?\w*-(\w+?)-UA/([\d.]+)(?:_[0-9a-f]{12})?(?: \(SN:[0-9A-Fa-f]{12}\))?(?: Type/(\w+))?`)
	polyBoot   = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.cfg$`)
	polyUser   = regexp.MustCompile(`(?i)^[0-9a-f]{12}-user\.cfg$`)
	polyUpload = regexp.MustCompile(`(?i)^[0-9a-f]{12}-(?:(?:boot|app|now-app|now-boot)\.log|(?:phone|web)\.cfg|(?:directory|calls)\.xml)$`)
	polyAbsent = regexp.MustCompile(`(?i)^[0-9a-f]{12}-license\.cfg$|\.sip\.ld$|^sip\.(?:ld|ver)$`)
)

func (poly) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := polyAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model = true, strings.ReplaceAll(a[1], "_", "")
		if a[3] != "Updater" { // which has a version of its own
			m.Firmware = a[2]
		}
	}
	name := path.Base("/" + r.Path)
	switch {
	case polyUpload.MatchString(name):
		// What the phone has written itself is not handed back to it: it would win
		// over what we write.
		m.Kind = provision.KindUpload
	case strings.EqualFold(name, polyTrustName):
		m.Kind = provision.KindTrust
	case polyUser.MatchString(name):
		m.Kind = provision.KindConfig
	case polyBoot.MatchString(name):
		m.Kind = provision.KindBoot
		m.Sure = m.Sure || strings.HasPrefix(name, "000000000000") // names nobody, and nobody else asks for it
	case polyAbsent.MatchString(name):
	default:
		return m, m.Sure
	}
	if r.Writes() {
		m.Kind = provision.KindUpload
	}
	return m, true
}

const polyTrustName = "poly-ca.cfg"

func polyName(mac telephony.MAC) string { return string(mac) + "-user.cfg" }

func (p poly) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return p.config(d)
	case provision.KindBoot:
		return polyMaster(string(d.MAC)+".cfg", d.Firmware.URL, polyName(d.MAC))
	case provision.KindTrust:
		return polyTrust(d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// RenderStageOne leads on in the master file, whose list may hold URLs; the file
// it names moves the phone to its own directory for good.
func (poly) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindBoot:
		var files []string
		if b.RootCA != "" {
			files = append(files, b.StageURL+polyTrustName)
		}
		if b.TokenURL != "" {
			files = append(files, b.TokenURL.Reveal()+polyName(b.MAC))
		}
		if len(files) == 0 {
			return provision.File{}, provision.NoFile(kind)
		}
		return polyMaster(string(b.MAC)+".cfg", "", strings.Join(files, ", "))
	case provision.KindConfig:
		s := polyCatalogue.Sheet(16)
		s.Set("device.set", true)
		if err := polyTrustAnchor(s, b.RootCA, b.StageURL); err != nil {
			return provision.File{}, err
		}
		if b.TokenURL != "" {
			polyServer(s, b.TokenURL.Reveal())
		}
		return polyFile(polyName(b.MAC), s)
	case provision.KindTrust:
		return polyTrust(b.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// PlainPointer is a master file with one more file to fetch, whose name the phone
// completes with its MAC.
func (poly) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindBoot {
		return provision.File{}, provision.NoFile(kind)
	}
	return polyMaster("pointer.cfg", "", httpsURL+"[PHONE_MAC_ADDRESS]-user.cfg")
}

// polyServer makes the phone's directory the only one it asks.
func polyServer(s *provision.Sheet, httpsURL string) {
	polyDevice(s, "device.prov.serverType", "HTTPS")
	polyDevice(s, "device.prov.serverName", httpsURL)
	polyDevice(s, "device.dhcp.bootSrvUseOpt", "Static")
}

// polyDevice sets a parameter of the device: it applies only together with its own
// ".set" and device.set in the same file.
func polyDevice(s *provision.Sheet, name string, value any) {
	s.Set(name+".set", true)
	s.Set(name, value)
}

// polyTrustAnchor makes the phone verify our certificate, with a CA of our own
// beside the built-in ones.
func polyTrustAnchor(s *provision.Sheet, rootCA, host string) error {
	der, list := "", "Builtin"
	if rootCA != "" {
		var err error
		if der, err = provision.DERBase64(rootCA); err != nil {
			return err
		}
		list = "BuiltinAndPlatform1"
	}
	polyDevice(s, "device.sec.TLS.customCaCert1", der)
	polyDevice(s, "device.sec.TLS.profile.caCertList1", list)
	polyDevice(s, "device.sec.TLS.prov.strictCertCommonNameValidation", !isAddress(host))
	return nil
}

func polyTrust(rootCA string) (provision.File, error) {
	if rootCA == "" {
		return provision.File{}, provision.NoFile(provision.KindTrust)
	}
	der, err := provision.DERBase64(rootCA)
	if err != nil {
		return provision.File{}, err
	}
	s := polyCatalogue.Sheet(5)
	s.Set("device.set", true)
	polyDevice(s, "device.sec.TLS.customCaCert1", der)
	polyDevice(s, "device.sec.TLS.profile.caCertList1", "BuiltinAndPlatform1")
	return polyFile(polyTrustName, s)
}

// polyMaster is the file that names the others. An empty firmware path is none.
func polyMaster(name, firmware, files string) (provision.File, error) {
	s := polyCatalogue.Sheet(8)
	s.Set("APP_FILE_PATH", firmware)
	s.Set("CONFIG_FILES", files)
	for _, dir := range polyDirectories {
		s.Clear(dir)
	}
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering poly %s: %w", name, err)
	}
	return provision.File{Name: name, ContentType: typeXML, Body: polyElement("APPLICATION", settings)}, nil
}

func polyFile(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering poly %s: %w", name, err)
	}
	return provision.File{Name: name, ContentType: typeXML, Body: polyElement("polycomConfig", settings)}, nil
}

// polyElement is one element with all settings as attributes: the nesting means
// nothing to the phone.
func polyElement(name string, settings []provision.Setting) []byte {
	var b bytes.Buffer
	b.Grow(48 * (len(settings) + 4))
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n<" + name)
	for _, s := range settings {
		value := s.Value
		if p, _ := polyCatalogue.Lookup(s.Name); p.Type == provision.PEM && value != "" {
			value = pemText(value)
		}
		b.WriteString("\n ")
		attribute(&b, s.Name, value)
	}
	b.WriteString("\n/>\n")
	return b.Bytes()
}

// Parse reads back the attributes of all elements.
func (poly) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		XMLName    xml.Name
		Attributes []xml.Attr `xml:",any,attr"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	settings := make([]provision.Setting, 0, len(doc.Attributes))
	for _, a := range doc.Attributes {
		settings = append(settings, provision.Setting{Name: a.Name.Local, Value: pemBare(a.Value)})
	}
	return settings, nil
}
