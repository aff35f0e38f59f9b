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

// grandstream writes numbered parameters ("P-values"), which desk phones, analog
// adapters and DECT bases of all ages read; only the newest know names.
type grandstream struct{}

func init() { register(grandstream{}) }

func (grandstream) Info() provision.Info { return grandstreamInfo }

// CheckSync fetches anew. Factory-new phones challenge every NOTIFY; each
// configuration of ours switches that off (P4428), and before it a phone has no
// registration to be notified through.
func (grandstream) CheckSync() string { return "resync" }
func (grandstream) Reboot() string    { return "check-sync;reboot=true" }

func (grandstream) Catalogue() *provision.Catalogue { return grandstreamCatalogue }

var (
	grandstreamAgent = regexp.MustCompile(`^Grandstream (?:Model HW )?([A-Za-z0-9\-]+)(?:\s+V[^ ]+)?(?: SW ([^ ]+)| \([^:]*:([\d.]+).*?\)) DevId `)
	grandstreamSIP   = regexp.MustCompile(`^Grandstream ([A-Z]{2,3}\d{3,4}[A-Za-z0-9_]*) ([\d.]+)`)
	grandstreamOwn   = regexp.MustCompile(`(?i)^cfg[0-9a-f]{12}\.xml$`)
	grandstreamRaw   = regexp.MustCompile(`(?i)^cfg(?:[0-9a-f]{12})?(?:\.bin)?$`)
	grandstreamModel = regexp.MustCompile(`(?i)^cfg((?:gxp|grp|gxv|ghp|gac|wp|dp|ht|gxw)[0-9a-z_]+)\.xml$`)
)

func (grandstream) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := grandstreamAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]+a[3]
	} else if a := grandstreamSIP.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]
	}
	name := path.Base("/" + r.Path)
	switch {
	case grandstreamOwn.MatchString(name):
		m.Kind = provision.KindConfig
	case grandstreamModel.MatchString(name):
		m.Kind = provision.KindCommon
		if m.Model == "" {
			m.Model = strings.ToUpper(grandstreamModel.FindStringSubmatch(name)[1])
		}
	case strings.EqualFold(name, "cfg.xml"):
		m.Kind = provision.KindCommon
	case grandstreamRaw.MatchString(name):
		// The binary form comes first in the chain and is answered like any absent
		// file: the phone goes on to the next name.
	default:
		return m, m.Sure
	}
	return m, true
}

func grandstreamName(mac telephony.MAC) string { return "cfg" + string(mac) + ".xml" }

func (g grandstream) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind == provision.KindConfig {
		return g.config(d)
	}
	return provision.File{}, provision.NoFile(kind)
}

// RenderStageOne answers the device's file and the model's alike. Whether a phone
// looks at its new address at once or at its next turn depends on its age, so the
// turn comes as soon as it can; P145 restarts the sets that need that for a change.
func (grandstream) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := grandstreamCatalogue.Sheet(8)
	if err := grandstreamTrust(s, b.RootCA, b.StageURL); err != nil {
		return provision.File{}, err
	}
	if b.TokenURL != "" {
		grandstreamServer(s, b.TokenURL.Reveal())
		s.Set("P145", "0")
		s.Set("P1414", false)
		model, _ := grandstreamInfo.Model(b.Model)
		family, _ := grandstreamKind(model)
		grandstreamPoll(s, family, 0)
	}
	return grandstreamFile(grandstreamName(b.MAC), b.MAC, "", s)
}

func (grandstream) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := grandstreamCatalogue.Sheet(4)
	grandstreamServer(s, httpsURL)
	grandstreamPoll(s, grandstreamGRP, provision.PointerTurn) // in the words of desk phones
	return grandstreamFile("pointer.xml", "", "leads to "+httpsURL, s)
}

// grandstreamServer sets where the phone fetches. The scheme is a setting of its
// own: older sets take none in the path.
func grandstreamServer(s *provision.Sheet, httpsURL string) {
	s.Set("P212", "2")
	s.Set("P237", grandstreamPath(httpsURL))
}

// grandstreamPath is a URL in the form host/path.
func grandstreamPath(httpsURL string) string {
	return strings.TrimSuffix(strings.TrimPrefix(httpsURL, "https://"), "/")
}

// grandstreamTrust makes the phone verify our certificate, with a CA of our own
// beside the built-in ones.
func grandstreamTrust(s *provision.Sheet, rootCA, host string) error {
	s.Set("P8463", true)
	s.Set("P22030", !isAddress(host))
	if rootCA == "" {
		s.Set("P8502", "0")
		return nil
	}
	der, err := provision.DERBase64(rootCA)
	if err != nil {
		return err
	}
	s.Set("P2386", der)
	s.Set("P8502", "2")
	return nil
}

// grandstreamFile writes the settings. A file that names another MAC than the
// phone's own is refused by it.
func grandstreamFile(name string, mac telephony.MAC, comment string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering grandstream %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(32 * (len(settings) + 8))
	b.WriteString(xml.Header)
	if comment != "" {
		b.WriteString("<!-- " + comment + " -->\n")
	}
	b.WriteString("<gs_provision version=\"1\">\n")
	if mac != "" {
		element(&b, "  ", "mac", string(mac))
	}
	b.WriteString("  <config version=\"1\">\n")
	for _, s := range settings {
		if p, _ := grandstreamCatalogue.Lookup(s.Name); p.Type == provision.PEM && s.Value != "" {
			element(&b, "    ", s.Name, pemText(s.Value))
			continue
		}
		element(&b, "    ", s.Name, s.Value)
	}
	b.WriteString("  </config>\n</gs_provision>\n")
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

// Parse reads back a configuration: P-values by number.
func (grandstream) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		XMLName xml.Name `xml:"gs_provision"`
		Config  struct {
			Version  string   `xml:"version,attr"`
			Elements elements `xml:",any"`
		} `xml:"config"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	if doc.Config.Version != "1" {
		return nil, fmt.Errorf("reading %s: version %q has other names", f.Name, doc.Config.Version)
	}
	return doc.Config.Elements.settings(), nil
}
