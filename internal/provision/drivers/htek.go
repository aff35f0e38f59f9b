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

// htek writes Hanlong's numbered parameters. The numbers look like Grandstream's,
// of whose firmware it is a descendant, and often mean the same, but not always.
type htek struct{}

func init() { register(htek{}) }

func (htek) Info() provision.Info { return htekInfo }

// CheckSync is the word for "fetch" that no phone of theirs takes for a restart.
func (htek) CheckSync() string { return "resync" }
func (htek) Reboot() string    { return "check-sync;reboot=true" }

func (htek) Catalogue() *provision.Catalogue { return htekCatalogue }

var (
	htekAgent = regexp.MustCompile(`^Htek (\S+) (\S+) [0-9A-Fa-f:]{12,17}$`)
	htekOwn   = regexp.MustCompile(`(?i)^(?:cfg[0-9a-f]{12}\.xml|[0-9a-f]{12}\.cfg)$`)
	htekModel = regexp.MustCompile(`(?i)^cfg(0[01]\d{2})\.xml$`)
)

// Match: the file of the model, named by a code, comes first. Newer firmware asks
// for its own file by a second name as well.
func (htek) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := htekAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, a[1], a[2]
	}
	name := path.Base("/" + r.Path)
	if htekOwn.MatchString(name) {
		m.Kind = provision.KindConfig
		return m, true
	}
	if code := htekModel.FindStringSubmatch(name); code != nil && htekCodes[code[1]] != "" {
		m.Kind, m.Sure = provision.KindCommon, true
		if m.Model == "" {
			m.Model = htekCodes[code[1]]
		}
	}
	return m, m.Sure
}

func htekName(mac telephony.MAC) string { return "cfg" + string(mac) + ".xml" }

func (h htek) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind == provision.KindConfig {
		return h.config(d)
	}
	return provision.File{}, provision.NoFile(kind)
}

// RenderStageOne leads to the device's own directory. No parameter is known that
// would bring a CA, so without that there is nothing to say. Whether a phone goes
// there at once is not known either: its turn comes as soon as it can.
func (htek) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	s := htekCatalogue.Sheet(6)
	htekServer(s, b.TokenURL.Reveal())
	htekPoll(s, 0)
	return htekFile(htekName(b.MAC), s)
}

func (htek) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := htekCatalogue.Sheet(3)
	htekServer(s, httpsURL)
	return htekFile("pointer.xml", s)
}

// htekServer sets where the phone fetches, and that no DHCP server knows better. The
// URL is whole, so that its scheme holds whichever number means HTTPS.
func htekServer(s *provision.Sheet, httpsURL string) {
	s.Set("P212", "3")
	s.Set("P237", httpsURL)
	s.Set("P145", false)
}

// htekFile writes the settings. What the templates call "para" is a comment, and an
// empty element clears.
func htekFile(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering htek %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(32 * (len(settings) + 8))
	b.WriteString(xml.Header + "<hl_provision version=\"1\">\n  <config version=\"1\">\n")
	for _, s := range settings {
		element(&b, "    ", s.Name, s.Value)
	}
	b.WriteString("  </config>\n</hl_provision>\n")
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

// Parse reads back a configuration.
func (htek) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		XMLName xml.Name `xml:"hl_provision"`
		Config  struct {
			Elements elements `xml:",any"`
		} `xml:"config"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	settings := doc.Config.Elements.settings()
	for _, s := range settings {
		if !strings.HasPrefix(s.Name, "P") {
			return nil, fmt.Errorf("reading %s: %s is no parameter", f.Name, s.Name)
		}
	}
	return settings, nil
}
