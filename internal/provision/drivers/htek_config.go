package drivers

import (
	"net"
	"path"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file, with every account and key that there may be: a
// phone keeps whatever a file does not mention.
func (htek) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := htekInfo.Model(d.Model)
	s := htekCatalogue.Sheet(400)
	htekSystem(s, d)
	for n, numbers := range htekServingNumbers {
		// The first is the profile of all accounts on newer firmware.
		htekServes(s, d, numbers, n == 0 || lineAt(d, n+1).Used())
	}
	for n := 1; n <= htekAccounts; n++ {
		htekAccountOf(s, d, n, model)
	}
	htekKeys(s, d, model)
	s.Override(d.Overrides)
	return htekFile(htekName(d.MAC), s)
}

// htekPoll makes the phone look for changes by itself, at most once an hour.
func htekPoll(s *provision.Sheet, seconds int) {
	s.Set("P194", true)
	s.Set("P193", min(max(seconds/60, 60), 86400))
}

// htekSystem is everything that is not about one line.
func htekSystem(s *provision.Sheet, d telephony.Desired) {
	htekServer(s, d.BaseURL.Reveal())
	s.Clear("P232", "P233") // nothing before or after the names of files
	if d.HTTPPassword != "" {
		s.Set("P1360", d.HTTPUser)
		s.Set("P1361", d.HTTPPassword)
	}
	htekPoll(s, d.RefetchSeconds)
	s.Set("P24012", true)  // obey a NOTIFY,
	s.Clear("P24011")      // and nobody's HTTP requests
	s.Set("P23131", false) // no restart during a call
	if pw := d.AdminPassword; pw != "" {
		// The user level gets the same password: nobody at the desk has it (S03).
		s.Set("P8681", "admin")
		s.Set("P2", pw)
		s.Set("P8682", "user")
		s.Set("P196", pw)
	}
	s.Set("P88", true)
	s.Set("P8630", false) // a lock would be the last person's
	s.Set("P8150", false)
	s.Set("P84", keepAlive(d.SIP.KeepAlive))
	if c, ok := clocks[d.TimeZone]; ok {
		s.Set("P64", htekZones[c.hours])
		s.Set("P75", map[bool]string{true: "2", false: "0"}[c.summer]) // 2: as is usual there
		// Else a DHCP server's zone would win.
		s.Set("P143", false)
	}
	s.Set("P53100", false)
	s.Set("P53110", false)
	s.Set("P53120", false)
	s.Clear("P53101", "P53111", "P53121", "P53200", "P53201")
	s.Set("P238", "0")
	if fw := d.Firmware; fw.URL != "" {
		s.Set("P192", strings.TrimSuffix(fw.URL, "/"+path.Base(fw.URL))) // it asks for the maker's name there
	} else {
		s.Clear("P192")
	}
}

// htekServes writes where and how an account registers. The domain of the AOR is
// the server's address on these phones, so the host that is really meant is the
// outbound proxy.
func htekServes(s *provision.Sheet, d telephony.Desired, n htekServing, used bool) {
	s.Clear(n.second, n.secondProxy)
	s.Set(n.features, false)
	s.Set(n.answers, false)
	if !used {
		s.Clear(n.server, n.proxy)
		return
	}
	s.Set(n.server, d.SIP.Realm)
	s.Set(n.proxy, net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)))
	transport := "0" // UDP
	switch d.SIP.Transport {
	case "tcp":
		transport = "1"
	case "tls":
		transport = "2"
	}
	s.Set(n.transport, transport)
	s.Set(n.nat, "2") // keep-alive, no STUN
	s.Set(n.register, true)
	s.Set(n.expires, max(d.SIP.Expires/60, 1))
	s.Set(n.unregistered, true) // an emergency call may leave (C11)
	s.Set(n.mwi, false)
	s.Set(n.srtp, "0") // which number means "if the other can", no source says
}

// htekAccountOf writes one account. The AOR is the channel's random user; who sits
// there stands in the names only.
func htekAccountOf(s *provision.Sheet, d telephony.Desired, n int, m provision.Model) {
	a := htekAccountNumbers[n-1]
	l := lineAt(d, n)
	s.Set(a.enable, l.Used())
	s.Set(htekProfile(n), 0)
	if l.Used() {
		face := provision.FaceOf(d, l)
		s.Set(a.label, face.LabelOn(m))
		s.Set(a.user, l.SIPUser)
		s.Set(a.auth, l.SIPUser)
		s.Set(a.password, l.Secret)
		s.Set(a.name, face.Display)
	} else {
		s.Clear(a.label, a.user, a.auth, a.password, a.name)
	}
	enable, auto, user, password := htekHoteling(n)
	s.Set(enable, false)
	s.Set(auto, false)
	s.Clear(user, password)
}
