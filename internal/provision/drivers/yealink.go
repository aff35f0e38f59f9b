package drivers

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// yealinkHeader must be the very first line of every file; without it the phone
// ignores the file.
const yealinkHeader = "#!version:1.0.0.1\n"

type yealink struct{}

func init() { register(yealink{}) }

func (yealink) Info() provision.Info { return yealinkInfo }

// CheckSync fetches without a reboot because every configuration of ours sets
// sip.notify_reboot_enable to 0; a factory-new phone would reboot.
func (yealink) CheckSync() string { return "check-sync;reboot=false" }
func (yealink) Reboot() string    { return "check-sync;reboot=true" }

var (
	yealinkAgent = regexp.MustCompile(`(?i)^(?:yealink[ -]+(?:SIP(?: VP)?-)?([A-Z0-9_-]+)|(VP530P?|W5\dP))\s+([\d.]+)`)
	yealinkBoot  = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.boot$`)
	yealinkNN    = regexp.MustCompile(`(?i)^y0{9}(\d{3})\.(cfg|boot)$`)
	yealinkOwn   = regexp.MustCompile(`(?i)^[0-9a-f]{12}-(local\.cfg|contact\.xml|calllog\.xml|(boot|sys)\.log)$|^[0-9a-f]{12}\.log$`)
)

func (yealink) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := yealinkAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]+a[2]), a[3]
	}
	name := path.Base("/" + r.Path)
	switch nn := yealinkNN.FindStringSubmatch(name); {
	case yealinkOwn.MatchString(name):
		m.Kind = provision.KindUpload
	case nn != nil:
		m.Kind, m.Sure = provision.KindCommon, true // nobody else has such names
		if m.Model == "" {
			m.Model = yealinkCommon[nn[1]]
		}
	case yealinkBoot.MatchString(name):
		m.Kind = provision.KindBoot
	case strings.EqualFold(name, yealinkTrustName):
		m.Kind = provision.KindTrust
	case strings.EqualFold(path.Ext(name), ".cfg"):
		m.Kind = provision.KindConfig
	default:
		return m, m.Sure
	}
	if r.Writes() {
		m.Kind = provision.KindUpload
	}
	return m, true
}

const yealinkTrustName = "ca.crt"

func (y yealink) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return y.config(d)
	case provision.KindBoot:
		// Saves the phone the two requests for common files that we do not have.
		return yealinkInclude(d.MAC, string(d.MAC)+".cfg"), nil
	case provision.KindTrust:
		return caFile(yealinkTrustName, d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

func (yealink) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindBoot:
		if b.TokenURL == "" {
			return provision.File{}, provision.NoFile(kind)
		}
		return yealinkInclude(b.MAC, b.TokenURL.Reveal()+string(b.MAC)+".cfg"), nil
	case provision.KindConfig:
		s := yealinkCatalogue.Sheet(8)
		yealinkTrustAnchor(s, b.RootCA, b.StageURL, b.StageURL)
		if b.TokenURL != "" {
			s.Set("static.auto_provision.server.url", b.TokenURL.Reveal())
			// Firmware without boot files comes here first; it looks at the new
			// address only at its next turn, which this makes soon.
			s.Set("static.auto_provision.repeat.enable", true)
			s.Set("static.auto_provision.repeat.minutes", 1)
		}
		return yealinkFile(string(b.MAC)+".cfg", s)
	case provision.KindTrust:
		return caFile(yealinkTrustName, b.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

func (yealink) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	s := yealinkCatalogue.Sheet(3)
	s.Set("static.auto_provision.server.url", httpsURL)
	s.Set("static.auto_provision.repeat.enable", true)
	s.Set("static.auto_provision.repeat.minutes", provision.PointerTurn/60)
	return yealinkFile("pointer.cfg", s)
}

func yealinkInclude(mac telephony.MAC, target string) provision.File {
	return provision.File{
		Name: string(mac) + ".boot", ContentType: typeText,
		Body: []byte(yealinkHeader + "include:config \"" + target + "\"\n"),
	}
}

func yealinkFile(name string, s *provision.Sheet) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering yealink %s: %w", name, err)
	}
	var b bytes.Buffer
	b.Grow(64 * (len(settings) + 1))
	b.WriteString(yealinkHeader)
	provision.WriteLines(&b, settings)
	return provision.File{Name: name, ContentType: typeText, Body: b.Bytes()}, nil
}

// Parse reads back a configuration: the settings, without header and includes.
func (yealink) Parse(f provision.File) ([]provision.Setting, error) {
	text, ok := strings.CutPrefix(string(f.Body), yealinkHeader)
	if !ok {
		return nil, fmt.Errorf("reading %s: the first line is not the version header", f.Name)
	}
	var settings []provision.Setting
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		name, value, ok := strings.Cut(line, " = ")
		switch {
		case line == "" || strings.HasPrefix(line, "include:config "):
		case !ok:
			return nil, fmt.Errorf("reading %s: line %d is no setting", f.Name, n+2)
		default:
			settings = append(settings, provision.Setting{Name: name, Value: value})
		}
	}
	return settings, nil
}

func (yealink) Catalogue() *provision.Catalogue { return yealinkCatalogue }

// yealinkTrustAnchor makes the phone verify our certificate; with a CA of our own
// it fetches that from dir first.
func yealinkTrustAnchor(s *provision.Sheet, rootCA, dir, host string) {
	s.Set("static.security.trust_certificates", true)
	if rootCA != "" {
		s.Set("static.security.ca_cert", 2) // built-in and custom
		s.Set("static.trusted_certificates.url", dir+yealinkTrustName)
	} else {
		s.Set("static.security.ca_cert", 0)
	}
	s.Set("static.security.cn_validation", !isAddress(host))
}
