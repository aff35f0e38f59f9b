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

// mitel covers the SIP phones of the 6700, 6800 and 6900 series, Aastra's as well.
// They read three files, each of which may be missing; the device's own is last
// and wins.
type mitel struct{}

func init() { register(mitel{}) }

func (mitel) Info() provision.Info { return mitelInfo }

// CheckSync makes the phone compare its files and restart, when idle, only if they
// have changed: that is how it takes them.
func (mitel) CheckSync() string { return "check-sync" }
func (mitel) Reboot() string    { return "check-sync;reboot=true" }

func (mitel) Catalogue() *provision.Catalogue { return mitelCatalogue }

var (
	mitelAgent  = regexp.MustCompile(`^(?:Aastra|Mitel)(\w+) MAC:[0-9A-Fa-f-]{17} V:([\d.]+)`)
	mitelCommon = regexp.MustCompile(`(?i)^(?:startup|aastra|(6[789]\d{2}[a-z]{0,2}|9(?:143|480)i|5[1357]i))\.cfg$`)
	mitelOwn    = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.cfg$`)
)

const mitelTrustName = "mitel-ca.pem"

// Match: encrypted twins, language packs and firmware (.tuz, .txt, .st) are asked
// for too; what has no kind is answered like any absent file.
func (mitel) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := mitelAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, mitelModel(a[1]), a[2]
	}
	name := path.Base("/" + r.Path)
	switch common := mitelCommon.FindStringSubmatch(name); {
	case r.Writes():
		m.Kind = provision.KindUpload
		return m, m.Sure
	case common != nil:
		m.Kind, m.Sure = provision.KindCommon, true
		if m.Model == "" {
			m.Model = mitelModel(common[1])
		}
	case mitelOwn.MatchString(name):
		m.Kind = provision.KindConfig
	case strings.EqualFold(name, mitelTrustName):
		m.Kind, m.Sure = provision.KindTrust, true
	case strings.EqualFold(name, mitelRestartName):
		m.Kind, m.Sure = provision.KindRestart, true
	default:
		return m, m.Sure
	}
	return m, true
}

func mitelModel(name string) string {
	if today, ok := mitelOldNames[name]; ok {
		return today
	}
	return name
}

func (m mitel) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return m.config(d)
	case provision.KindTrust:
		return caFile(mitelTrustName, d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

const (
	mitelRestartName = "mitel-restart.xml"
	mitelRestart     = xml.Header + "<AastraIPPhoneExecute>\n<ExecuteItem URI=\"Command: FastReboot\"/>\n</AastraIPPhoneExecute>\n"
)

// RenderStageOne answers the device's own file. The phone goes to another server
// at its next start only, so this has it ask, once it is up, for what makes it
// start again. That is the same for all and lies at stage 1: what a phone does at its
// start shall not bear its token (P02). The file that it then gets asks for nothing
// any more.
func (mitel) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		s := mitelCatalogue.Sheet(12)
		mitelTrustAnchor(s, b.RootCA, b.StageURL)
		if b.TokenURL != "" {
			if err := mitelServer(s, b.TokenURL.Reveal()); err != nil {
				return provision.File{}, err
			}
			s.Set("action uri startup", b.StageURL+mitelRestartName)
		}
		return mitelFile(mitelName(b.MAC), s)
	case provision.KindTrust:
		return caFile(mitelTrustName, b.RootCA)
	case provision.KindRestart:
		return provision.File{Name: mitelRestartName, ContentType: typeXML, Body: []byte(mitelRestart)}, nil
	}
	return provision.File{}, provision.NoFile(kind)
}

// PlainPointer is startup.cfg, and the device's own file for those that skip it.
func (mitel) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := mitelCatalogue.Sheet(5)
	if err := mitelServer(s, httpsURL); err != nil {
		return provision.File{}, err
	}
	return mitelFile("startup.cfg", s)
}

func mitelName(mac telephony.MAC) string { return mac.Upper() + ".cfg" }

// mitelFile writes "name: value". A phone lets what was changed on it win over all
// files, except over what is locked ("!") or reset ("^").
func mitelFile(name string, s *provision.Sheet) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering mitel %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(48 * len(settings))
	for _, st := range settings {
		mark := byte('!')
		if p, _ := mitelCatalogue.Lookup(st.Name); p.Open && st.Name != mitelForwards {
			mark = '^' // the person's own, until the next start
		}
		b.WriteByte(mark)
		b.WriteString(st.Name)
		b.WriteByte(':')
		switch {
		case st.Value == "":
		case strings.Contains(st.Value, "#") && !strings.Contains(st.Value, `"`): // else a comment
			b.WriteString(` "` + st.Value + `"`)
		default:
			b.WriteString(" " + st.Value)
		}
		b.WriteByte('\n')
	}
	return provision.File{Name: name, ContentType: typeText, Body: b.Bytes()}, nil
}

// Parse reads back a configuration, without marks, quotes and comments.
func (mitel) Parse(f provision.File) ([]provision.Setting, error) {
	var settings []provision.Setting
	if f.ContentType == typeXML {
		return nil, nil
	}
	for n, line := range strings.Split(strings.TrimSuffix(string(f.Body), "\n"), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimLeft(line, "!^"), ":")
		if !ok {
			return nil, fmt.Errorf("reading %s: line %d is no setting", f.Name, n+1)
		}
		value = strings.TrimPrefix(value, " ")
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		settings = append(settings, provision.Setting{Name: name, Value: value})
	}
	return settings, nil
}
