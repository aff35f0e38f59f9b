package server

import (
	"crypto/tls"
	"crypto/x509"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

func (d *desk) linkRequest() app.LinkRequest {
	return app.LinkRequest{CustomerID: d.customer.ID, ChannelID: d.channel.ID, ExtensionID: d.extension.ID, Side: telephony.FromChannel}
}

func TestS01_LinkedDeskPhoneLogsInByItself(t *testing.T) {
	for _, c := range []struct {
		vendor phonesim.Vendor
		mac    telephony.MAC
	}{{phonesim.Yealink, "001565123401"}, {phonesim.Snom, "000413123401"}} {
		for _, transport := range []string{"tls", "tcp", "udp"} {
			t.Run(string(c.vendor)+" "+transport, func(t *testing.T) {
				cfg := testConfig(t.TempDir())
				cfg.Transport = transport
				s, _ := start(t, cfg)
				d := newDesk(t, s, string(c.vendor), c.mac)
				p := d.phone(c.vendor)
				d.shows(p, "Empfang")
				d.state(telephony.StateLoggedOut)
				boots := p.State().Boots
				d.link()
				d.shows(p, "Ada Wirt")
				d.state(telephony.StateLoggedIn)
				if st := p.State(); st.Transport != transport || st.User != d.channel.SIPUser || st.Notifies == 0 || st.Boots != boots {
					t.Errorf("registered as %s over %s, %d notifies, %d boots after %d", st.User, st.Transport, st.Notifies, st.Boots, boots)
				}
			})
		}
	}
}

func TestS05_UnlinkedPhoneIsAFreeDeskAgain(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	d := newDesk(t, s, "yealink", "001565123402")
	p := d.phone(phonesim.Yealink)
	d.shows(p, "Empfang")
	d.link()
	d.shows(p, "Ada Wirt")
	d.unlink()
	d.shows(p, "Empfang")
	d.state(telephony.StateLoggedOut)
	if screen := strings.Join(p.Screen(), "\n"); strings.Contains(screen, "Ada") {
		t.Errorf("the free desk still names the last person: %q", screen)
	}
}

// Linphone fetches at its start only: the link is there when it starts again.
func TestS01_DeviceThatCannotBePushedLogsInAtItsNextStart(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	d := newDesk(t, s, "linphone", "")
	p := d.phone(phonesim.Linphone)
	d.shows(p, "Freier Platz")
	d.link()
	d.state(telephony.StatePending)
	p.Reboot()
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
}

// What was linked while the server was down, or between commit and push, reaches
// the phone after the start.
func TestP09_RestartLosesNothing(t *testing.T) {
	cfg := testConfigAt("127.7.0.1", t.TempDir())
	s, stop := start(t, cfg)
	if s.SetupToken() == "" {
		t.Error("the first start gave no setup token")
	}
	d := newDesk(t, s, "yealink", "001565123403")
	p := d.phone(phonesim.Yealink)
	d.shows(p, "Empfang")
	addrs := s.Addrs()
	p.PowerOff()
	d.link()
	realm := s.App().Realm()
	stop()

	// The phone knows the old ports.
	cfg.APIListen, cfg.PhoneListen, cfg.SIPUDPListen = addrs.API, addrs.Phone, addrs.SIP["udp"][0]
	cfg.SIPTCPListen, cfg.SIPTLSListen = addrs.SIP["tcp"][0], addrs.SIP["tls"][0]
	s, _ = start(t, cfg)
	if s.SetupToken() != "" || s.App().Realm() != realm {
		t.Errorf("setup token at the second start: %v, realm %q was %q", s.SetupToken() != "", s.App().Realm(), realm)
	}
	d.s = s
	p.PowerOn(t.Context())
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := testConfig(t.TempDir())
	cfg.PhoneListen = taken.Addr().String()
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "phone_listen") {
		t.Errorf("port in use: %v", err)
	}
	cfg = testConfig(t.TempDir())
	cfg.Transport = "pigeon"
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "transport") {
		t.Errorf("wrong setting: %v", err)
	}
	cfg = testConfig(t.TempDir())
	_, stop := start(t, cfg)
	stop()
	if err := os.Remove(cfg.Key()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "key file") {
		t.Errorf("another key: %v", err)
	}
}

func TestP14_FilesAreTheOwnersOnly(t *testing.T) {
	cfg := testConfig(t.TempDir())
	_, stop := start(t, cfg)
	stop()
	i, err := os.Stat(cfg.Data)
	if err != nil || i.Mode().Perm()&0o077 != 0 {
		t.Errorf("data directory: %v %v", i.Mode(), err)
	}
	for _, f := range []string{"key", rootKeyFile, leafKeyFile} {
		i, err := os.Stat(filepath.Join(cfg.Data, f))
		if err != nil || i.Mode().Perm() != fs.FileMode(0o600) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestP11_BothTLSListenersShowTheCertificate(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	for _, addr := range []string{s.Addrs().Phone, s.Addrs().SIP["tls"][0]} {
		for _, name := range []string{"127.0.0.1", "localhost"} {
			c, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool, ServerName: name})
			if err != nil {
				t.Errorf("%s as %s: %v", addr, name, err)
				continue
			}
			c.Close()
		}
	}
}
