package pnp

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func subscribe(user, extra string) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(`SUBSCRIBE sip:%[1]s SIP/2.0
Via: SIP/2.0/UDP 192.0.2.10:5059;branch=z9hG4bK1;rport
From: <sip:%[1]s>;tag=a1
To: <sip:%[1]s>
Call-ID: c1@192.0.2.10
CSeq: 7 SUBSCRIBE
Contact: <sip:192.0.2.10:5060>
Event: ua-profile;profile-type="device";vendor="x";model="y";version="1"
Expires: 0
%[2]sContent-Length: 0

`, user, extra), "\n", "\r\n"))
}

var (
	phone = netip.MustParseAddrPort("192.0.2.10:5060")
	ours  = netip.MustParseAddrPort("192.0.2.1:33000")
)

func TestP11_EveryMakersWayOfAskingIsUnderstood(t *testing.T) {
	for user, want := range map[string]telephony.MAC{
		"MAC001565aabbcc@224.0.1.75":            "001565aabbcc",
		"MAC%3a000413AABBCC@224.0.1.75":         "000413aabbcc",
		"MAC%3AC074AD112233@224.0.1.75":         "c074ad112233",
		"MAC%3a000413AABBCC@phones.example.org": "000413aabbcc",
		"MAC=0030aabbccdd@224.0.1.75":           "0030aabbccdd",
		"MAC:0c383eaabbcc@224.0.1.75":           "0c383eaabbcc",
		"mac%3a00%3a15%3a65%3aaa%3abb%3acc@x":   "001565aabbcc",
		"101@224.0.1.75":                        "",
		"MAC%3a000413AABB@224.0.1.75":           "",
		"MAC%3a000413AABBCCDD@224.0.1.75":       "",
	} {
		m, ok := parse(subscribe(user, ""))
		if !ok || !m.asks() || m.mac() != want {
			t.Errorf("%s: %v, %v, %q", user, ok, m.asks(), m.mac())
		}
	}
	old := strings.NewReplacer("\r\n", "\n", "Event:", "o :", "Call-ID", "i", "From", "F", "Via", "v", "To", "t", `;profile-type="device"`, ";profile-type=device\n ;more=x").
		Replace(string(subscribe("MAC001565aabbcc@224.0.1.75", "")))
	if m, ok := parse([]byte(old)); !ok || !m.asks() || m.mac() != "001565aabbcc" {
		t.Errorf("compact, folded, bare LF: %v %+v", ok, m)
	}
	for what, b := range map[string]string{
		"another event":   strings.Replace(string(subscribe("MAC001565aabbcc@x", "")), "ua-profile", "dialog", 1),
		"another method":  strings.Replace(string(subscribe("MAC001565aabbcc@x", "")), "SUBSCRIBE sip", "NOTIFY sip", 1),
		"no Call-ID":      strings.Replace(string(subscribe("MAC001565aabbcc@x", "")), "Call-ID", "X-Call", 1),
		"not SIP":         "GET / HTTP/1.1\r\n\r\n",
		"a control octet": strings.Replace(string(subscribe("MAC001565aabbcc@x", "")), "a1", "a\x001", 1),
		"far too long":    string(subscribe("MAC001565aabbcc@x", "X: "+strings.Repeat("x", longest)+"\n")),
	} {
		if m, ok := parse([]byte(b)); ok && m.asks() {
			t.Errorf("%s is taken for a question", what)
		}
	}
}

func TestP11_AnswersGoToWhoeverAsked(t *testing.T) {
	const url = "https://phones.example:8443/"
	for name, c := range map[string]struct {
		change     *strings.Replacer
		okTo, note string
	}{
		"rport":                {strings.NewReplacer(), "192.0.2.10:5062", "192.0.2.10:5060"},
		"the port of its Via":  {strings.NewReplacer(";rport", ""), "192.0.2.10:5059", "192.0.2.10:5060"},
		"another's Contact":    {strings.NewReplacer("Contact: <sip:192.0.2.10:5060>", "Contact: <sip:192.0.2.99:5060>"), "192.0.2.10:5062", "192.0.2.10:5062"},
		"no Contact":           {strings.NewReplacer("Contact", "X-Contact"), "192.0.2.10:5062", "192.0.2.10:5062"},
		"Contact with a user":  {strings.NewReplacer("<sip:192.0.2.10:5060>", "<sip:x@192.0.2.10:5080;transport=udp>"), "192.0.2.10:5062", "192.0.2.10:5080"},
		"Contact with a break": {strings.NewReplacer("<sip:192.0.2.10:5060>", "<sip:192.0.2.10:5060 SIP/2.0>"), "192.0.2.10:5062", "192.0.2.10:5062"},
	} {
		m, ok := parse([]byte(c.change.Replace(string(subscribe("MAC001565aabbcc@224.0.1.75", "")))))
		if !ok {
			t.Fatal(name)
		}
		a := m.reply(netip.MustParseAddrPort("192.0.2.10:5062"), ours, url)
		if a.okTo.String() != c.okTo || a.to.String() != c.note {
			t.Errorf("%s: 200 to %s, NOTIFY to %s", name, a.okTo, a.to)
		}
		note, ok := parse(a.notify)
		if !ok || note.method != "NOTIFY" || !strings.HasSuffix(string(a.notify), "\r\n\r\n"+url) || tag(note.get("to")) != "a1" || tag(note.get("from")) == "" {
			t.Errorf("%s: %s", name, a.notify)
		}
		if got, ok := parse(a.ok); !ok || got.status != 200 || tag(got.get("to")) != tag(note.get("from")) || got.get("cseq") != "7 SUBSCRIBE" {
			t.Errorf("%s: %s", name, a.ok)
		}
	}
}

// P01: what a phone is told is the same whatever it says it is.
func TestP01_PnPTellsEveryDeviceTheSame(t *testing.T) {
	body := func(user string) string {
		m, _ := parse(subscribe(user, ""))
		_, b, _ := strings.Cut(string(m.reply(phone, ours, "https://phones.example/").notify), "\r\n\r\n")
		return b
	}
	if a, b := body("MAC001565aabbcc@224.0.1.75"), body("MAC%3a000413AABBCC@224.0.1.75"); a != b || a != "https://phones.example/" {
		t.Errorf("%q and %q", a, b)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(subscribe("MAC%3a000413AABBCC@224.0.1.75", ""))
	f.Add([]byte("SIP/2.0 200 OK\r\nv: a;rport\r\nf: <x>;tag=1\r\nt: y\r\ni: z\r\nCSeq: 1 NOTIFY\r\nm: <sip:[::1]:5060>\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, ok := parse(b)
		if !ok {
			return
		}
		_, _ = m.asks(), m.mac()
		a := m.reply(phone, ours, "https://phones.example/")
		if a.okTo.Addr() != phone.Addr() || a.to.Addr() != phone.Addr() || a.okTo.Port() == 0 || a.to.Port() == 0 {
			t.Errorf("answers go to %s and %s", a.okTo, a.to)
		}
		n, ok := parse(a.notify)
		if len(a.notify) <= longest && (!ok || n.method != "NOTIFY" || n.get("content-type") != "application/url" || strings.Count(string(a.notify), "\r\n\r\n") != 1) {
			t.Errorf("from %q came %q", b, a.notify)
		}
	})
}

func TestP11_OnlyTrustedLANsAreAnswered(t *testing.T) {
	r := &Responder{
		cfg:  Config{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25"), netip.MustParsePrefix("198.51.100.0/24")}},
		lans: []lan{{net: netip.MustParsePrefix("192.0.2.0/24"), from: ours}},
	}
	for from, want := range map[string]bool{
		"192.0.2.10":   true,
		"192.0.2.200":  false, // the same wire, outside of what is trusted
		"198.51.100.7": false, // trusted, but we have no address to answer from
		"203.0.113.1":  false,
	} {
		if l, ok := r.lan(netip.MustParseAddr(from)); ok != want || ok && l.from != ours {
			t.Errorf("%s: %v", from, ok)
		}
	}
}
