package drivers

import (
	"path"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// ciscoMPP covers Cisco's multiplatform phones (3PCC). They take a server's
// certificate only from a CA that they know: with a CA of our own they must have
// fetched that over plain HTTP, by hand, before their first contact.
type ciscoMPP struct{}

func init() { register(ciscoMPP{}) }

var ciscoMPPFlat = flatDialect{catalogue: ciscoMPPCatalogue, wrapped: true, trust: "cisco-mpp.crt", trustIn: "Custom_CA_Rule"}

func (ciscoMPP) Info() provision.Info            { return ciscoMPPInfo }
func (ciscoMPP) Catalogue() *provision.Catalogue { return ciscoMPPCatalogue }

// CheckSync waits for the phone to be idle and does not restart it. The phone
// challenges both events.
func (ciscoMPP) CheckSync() string { return "resync" }
func (ciscoMPP) Reboot() string    { return "reboot_now" }

var (
	ciscoMPPAgent  = regexp.MustCompile(`^Cisco-(?:CP|DP)-(\w+?)(?:-3PCC)?/([^ ]+)`)
	ciscoMPPCommon = regexp.MustCompile(`(?i)^(\d{4})-3PCC\.xml$`)
	ciscoMPPOwn    = regexp.MustCompile(`(?i)^/?(?:.*/)?Cisco/(?:CP|DP)-(\w+?)(?:-3PCC)?/[0-9a-f]{12}\.cfg$`)
)

func (ciscoMPP) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := ciscoMPPAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]
	}
	name, model := path.Base("/"+r.Path), ""
	switch own, common := ciscoMPPOwn.FindStringSubmatch(r.Path), ciscoMPPCommon.FindStringSubmatch(name); {
	case r.Method == "PUT" || r.Method == "POST":
		m.Kind = provision.KindUpload // reports and problem reports
		return m, m.Sure
	case own != nil:
		m.Kind, m.Sure, model = provision.KindConfig, true, own[1]
	case common != nil:
		m.Kind, m.Sure, model = provision.KindCommon, true, common[1]
	case strings.EqualFold(name, ciscoMPPFlat.trust):
		m.Kind = provision.KindTrust
	case flatOwn(ciscoMPPInfo, name, m.Sure), m.Sure && name == "/":
		m.Kind = provision.KindConfig
	default:
		return m, m.Sure
	}
	if m.Model == "" {
		m.Model = strings.ToUpper(model)
	}
	return m, true
}

func (ciscoMPP) Parse(f provision.File) ([]provision.Setting, error) { return flatParse(f) }

func (c ciscoMPP) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return c.config(d)
	case provision.KindTrust:
		return ciscoMPPFlat.certificate(d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

func (ciscoMPP) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	return ciscoMPPFlat.stageOne(b, kind)
}

func (ciscoMPP) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	return ciscoMPPFlat.pointer(kind, httpsURL)
}

func (ciscoMPP) RenderPage(p provision.Page) (provision.File, error) { return flatPage(p) }

// PageKey is a line key with the function xml.
func (ciscoMPP) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	return ciscoMPPFlat.pageKey(n, port, label, url)
}

// config is the device's own file. Every line and key of the model is written,
// used or not: a phone keeps whatever a file does not mention.
func (ciscoMPP) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := ciscoMPPInfo.Model(d.Model)
	s := ciscoMPPCatalogue.Sheet(400)
	if err := ciscoMPPFlat.system(s, d); err != nil {
		return provision.File{}, err
	}
	ciscoMPPSystem(s, d, model)
	for port, l := range linesOf(d, model) {
		if !l.Used() {
			ciscoMPPFlat.noAccount(s, port)
			continue
		}
		ciscoMPPFlat.account(s, d, l)
		ciscoMPPLine(s, d, l)
	}
	placed, _ := provision.LayKeys(ciscoMPPInfo, d)
	ciscoMPPFlat.keys(s, placed, model)
	s.Override(d.Overrides)
	return ciscoMPPFlat.file(flatName(d.MAC), s)
}
