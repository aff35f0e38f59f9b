package phonesim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// pnpGroup is where phones ask their LAN for a server.
var pnpGroup = netip.MustParseAddrPort("224.0.1.75:5060")

// pnpTries is how often the question is repeated within one round.
const pnpTries = 4

// askLAN asks by SIP-PnP where to begin, and begins there. Without an answer the
// phone runs as it is and asks again later. The caller holds the lock.
func (p *Phone) askLAN() {
	ctx, cancel := context.WithCancel(context.Background())
	p.asking = cancel
	epoch, cfg, t1 := p.epoch, p.cfg, p.fleet.cfg.T1
	p.fleet.readers.Go(func() {
		defer cancel()
		url, err := pnpExchange(ctx, cfg, t1)
		p.do(func() {
			if p.epoch != epoch {
				return
			}
			p.asking = nil
			if err == nil {
				p.failures = 0
				p.fw.setProvisioningURL(p.settings, url)
				p.state.Power = Provisioning
				p.startChain(trigger{pushed: p.pushed})
				return
			}
			p.failed(0, "SIP-PnP: "+err.Error())
			p.timer = p.after(backoff(p.fleet.cfg.RetryBase, p.failures), p.askLAN)
			p.failures++
			p.state.Power = Running
			p.dirty = true
			p.syncAccount()
		})
	})
}

// pnpUser is how the makers write themselves before the @.
func pnpUser(c Config) string {
	mac := string(c.MAC)
	switch c.Vendor {
	case Yealink:
		return "MAC" + mac
	case "grandstream":
		return "MAC%3A" + strings.ToUpper(mac)
	case "fanvil":
		return "MAC=" + mac
	}
	return "MAC%3a" + strings.ToUpper(mac)
}

func pnpExchange(ctx context.Context, c Config, t1 time.Duration) (url string, err error) {
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(c.Address, 0)))
	if err != nil {
		return "", fmt.Errorf("opening a socket: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	self, callID, from := fmt.Sprintf("sip:%s@%s", pnpUser(c), pnpGroup.Addr()), randomHex(10), randomHex(5)
	ask := fmt.Sprintf("SUBSCRIBE %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport\r\nFrom: <%s>;tag=%s\r\nTo: <%s>\r\nCall-ID: %s\r\nCSeq: 1 SUBSCRIBE\r\n"+
		"Contact: <sip:%s>\r\nMax-Forwards: 70\r\nEvent: ua-profile;profile-type=\"device\";vendor=\"%s\";model=\"%s\";version=\"%s\"\r\nExpires: 0\r\nAccept: application/url\r\nContent-Length: 0\r\n\r\n",
		self, local, randomHex(8), self, from, self, callID, local, c.Vendor, c.Model, c.Firmware)
	granted := false
	buf := make([]byte, maxSIPMessage)
	for try := range pnpTries {
		if _, err := conn.WriteToUDPAddrPort([]byte(ask), pnpGroup); err != nil {
			return "", fmt.Errorf("asking: %w", err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(t1 << try)); err != nil {
			return "", err
		}
		for {
			n, src, err := conn.ReadFromUDPAddrPort(buf)
			if errors.Is(err, net.ErrClosed) {
				return "", err
			}
			if err != nil {
				break // the time is over
			}
			m, err := parseMessage(buf[:n])
			if err != nil || m.get("call-id") != callID {
				continue
			}
			if m.method == "" {
				granted = granted || m.status == 200 && strings.Contains(m.get("via"), local.String())
				continue
			}
			url, wrong := pnpURL(m, from, granted)
			if wrong != "" {
				conn.WriteToUDPAddrPort(m.reply(400, wrong, "", src.String()), src) //nolint:errcheck // UDP
				return "", errors.New(wrong)
			}
			conn.WriteToUDPAddrPort(m.reply(200, "OK", "", src.String()), src) //nolint:errcheck // UDP
			return url, nil
		}
	}
	return "", errors.New("nobody answers")
}

// pnpURL reads a NOTIFY as strictly as the strictest phones do.
func pnpURL(m *message, tag string, granted bool) (url, wrong string) {
	event, _, _ := strings.Cut(m.get("event"), ";")
	url = string(m.body)
	switch {
	case m.method != "NOTIFY" || event != "ua-profile":
		return "", "not a NOTIFY of ua-profile"
	case !granted:
		return "", "a NOTIFY before the subscription was granted"
	case param(m.get("to"), "tag") != tag || param(m.get("from"), "tag") == "":
		return "", "tags of another dialog"
	case !strings.HasPrefix(m.get("subscription-state"), "terminated"):
		return "", "the subscription does not end"
	case m.get("content-type") != "application/url":
		return "", "not a URL by its type"
	case m.get("content-length") != fmt.Sprint(len(url)) || strings.ContainsAny(url, "\r\n \t"):
		return "", "not one bare URL"
	}
	return url, ""
}
