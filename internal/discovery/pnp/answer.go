package pnp

import (
	"crypto/rand"
	"fmt"
	"net/netip"
	"strings"
)

// answer is what one SUBSCRIBE is answered with.
type answer struct {
	ok     []byte
	okTo   netip.AddrPort
	notify []byte
	to     netip.AddrPort
	callID string
}

// reply makes the 200 and the NOTIFY for a phone that asks from from and is
// answered from local. Both go to the address that asked, whatever the request
// says; its ports are believed.
func (m *message) reply(from, local netip.AddrPort, url string) answer {
	own := rand.Text()
	callID := m.get("call-id")
	var ok strings.Builder
	ok.WriteString("SIP/2.0 200 OK\r\n")
	port, first := from.Port(), true
	for _, h := range m.headers {
		if h.name != "via" {
			continue
		}
		v := h.value
		if first {
			var p uint16
			if p, v = via(v, from); p != 0 {
				port = p
			}
			first = false
		}
		ok.WriteString("Via: " + v + "\r\n")
	}
	to := m.get("to")
	if t := tag(to); t == "" {
		to += ";tag=" + own
	}
	fmt.Fprintf(&ok, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s>\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n",
		m.get("from"), to, callID, m.get("cseq"), local)

	uri, there := m.contact(from)
	if there == 0 {
		there = from.Port()
	}
	notify := fmt.Sprintf("NOTIFY %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\n"+
		"Call-ID: %s\r\nCSeq: 1 NOTIFY\r\nContact: <sip:%s>\r\nEvent: ua-profile;profile-type=\"device\";vendor=\"OEM\";model=\"OEM\";version=\"1\"\r\n"+
		"Subscription-State: terminated;reason=timeout\r\nContent-Type: application/url\r\nContent-Length: %d\r\n\r\n%s",
		uri, local, rand.Text(), to, m.get("from"), callID, local, len(url), url)
	return answer{
		ok: []byte(ok.String()), okTo: netip.AddrPortFrom(from.Addr(), port),
		notify: []byte(notify), to: netip.AddrPortFrom(from.Addr(), there), callID: callID,
	}
}
