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
type ciscoMPP struct{ flatDialect }

func init() {
	register(ciscoMPP{flatDialect{catalogue: ciscoMPPCatalogue, wrapped: true, trust: "cisco-mpp.crt", trustIn: "Custom_CA_Rule"}})
}

func (ciscoMPP) Info() provision.Info { return ciscoMPPInfo }

// CheckSync waits for the phone to be idle and does not restart it. The phone
// challenges both events.
func (ciscoMPP) CheckSync() string { return "resync" }
func (ciscoMPP) Reboot() string    { return "reboot_now" }

var (
	ciscoMPPAgent  = regexp.MustCompile(`^Cisco-(?:CP|DP)-(\w+?)(?:-3PCC)?/([^ ]+)`)
	ciscoMPPCommon = regexp.MustCompile(`(?i)^(\d{4})-3PCC\.xml$`)
	ciscoMPPOwn    = regexp.MustCompile(`(?i)^/?(?:.*/)?Cisco/(?:CP|DP)-(\w+?)(?:-3PCC)?/[0-9a-f]{12}\.cfg$`)
)

func (c ciscoMPP) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := ciscoMPPAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(a[1]), a[2]
	}
	name, model := path.Base("/"+r.Path), ""
	switch own, common := ciscoMPPOwn.FindStringSubmatch(r.Path), ciscoMPPCommon.FindStringSubmatch(name); {
	case r.Writes():
		m.Kind = provision.KindUpload // reports and problem reports
		return m, m.Sure
	case own != nil:
		m.Kind, m.Sure, model = provision.KindConfig, true, own[1]
	case common != nil:
		m.Kind, m.Sure, model = provision.KindCommon, true, common[1]
	case strings.EqualFold(name, c.trust):
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

func (c ciscoMPP) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return c.config(d)
	case provision.KindTrust:
		return caFile(c.trust, d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// config is the device's own file. Every line and key of the model is written,
// used or not: a phone keeps whatever a file does not mention.
func (c ciscoMPP) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := ciscoMPPInfo.Model(d.Model)
	s := ciscoMPPCatalogue.Sheet(400)
	if err := c.system(s, d); err != nil {
		return provision.File{}, err
	}
	ciscoMPPSystem(s, d, model)
	for port, l := range linesOf(d, model) {
		if !l.Used() {
			c.noAccount(s, port)
			continue
		}
		c.account(s, d, l)
		ciscoMPPLine(s, d, l)
	}
	placed, _ := provision.LayKeys(ciscoMPPInfo, d)
	c.keys(s, placed, model)
	s.Override(d.Overrides)
	return c.file(flatName(d.MAC), s)
}
