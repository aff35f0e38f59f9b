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

// snomDect covers Snom's DECT bases (M series). They ask for the same files as the
// maker's desk phones, and know other settings.
type snomDect struct{}

func init() { register(snomDect{}) }

func (snomDect) Info() provision.Info { return snomDectInfo }

// CheckSync reboots nothing because our files say so (sip_check_sync_always_reboot).
func (snomDect) CheckSync() string { return "check-sync;reboot=false" }
func (snomDect) Reboot() string    { return "check-sync;reboot=true" }

func (snomDect) Catalogue() *provision.Catalogue { return snomDectCatalogue }

var (
	snomDectAgent   = regexp.MustCompile(`(?i)\bsnom\s?(M[3479]00)\s+(\d+(?:\.\d+)+)`)
	snomDectCommon  = regexp.MustCompile(`(?i)^snom(M[3479]00)\.(?:htm|html|xml)$`)
	snomDectPerBase = regexp.MustCompile(`(?i)^snom(M[3479]00)-[0-9a-f]{12}\.(?:htm|html|xml)$`)
	snomDectImage   = regexp.MustCompile(`(?i)^snom(M[3479]00)-firmware\.(?:htm|html|xml)$`)
	snomDectOwn     = regexp.MustCompile(`(?i)^[0-9a-f]{12}(?:\.(?:htm|html|xml))?$`)
)

func (snomDect) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := snomDectAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]
	}
	name := path.Base("/" + r.Path)
	for _, f := range []struct {
		names *regexp.Regexp
		kind  provision.FileKind
	}{{snomDectImage, provision.KindBoot}, {snomDectPerBase, provision.KindConfig}, {snomDectCommon, provision.KindCommon}} {
		if n := f.names.FindStringSubmatch(name); n != nil {
			m.Kind, m.Sure = f.kind, true
			if m.Model == "" {
				m.Model = strings.ToUpper(n[1])
			}
			return m, true
		}
	}
	switch {
	case snomDectOwn.MatchString(name), m.Sure && name == "/":
		m.Kind = provision.KindConfig
		return m, true
	case m.Sure && strings.EqualFold(name, "snom-general.xml"):
		m.Kind = provision.KindCommon
	}
	return m, m.Sure
}

func snomDectName(mac telephony.MAC) string { return mac.Upper() + ".xml" }

func (d snomDect) Render(want telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	return d.config(want)
}

// RenderStageOne answers the model's file and the base's own alike: whichever
// comes first leads on.
func (snomDect) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	var f bytes.Buffer
	f.WriteString(xml.Header + "<setting-files>\n  <file")
	attribute(&f, "url", b.TokenURL.Reveal()+snomDectName(b.MAC))
	f.WriteString("/>\n</setting-files>\n")
	return provision.File{Name: snomDectName(b.MAC), ContentType: typeXML, Body: f.Bytes()}, nil
}

// PlainPointer lets the base fill in its MAC, so that the answer is constant.
func (snomDect) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := snomDectCatalogue.Sheet(1)
	s.Set("setting_server", httpsURL+"{mac}.xml")
	return snomDectFile("pointer.xml", s)
}

// snomDectFile writes each setting into the block where bases have it.
func snomDectFile(name string, sheet *provision.Sheet) (provision.File, error) {
	settings, err := sheet.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering snom %s: %w", name, err)
	}
	var blocks [len(snomDectBlocks)]bytes.Buffer
	for _, st := range settings {
		tag, index, indexed := strings.Cut(st.Name, ".")
		block := &blocks[snomDectBlockOf[tag]]
		if indexed {
			tag += ` idx="` + index + `"`
		}
		element(block, "    ", tag, st.Value)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<settings>\n")
	for n, block := range snomDectBlocks {
		if blocks[n].Len() > 0 {
			b.WriteString("  <" + block + ">\n")
			b.Write(blocks[n].Bytes())
			b.WriteString("  </" + block + ">\n")
		}
	}
	b.WriteString("</settings>\n")
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

// Parse reads back a configuration: settings as name or name.idx.
func (snomDect) Parse(f provision.File) ([]provision.Setting, error) {
	var doc struct {
		Blocks []struct {
			Elements []struct {
				XMLName xml.Name
				Index   string `xml:"idx,attr"`
				Value   string `xml:",chardata"`
			} `xml:",any"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	var settings []provision.Setting
	for _, block := range doc.Blocks {
		for _, e := range block.Elements {
			name := e.XMLName.Local
			if e.Index != "" {
				name += "." + e.Index
			}
			settings = append(settings, provision.Setting{Name: name, Value: e.Value})
		}
	}
	return settings, nil
}
