package drivers

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file: every line and key of the model, used or not,
// since a phone keeps what it has once been told.
func (mitel) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := mitelInfo.Model(d.Model)
	s := mitelCatalogue.Sheet(300)
	if err := mitelSystem(s, d); err != nil {
		return provision.File{}, err
	}
	for n := 1; n <= model.Lines; n++ {
		if l := lineAt(d, n); l.Used() {
			mitelLine(s, d, l, n, model)
		} else {
			mitelNoLine(s, n)
		}
	}
	mitelKeys(s, d, model)
	s.Override(d.Overrides)
	return mitelFile(mitelName(d.MAC), s)
}

// mitelServer sends the phone to a directory over HTTPS.
func mitelServer(s *provision.Sheet, directory string) error {
	u, err := url.Parse(directory)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return telephony.Invalidf("base_url", "base_url_malformed", "the directory is not an https URL")
	}
	s.Set("download protocol", "HTTPS")
	s.Set("https server", u.Hostname())
	s.Set("https port", cmp.Or(u.Port(), "443"))
	s.Set("https path", strings.Trim(u.Path, "/"))
	return nil
}

// mitelTrustAnchor makes the phone check our certificate; a CA of our own comes
// from dir.
func mitelTrustAnchor(s *provision.Sheet, rootCA, dir string) {
	s.Set("https validate certificates", true)
	s.Set("https validate hostname", !isAddress(dir))
	s.Set("https validate expires", true)
	if rootCA == "" {
		s.Clear("https user certificates")
		return
	}
	s.Set("https user certificates", dir+mitelTrustName)
}

// mitelSystem is everything that is not about one line.
func mitelSystem(s *provision.Sheet, d telephony.Desired) error {
	dir := d.BaseURL.Reveal()
	if err := mitelServer(s, dir); err != nil {
		return err
	}
	mitelTrustAnchor(s, d.SIP.RootCA, dir)
	// The maker promises 20 characters: a password that is cut would lock it out.
	if len(d.HTTPPassword) > 0 && len(d.HTTPPassword) <= 20 {
		s.Set("http digest username", d.HTTPUser)
		s.Set("http digest password", d.HTTPPassword)
	}
	mode := 1
	if d.Firmware.URL != "" {
		mode = 3 // the phone asks for <model>.st in that directory
		s.Set("firmware server", d.Firmware.URL[:max(strings.LastIndexByte(d.Firmware.URL, '/'), 0)])
	} else {
		s.Clear("firmware server")
	}
	s.Set("auto resync mode", mode)
	s.Set("auto resync time", "02:00")
	s.Set("auto resync max delay", 120)
	s.Set("auto resync days", min(max(d.RefetchSeconds/86400, 1), 364))
	s.Set("contact rcs", false)

	// It takes digits only, and its maker's password where there is anything else.
	if pin := provision.Digits(d.AdminPassword); pin != "" {
		s.Set("admin password", pin)
		s.Set("user password", pin)
	}
	s.Set("options simple menu", true)
	s.Set("options password enabled", false)
	s.Set("web interface enabled", false)
	s.Clear("user config url", "xml application post list", "action uri startup")
	s.Set("sip xml notify event", false)
	s.Set("sip whitelist", true)

	mitelSIP(s, d)
	mitelPerson(s, d)
	emergency := make([]string, 0, len(d.Emergency))
	for _, number := range d.Emergency {
		emergency = append(emergency, mitelPlain(number))
	}
	s.Set("emergency dial plan", strings.Join(emergency, "|"))
	return nil
}

// mitelSIP is what all lines have in common.
func mitelSIP(s *provision.Sheet, d telephony.Desired) {
	secure := d.SIP.Transport == "tls"
	protocol := map[string]int{"tcp": 2, "tls": 4}[d.SIP.Transport]
	s.Set("sip transport protocol", cmp.Or(protocol, 1))
	s.Set("sips persistent tls", secure)
	s.Set("sip persistent tls keep alive", keepAlive(d.SIP.KeepAlive))
	if secure && d.SIP.RootCA != "" {
		s.Set("sips trusted certificates", d.BaseURL.Reveal()+mitelTrustName)
	} else {
		s.Clear("sips trusted certificates")
	}
	srtp := 0
	if secure {
		srtp = 1 // its key would travel in the clear without TLS
	}
	s.Set("sip srtp mode", srtp)
}

// mitelPerson is language and clock, and what nobody shall find who comes next.
func mitelPerson(s *provision.Sheet, d telephony.Desired) {
	// The phone's own words come from packs of its maker's; without them it speaks
	// English, which needs none.
	s.Set("language 1", "lang_de.txt")
	s.Set("language 2", "lang_nl_nl.txt")
	index, input := 1, "German"
	switch d.Spoken() {
	case "en":
		index, input = 0, "English"
	case "nl":
		index, input = 2, "Dutch"
	}
	s.Set("language", index)
	s.Set("web language", index)
	s.Set("input language", input)
	s.Set("time server disabled", false)
	s.Set("time format", 1)
	if c, ok := clocks[d.TimeZone]; ok {
		s.Set("time zone name", "Custom")
		s.Set("time zone minutes", -60*c.hours) // west of Greenwich
		mitelSummer(s, c)
	}
	s.Set(mitelForwards, true)
	s.Set("callers list disabled", !d.LoggedIn())
	s.Set("redial disabled", !d.LoggedIn())
}

// mitelForwards is open to operators and not to whoever sits there: the next person
// would not know.
const mitelForwards = "call forward disabled"

func mitelSummer(s *provision.Sheet, c clock) {
	if !c.summer {
		s.Set("dst config", 0)
		return
	}
	s.Set("dst config", 3)
	s.Set("dst minutes", 60)
	s.Set("dst [start|end] relative date", 1)
	for _, p := range []struct {
		name        string
		month, hour int
	}{{"dst start ", 3, c.begins()}, {"dst end ", 10, c.ends()}} {
		s.Set(p.name+"month", p.month)
		s.Set(p.name+"week", -1)
		s.Set(p.name+"day", 1)
		s.Set(p.name+"hour", p.hour)
	}
}

// mitelLine writes one used line. The AOR is the channel's random user; who sits
// there stands in display and screen names only.
func mitelLine(s *provision.Sheet, d telephony.Desired, l telephony.Line, n int, m provision.Model) {
	p := "sip line" + strconv.Itoa(n) + " "
	face := provision.FaceOf(d, l)
	first, second := mitelRows(face, m)
	s.Set(p+"mode", 0)
	s.Set(p+"user name", l.SIPUser)
	s.Set(p+"auth name", l.SIPUser)
	s.Set(p+"password", l.Secret)
	s.Set(p+"display name", face.Display)
	s.Set(p+"screen name", first)
	s.Set(p+"screen name 2", second)
	s.Set(p+"proxy ip", d.SIP.Realm)
	s.Set(p+"proxy port", d.SIP.Port)
	s.Set(p+"registrar ip", d.SIP.Realm)
	s.Set(p+"registrar port", d.SIP.Port)
	// The domain of the AOR is the server's address on these phones, so another
	// host that is really meant is the outbound proxy.
	if d.SIP.Host != d.SIP.Realm {
		s.Set(p+"outbound proxy", d.SIP.Host)
		s.Set(p+"outbound proxy port", d.SIP.Port)
	} else {
		s.Clear(p+"outbound proxy", p+"outbound proxy port")
	}
	s.Set(p+"registration period", max(d.SIP.Expires, 60))
	s.Clear(p + "vmail")
}

func mitelNoLine(s *provision.Sheet, n int) {
	p := "sip line" + strconv.Itoa(n) + " "
	s.Clear(p+"user name", p+"auth name", p+"password", p+"display name", p+"screen name", p+"screen name 2", p+"proxy ip")
	s.Set(p+"registrar ip", "0.0.0.0") // no registration
}

// mitelRow is how many characters the maker promises for a row of the idle screen.
const mitelRow = 20

// mitelRows breaks a label into the two rows of the idle screen; on a phone without
// keys the second one says what to dial.
func mitelRows(f provision.Face, m provision.Model) (first, second string) {
	if m.Keys == 0 && f.Hint != "" {
		return provision.Clip(mitelPlain(f.Short), mitelRow), provision.Clip(mitelPlain(f.Hint), mitelRow)
	}
	for word := range strings.FieldsSeq(mitelPlain(f.Label)) {
		switch {
		case first == "":
			first = word
		case second == "" && utf8.RuneCountInString(first+" "+word) <= mitelRow:
			first += " " + word
		case second == "":
			second = word
		default:
			second += " " + word
		}
	}
	return provision.Clip(first, mitelRow), provision.Clip(second, mitelRow)
}

// mitelPlain is foreign text that can stand in quotes.
func mitelPlain(text string) string { return strings.ReplaceAll(text, `"`, "'") }
