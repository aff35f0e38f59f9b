package drivers

import (
	"net"
	"path"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file. Every account and key of the model is written,
// used or not: a phone keeps whatever a file does not mention.
func (grandstream) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := grandstreamInfo.Model(d.Model)
	family, _ := grandstreamKind(model)
	s := grandstreamCatalogue.Sheet(500)
	grandstreamSystem(s, d, family)
	if err := grandstreamTrust(s, d.SIP.RootCA, d.BaseURL.Reveal()); err != nil {
		return provision.File{}, err
	}
	if family == grandstreamHTMany || family == grandstreamDECT {
		s.Set(grandstreamProfile.enable, true)
		grandstreamRegistrar(s, d, grandstreamProfile)
	}
	for n, l := range linesOf(d, model) {
		a := grandstreamAccountOf(family, n)
		if a.log != "" { // kept while somebody is there (P07)
			s.Set(a.log, map[bool]string{true: "0", false: "2"}[l.LoggedIn()])
		}
		if l.Used() {
			grandstreamUsed(s, d, l, a, model)
		} else {
			grandstreamUnused(s, a)
		}
		grandstreamFixed(s, a, n, model)
	}
	grandstreamKeys(s, d, model)
	s.Override(d.Overrides)
	return grandstreamFile(grandstreamName(d.MAC), d.MAC, "", s)
}

// grandstreamPoll makes the phone look for changes by itself, at most once an hour.
func grandstreamPoll(s *provision.Sheet, f grandstreamFamily, seconds int) {
	every := "1"
	if f == grandstreamHT || f == grandstreamHTMany {
		every = "3" // adapters count the ways of polling otherwise
	}
	s.Set("P194", every)
	s.Set("P193", min(max(seconds/60, 60), 86400))
}

func grandstreamAccountOf(f grandstreamFamily, n int) grandstreamAccount {
	switch f {
	case grandstreamHT:
		return grandstreamAdapter(n)
	case grandstreamHTMany, grandstreamDECT:
		return grandstreamPort(n, f == grandstreamDECT)
	}
	return grandstreamDesk(n, f == grandstreamGRP260)
}

// grandstreamSystem is everything that is not about one line.
func grandstreamSystem(s *provision.Sheet, d telephony.Desired, f grandstreamFamily) {
	grandstreamServer(s, d.BaseURL.Reveal())
	s.Clear("P234", "P235") // nothing before or after the names of files
	if d.HTTPPassword != "" {
		s.Set("P1360", d.HTTPUser)
		s.Set("P1361", d.HTTPPassword)
	}
	s.Set("P8467", false) // the first file is the only one
	grandstreamPoll(s, f, d.RefetchSeconds)
	// Our NOTIFY comes from the registrar without credentials for the phone, and
	// none may reset it.
	s.Set("P4428", true)
	s.Set("P26015", false)
	// Nobody else may capture the phone: not a responder on the LAN, not a DHCP
	// option, not a TR-069 server of its former owner.
	s.Set("P145", "0")
	s.Set("P8337", "0")
	s.Set("P1411", false)
	s.Set("P1414", false)
	s.Set("P1409", false)
	s.Set("P276", true)
	if pw := d.AdminPassword; pw != "" {
		// The user level gets the same password: nobody at the desk has it (S03).
		s.Set("P2", pw)
		s.Set("P196", pw)
	}
	if f.displays() {
		s.Set("P1357", "2")
		s.Set("P1362", grandstreamLanguage(d))
	} else {
		s.Set("P88", true)
	}
	if zone, ok := grandstreamZones[d.TimeZone]; ok && f != grandstreamAndroid {
		s.Set("P64", zone)
		s.Set("P143", false) // else a DHCP server's zone would win
	}
	s.Set("P84", keepAlive(d.SIP.KeepAlive))
	s.Set("P6767", "2")
	if fw := d.Firmware; fw.URL != "" {
		s.Set("P192", grandstreamPath(strings.TrimSuffix(fw.URL, path.Base(fw.URL)))) // it asks for the maker's name there
		s.Set("P238", "0")
	} else {
		s.Set("P238", "2")
	}
}

// grandstreamRegistrar writes where an account, or a profile, registers. The
// domain of the AOR is the server's address on these phones, so the host that is
// really meant is the outbound proxy.
func grandstreamRegistrar(s *provision.Sheet, d telephony.Desired, a grandstreamAccount) {
	secure := d.SIP.Transport == "tls"
	set := func(name string, value any) {
		if name != "" {
			s.Set(name, value)
		}
	}
	set(a.server, d.SIP.Realm)
	set(a.proxy, net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)))
	set(a.register, true)
	set(a.expires, max(d.SIP.Expires/60, 1))
	transport := "0" // UDP
	switch d.SIP.Transport {
	case "tcp":
		transport = "1"
	case "tls":
		transport = "2"
	}
	set(a.transport, transport)
	set(a.scheme, "0")
	set(a.chain, secure)
	set(a.nat, "2") // keep-alive, no STUN
	set(a.mwi, false)
	srtp := "0"
	if secure {
		srtp = "1" // optional: without TLS its key would travel in the clear
	}
	set(a.srtp, srtp)
	set(a.features, false)
	set(a.unregistered, true) // an emergency call may leave (C11)
}

// grandstreamUsed writes one used account. The AOR is the channel's random user;
// who sits there stands in the names only.
func grandstreamUsed(s *provision.Sheet, d telephony.Desired, l telephony.Line, a grandstreamAccount, m provision.Model) {
	face := provision.FaceOf(d, l)
	s.Set(a.enable, true)
	if a.server != "" {
		grandstreamRegistrar(s, d, a)
	}
	s.Set(a.user, l.SIPUser)
	s.Set(a.auth, l.SIPUser)
	s.Set(a.password, l.Secret)
	if a.label != "" {
		s.Set(a.label, face.LabelOn(m))
	}
	if a.name != "" {
		s.Set(a.name, face.Display)
	}
}

func grandstreamUnused(s *provision.Sheet, a grandstreamAccount) {
	s.Set(a.enable, false)
	for _, name := range []string{a.server, a.proxy, a.user, a.auth, a.password, a.label, a.name} {
		if name != "" {
			s.Clear(name)
		}
	}
}

// grandstreamFixed is what holds for an account whether it is used or not.
func grandstreamFixed(s *provision.Sheet, a grandstreamAccount, n int, m provision.Model) {
	if a.show != "" {
		s.Set(a.show, "0")
	}
	if a.guests != "" {
		s.Set(a.guests, false) // a guest's account would stand in the place of ours (S03)
	}
	if a.profile != "" {
		s.Set(a.profile, "0")
	}
	if a.handset != "" && n <= m.Ports {
		s.Set(a.handset, n) // handset n has account n
	}
}

func grandstreamLanguage(d telephony.Desired) string {
	if lang := d.Spoken(); lang == "en" || lang == "nl" {
		return lang
	}
	return "de"
}
