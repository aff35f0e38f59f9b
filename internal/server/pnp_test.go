package server

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
)

const inNamespace = "TISCHLEIN_TEST_NAMESPACE"

// ownNamespace runs the calling test once more, alone, in a network namespace of
// its own, and tells whether it is running there now. Multicast on the machine's
// own networks would be heard by strangers.
func ownNamespace(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inNamespace) != "" {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in its namespace: %v\n%s", err, out)
	}
	return false
}

// lan makes a network with our address and as many for phones.
func lan(t *testing.T, phones int) []netip.Addr {
	t.Helper()
	ip := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "ip", args...)
		if cmd.Err != nil {
			cmd = exec.CommandContext(t.Context(), "/usr/sbin/ip", args...)
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v\n%s", args, err, out)
		}
	}
	ip("link", "set", "lo", "up")
	ip("link", "add", "lan0", "type", "veth", "peer", "name", "lan1")
	ip("link", "set", "lan0", "up")
	ip("link", "set", "lan1", "up")
	out := []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	for i := range phones {
		out = append(out, netip.AddrFrom4([4]byte{192, 0, 2, byte(11 + i)}))
	}
	for _, a := range out {
		ip("addr", "add", a.String()+"/24", "dev", "lan0")
	}
	return out
}

// Phones that know nothing find the server by real multicast. What they find is
// stage 1: an armed one logs in, the others get nothing.
func TestP11_PhonesFindTheServerBySIPPnP(t *testing.T) {
	if !ownNamespace(t) {
		return
	}
	at := lan(t, 4)
	cfg := testConfig(t.TempDir())
	cfg.PublicHost, cfg.PhoneListen, cfg.PnPNetworks = at[0].String(), at[0].String()+":8443", []string{"192.0.2.0/24"}
	cfg.SIPUDPListen, cfg.SIPTCPListen, cfg.SIPTLSListen = ":5060", ":5060", ":5061" // beside the registrar, as in real life
	s, _ := start(t, cfg)
	d := newDesk(t, s, "yealink", "001565123460")
	if _, err := s.App().CPEs.Arm(t.Context(), d.actor, d.customer.ID, d.cpe.ID); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second, T1: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	add := func(v phonesim.Vendor, mac phonesim.MAC, from netip.Addr) *phonesim.Phone {
		p := f.Add(phonesim.Config{Vendor: v, MAC: mac, Address: from, PnP: true})
		p.PowerOn(t.Context())
		return p
	}
	armed := add(phonesim.Yealink, "001565123460", at[1])
	unarmed := add(phonesim.Snom, "000413123460", at[2])
	foreign := add(phonesim.Yealink, "020000123460", at[3])
	d.shows(armed, "Empfang")

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := unarmed.Wait(ctx, func(s phonesim.State) bool { return s.Chains > 0 }); err != nil {
		t.Fatalf("the phone of a known maker was not told: %+v", unarmed.State())
	}
	if st := unarmed.State(); st.Registered || st.Applied != 0 || slices.ContainsFunc(st.Files, func(f phonesim.File) bool {
		return f.Status == 200 || !strings.HasPrefix(f.URL, s.BaseURL()+"/") || strings.Contains(f.URL, "/f/") || strings.Contains(f.URL, "/d/")
	}) {
		t.Errorf("an unarmed phone got something: %+v", st)
	}
	if err := foreign.Wait(ctx, func(s phonesim.State) bool { return strings.Contains(s.LastError, "nobody answers") }); err != nil {
		t.Errorf("a device of an unknown maker was answered: %+v", foreign.State())
	}
	h, err := s.App().CPEs.History(t.Context(), d.actor, d.customer.ID, d.cpe.ID, app.Query{})
	if err != nil || len(h.Items) == 0 {
		t.Errorf("the armed device has no history: %+v, %v", h, err)
	}

	// The port is still the registrar's alone.
	if c, err := net.ListenPacket("udp", ":5060"); err == nil {
		c.Close()
		t.Error("a second server could take the port")
	}
	// The 200 and the NOTIFY come from our address in that LAN.
	another, err := net.ListenPacket("udp4", at[4].String()+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer another.Close()
	ask := fmt.Sprintf("SUBSCRIBE sip:MAC001565123461@224.0.1.75 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKx;rport\r\nFrom: <sip:x>;tag=1\r\nTo: <sip:x>\r\nCall-ID: alone\r\nCSeq: 1 SUBSCRIBE\r\nEvent: ua-profile\r\n\r\n", another.LocalAddr())
	told := answersTo(t, another, ask)
	// P01: whoever asks is told the same, also for the device that is armed and logged in.
	asArmed := strings.NewReplacer("001565123461", string(d.cpe.MAC), "alone", "armed").Replace(ask)
	if again := answersTo(t, another, asArmed); told != s.BaseURL()+"/" || again != told {
		t.Errorf("a stranger is told %q, and %q of the armed device", told, again)
	}
}

// answersTo waits for both answers to one datagram to the group, and is what was told.
func answersTo(t *testing.T, c net.PacketConn, ask string) (told string) {
	t.Helper()
	if _, err := c.WriteTo([]byte(ask), &net.UDPAddr{IP: net.IPv4(224, 0, 1, 75), Port: 5060}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, call, _ := strings.Cut(ask, "Call-ID: ")
	call, _, _ = strings.Cut(call, "\r\n")
	seen := map[string]bool{}
	for len(seen) < 2 {
		k, from, err := c.ReadFrom(buf)
		if err != nil {
			t.Fatalf("after %d answers: %v", len(seen), err)
		}
		if !strings.HasPrefix(from.String(), "192.0.2.1:") {
			t.Errorf("answered from %s", from)
		}
		kind, rest, _ := strings.Cut(string(buf[:k]), " ")
		if !strings.Contains(rest, "Call-ID: "+call+"\r\n") {
			continue // sent again, for another question
		}
		if _, body, _ := strings.Cut(string(buf[:k]), "\r\n\r\n"); kind == "NOTIFY" {
			told = body
		}
		seen[kind] = true
	}
	if !seen["SIP/2.0"] || !seen["NOTIFY"] {
		t.Errorf("answered with %v", seen)
	}
	return told
}

// Off unless a network is named, and a network that is not there is no start.
func TestP11_PnPIsOffByDefault(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	if s.pnp != nil {
		t.Error("the responder is on")
	}
	cfg := testConfig(t.TempDir())
	cfg.PnPNetworks = []string{"198.51.100.0/24"}
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "198.51.100.0/24") {
		t.Errorf("a LAN that is not there: %v", err)
	}
}
