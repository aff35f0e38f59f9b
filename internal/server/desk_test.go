package server

import (
	"context"
	"crypto/x509"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/phonesim"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// patience bounds every wait: it is there to end a broken test, not to measure.
const patience = 30 * time.Second

func testConfig(dir string) config.Config { return testConfigAt("127.0.0.1", dir) }

// testConfigAt is for a server at an address of its own: nobody else takes its ports
// while it is away.
func testConfigAt(host, dir string) config.Config {
	free := host + ":0"
	return config.Config{
		Data: filepath.Join(dir, "data"), APIListen: free, PhoneListen: free, PhonePlainListen: free,
		SIPUDPListen: free, SIPTCPListen: free, SIPTLSListen: free,
		PublicHost: host, Transport: "tls", Refetch: time.Hour, Node: "test", LogLevel: "info",
	}
}

// start starts a server and returns it with a function that ends it in order.
func start(t *testing.T, cfg config.Config) (*Server, func()) {
	t.Helper()
	storagetest.FurnishSQLite(t, cfg.DSN())
	s, err := Open(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Error("Run does not end")
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	t.Cleanup(stop)
	return s, stop
}

var localAdministrator = auth.Actor{Kind: "cli", Name: "test", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

// desk is a place with a device and somebody who may sit there.
type desk struct {
	t         *testing.T
	s         *Server
	actor     auth.Actor
	customer  telephony.Customer
	channel   telephony.Channel
	extension telephony.Extension
	cpe       telephony.CPE
}

func newDesk(t *testing.T, s *Server, driver string, mac telephony.MAC) *desk {
	t.Helper()
	return newDeskOf(t, s, driver, "", mac)
}

// newDeskOf is newDesk with a device of that model, "": an unknown one.
func newDeskOf(t *testing.T, s *Server, driver, model string, mac telephony.MAC) *desk {
	t.Helper()
	d := &desk{t: t, s: s, actor: localAdministrator}
	var err error
	ctx, a := t.Context(), s.App()
	d.customer, err = a.Customers.Create(ctx, d.actor, telephony.Customer{Number: "1001", Name: "Gasthaus Adler", Language: "de", TimeZone: "Europe/Berlin"})
	d.ok(err)
	ch, err := a.Channels.Create(ctx, d.actor, telephony.Channel{CustomerID: d.customer.ID, Name: "Empfang"})
	d.ok(err)
	d.channel = ch.Channel
	ext, err := a.Extensions.Create(ctx, d.actor, telephony.Extension{CustomerID: d.customer.ID, Number: "101", Name: "Ada Wirt"}, "")
	d.ok(err)
	d.extension = ext.Extension
	cpe, err := a.CPEs.Create(ctx, d.actor, telephony.CPE{CustomerID: d.customer.ID, Driver: driver, Model: model, MAC: mac})
	d.ok(err)
	d.cpe = cpe.CPE
	_, err = a.CPEs.Attach(ctx, d.actor, d.customer.ID, d.cpe.ID, d.channel.ID, 0, false)
	d.ok(err)
	return d
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// phone takes a device out of its box and gives it a first-access URL.
func (d *desk) phone(vendor phonesim.Vendor) *phonesim.Phone {
	d.t.Helper()
	return d.phoneOf(phonesim.Config{Vendor: vendor})
}

func (d *desk) phoneOf(c phonesim.Config) *phonesim.Phone {
	d.t.Helper()
	url, err := d.s.App().CPEs.FirstAccess(d.t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(d.s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	d.ok(err)
	d.t.Cleanup(f.Close)
	c.MAC, c.ProvisioningURL = phonesim.MAC(d.cpe.MAC), url.Reveal()
	p := f.Add(c)
	p.PowerOn(d.t.Context())
	return p
}

func (d *desk) link() {
	d.t.Helper()
	_, err := d.s.App().Links.Link(d.t.Context(), d.actor, d.linkRequest())
	d.ok(err)
}

func (d *desk) unlink() {
	d.t.Helper()
	_, err := d.s.App().Links.Unlink(d.t.Context(), d.actor, d.customer.ID, d.channel.ID, false)
	d.ok(err)
}

// shows waits until the phone is registered and its screen holds all of these.
func (d *desk) shows(p *phonesim.Phone, words ...string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	err := p.WaitScreen(ctx, func(lines []string) bool {
		screen := strings.Join(lines, "\n")
		return p.State().Registered && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(screen, w) })
	})
	if err != nil {
		e, _ := d.s.App().Channels.Explain(d.t.Context(), d.actor, d.customer.ID, d.channel.ID)
		d.t.Fatalf("the phone does not show %q but %q\nphone: %+v\nexplain: %+v", words, p.Screen(), p.State(), e)
	}
}

// state waits until the channel is in that state.
func (d *desk) state(want telephony.StateCode) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		v, err := d.s.App().Channels.Get(ctx, d.actor, d.customer.ID, d.channel.ID)
		d.ok(err)
		if v.State.Code == want {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			d.t.Fatalf("state %+v, want %s", v.State, want)
		}
	}
}
