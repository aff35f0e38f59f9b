package drivers

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// ciscoSPA covers Cisco's and Linksys' SPA desk phones and the adapters for
// analogue phones. The desk phones and the older adapters take a server's
// certificate only from Sipura's or Cisco's own CA; the newer adapters fetch another.
type ciscoSPA struct{ flatDialect }

func init() {
	register(ciscoSPA{flatDialect{catalogue: ciscoSPACatalogue, useAuthID: true, trust: "cisco-spa.crt", trustIn: "Custom_CA_URL"}})
}

func (ciscoSPA) Info() provision.Info { return ciscoSPAInfo }

// CheckSync and Reboot are challenged by the device.
func (ciscoSPA) CheckSync() string { return "resync" }
func (ciscoSPA) Reboot() string    { return "reboot" }

var (
	ciscoSPAAgent  = regexp.MustCompile(`^(?:Cisco|Linksys)/(SPA-?\w+|ATA\d+|PAP2T?)(?:-MPP)?-(\S+)`)
	ciscoSPAOther  = regexp.MustCompile(`(?i)^ata[0-9a-f]{12}\.cnf\.xml$`) // what an ATA 190 wants there is no flat profile
	ciscoSPACommon = regexp.MustCompile(`(?i)^spa-?(\d{3,4}\w{0,3})\.(?:cfg|xml)$`)
)

func (c ciscoSPA) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := ciscoSPAAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ToUpper(strings.Replace(a[1], "-", "", 1)), a[2]
	}
	name := path.Base("/" + r.Path)
	switch common := ciscoSPACommon.FindStringSubmatch(name); {
	case r.Writes():
		m.Kind = provision.KindUpload
		return m, m.Sure
	case common != nil:
		m.Kind, m.Sure = provision.KindCommon, true
		if m.Model == "" {
			m.Model = "SPA" + strings.ToUpper(common[1])
		}
	case ciscoSPAOther.MatchString(name):
		m.Sure = true
	case m.Sure && strings.EqualFold(name, "init.cfg"):
		m.Kind = provision.KindCommon
	case strings.EqualFold(name, c.trust):
		m.Kind = provision.KindTrust
	case flatOwn(ciscoSPAInfo, name, m.Sure), m.Sure && name == "/":
		m.Kind = provision.KindConfig
	default:
		return m, m.Sure
	}
	return m, true
}

func (c ciscoSPA) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return c.config(d)
	case provision.KindTrust:
		return caFile(c.trust, d.SIP.RootCA)
	}
	return provision.File{}, provision.NoFile(kind)
}

// config is the device's own file. Every line and key of the model is written,
// used or not: a device keeps whatever a file does not mention.
func (c ciscoSPA) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := ciscoSPAInfo.Model(d.Model)
	s := ciscoSPACatalogue.Sheet(300)
	if err := c.system(s, d); err != nil {
		return provision.File{}, err
	}
	if ciscoSPAAdapter(model) {
		ciscoSPABox(s, d)
	} else {
		ciscoSPADesk(s, d, model)
	}
	for port, l := range linesOf(d, model) {
		if ciscoSPAAdapter(model) {
			ciscoSPAPort(s, port)
		}
		if !l.Used() {
			c.noAccount(s, port)
			continue
		}
		c.account(s, d, l)
		if !ciscoSPAAdapter(model) {
			s.Set("Emergency_Number."+strconv.Itoa(port), strings.Join(d.Emergency, ","))
		}
	}
	placed, _ := provision.LayKeys(ciscoSPAKnows(model), d)
	c.keys(s, placed, model)
	s.Override(d.Overrides)
	return c.file(flatName(d.MAC), s)
}

// ciscoSPADesk is what a desk phone has beyond other flat profiles. Its language
// follows from the dictionary that it has, which is the vendor's to give.
func ciscoSPADesk(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	if pw := d.AdminPassword; pw != "" {
		// The user level gets the same password: nobody at the desk has it.
		s.Set("Admin_Passwd", pw)
		s.Set("User_Password", pw)
	}
	s.Set("Enable_Web_Server", true)
	s.Set("Phone-UI-user-mode", true)
	// Signing in at the phone would put another account in the place of ours.
	s.Set("EM_Enable", false)
	word, _ := flatLanguage(d)
	s.Set("Language_Selection", word)
	s.Set("Time_Format", "24hr")
	s.Set("Date_Format", "day/month")
	s.Set("Station_Name", flatFirst(d, m))
	flatDesk(s, flatSpeedDials(""))
}

// ciscoSPABox is what an adapter has beyond other flat profiles: the router inside
// keeps the passwords of the web pages, a spoken menu can change the rest.
func ciscoSPABox(s *provision.Sheet, d telephony.Desired) {
	if pw := d.AdminPassword; pw != "" {
		s.Set("router-configuration/Web_Login_Admin_Name", "admin")
		s.Set("router-configuration/Web_Login_Admin_Password", pw)
		s.Set("router-configuration/Web_Login_Guest_Name", "user")
		s.Set("router-configuration/Web_Login_Guest_Password", pw)
		s.Set("Admin_Passwd", pw) // those without a router
		s.Set("User_Password", pw)
	}
	s.Set("Protect_IVR_FactoryReset", true)
}

// ciscoSPAPort clears what the last person switched on at one port of an adapter
// (P07), at every fetch.
func ciscoSPAPort(s *provision.Sheet, port int) {
	n := "." + strconv.Itoa(port)
	s.Set("DND_Setting"+n, false)
	s.Clear("Cfwd_All_Dest"+n, "Cfwd_Busy_Dest"+n, "Cfwd_No_Ans_Dest"+n)
	for _, name := range flatSpeedDials("") {
		s.Clear(name + n)
	}
}

// Screen reads the same faces and keys as the configuration does. An analogue
// phone shows nothing of it: what is drawn is what others see of its line.
func (c ciscoSPA) Screen(d telephony.Desired, model string) provision.Screen {
	m, _ := ciscoSPAInfo.Model(model)
	if model == "" {
		m, _ = ciscoSPAInfo.Model(d.Model)
	}
	if !ciscoSPAAdapter(m) {
		return c.screen(ciscoSPAKnows(m), d, model, ciscoSPABody)
	}
	s := provision.IdleScreen(ciscoSPAInfo, d, model, ciscoSPABody)
	s.Assumed = true
	for n, l := range s.Lines {
		s.Lines[n].Label = ciscoSPACatalogue.Shown("Display_Name.1", provision.FaceAt(d, l.Port).Display)
		s.Text = append(s.Text, s.Lines[n].Label)
	}
	return s
}
