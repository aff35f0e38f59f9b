package drivers

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"regexp"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// alcatel covers Alcatel-Lucent Enterprise's Myriad phones. It recognises the 8008 to
// 8078s and the Halo as well, which ask for files of the same names; but the former have
// settings by other names, which no source tells whole, of the latter there is no source
// (see Gaps), and neither are among its models.
type alcatel struct{}

func init() { register(alcatel{}) }

func (alcatel) Info() provision.Info { return alcatelInfo }

// CheckSync is all that a source tells them to obey; no word for a restart is known.
func (alcatel) CheckSync() string { return "check-sync" }
func (alcatel) Reboot() string    { return "" }

func (alcatel) Catalogue() *provision.Catalogue { return alcatelCatalogue }

var (
	alcatelAgent = regexp.MustCompile(`^ALE (\S+?)(?:-[CG]E)? ([\d.]+) [0-9a-f]{12}`)
	alcatelOwn   = regexp.MustCompile(`(?i)^config\.[0-9a-f]{12}\.xml$`)
	alcatelModel = regexp.MustCompile(`(?i)^config\.(m\d|h\d[a-z]?|80\d8[a-z]?)(?:-[cg]e)?\.xml$`)
)

// Match: the model's file comes first, then the device's own. Nobody else names
// files like this.
func (alcatel) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := alcatelAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, a[1], a[2]
	}
	name := path.Base("/" + r.Path)
	if alcatelOwn.MatchString(name) {
		m.Kind, m.Sure = provision.KindConfig, true
	} else if model := alcatelModel.FindStringSubmatch(name); model != nil {
		m.Kind, m.Sure = provision.KindCommon, true
		if m.Model == "" {
			m.Model = model[1]
		}
	}
	return m, m.Sure
}

func alcatelName(mac telephony.MAC) string { return "config." + string(mac) + ".xml" }

func (a alcatel) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind == provision.KindConfig {
		return a.config(d)
	}
	return provision.File{}, provision.NoFile(kind)
}

// RenderStageOne leads to the device's own directory. No setting is known that would
// bring a CA, so without that there is nothing to say.
func (alcatel) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := alcatelCatalogue.Sheet(8)
	alcatelServer(s, b.TokenURL.Reveal())
	return alcatelFile(alcatelName(b.MAC), s)
}

func (alcatel) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := alcatelCatalogue.Sheet(8)
	alcatelServer(s, httpsURL)
	return alcatelFile("pointer.xml", s)
}

// alcatelServer sets where the phone fetches and what, and that it asks by itself;
// how often, no source has a name for.
func alcatelServer(s *provision.Sheet, httpsURL string) {
	s.Set("DeviceProvisionServerUrl", httpsURL)
	s.Set("DeviceProvisionFileFirst", "config.$model.xml")
	s.Set("DeviceProvisionFileSecond", "config.$mac.xml")
	s.Clear("DeviceProvisionFileThird")
	s.Set("DeviceProvisionPollingByIntervalEnable", true)
}

// alcatelFile writes the settings; an empty value is the factory's.
func alcatelFile(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering alcatel %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(64 * (len(settings) + 4))
	b.WriteString(xml.Header + "<settings>\n")
	for _, s := range settings {
		b.WriteString("  <setting")
		attribute(&b, "id", s.Name)
		attribute(&b, "value", s.Value)
		b.WriteString("/>\n")
	}
	b.WriteString("</settings>\n")
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

// Parse reads back a configuration.
func (alcatel) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		XMLName  xml.Name `xml:"settings"`
		Settings []struct {
			ID    string  `xml:"id,attr"`
			Value *string `xml:"value,attr"`
		} `xml:"setting"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	settings := make([]provision.Setting, 0, len(doc.Settings))
	for _, s := range doc.Settings {
		if s.ID == "" || s.Value == nil {
			return nil, fmt.Errorf("reading %s: a setting has no id or no value", f.Name)
		}
		settings = append(settings, provision.Setting{Name: s.ID, Value: *s.Value})
	}
	return settings, nil
}
