package browser

import (
	"context"
	"crypto/x509"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// operator makes the world: what the browser is to prove is done in the browser.
var operator = auth.Actor{Kind: "cli", Name: "test", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

// World is a running server with one customer, and the phones at its other end.
type World struct {
	*server.Server
	Portal   string // the portal's address, without a slash at its end
	Customer telephony.Customer

	t     testing.TB
	dsn   string
	wire  *wire
	fleet *phonesim.Fleet

	records int // devices made, for their MACs
	admins  int
}

// NewWorld starts a whole server for the test and ends it with the test.
func NewWorld(t testing.TB) *World { t.Helper(); return NewWorldWith(t, func(*config.Config) {}) }

// NewWorldWith is NewWorld with settings of its own.
func NewWorldWith(t testing.TB, settings func(*config.Config)) *World {
	t.Helper()
	cfg := config.Config{
		Data: filepath.Join(t.TempDir(), "data"), APIListen: "127.0.0.1:0", PortalListen: "127.0.0.1:0", PhoneListen: "127.0.0.1:0", PhonePlainListen: config.Off,
		SIPUDPListen: "127.0.0.1:0", SIPTCPListen: "127.0.0.1:0", SIPTLSListen: "127.0.0.1:0",
		PublicHost: "127.0.0.1", Transport: "tls", Refetch: time.Hour, Node: "test", LogLevel: "info",
		PortalSessionIdle: 8 * time.Hour, PortalSessionLife: 24 * time.Hour,
	}
	settings(&cfg)
	storagetest.FurnishSQLite(t, cfg.DSN())
	s, err := server.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	w := &World{Server: s, t: t, dsn: cfg.DSN()}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM([]byte(s.RootCA()))
	w.fleet, err = phonesim.NewFleet(phonesim.FleetConfig{RootCAs: trusted, RetryBase: time.Second})
	w.ok(err)
	t.Cleanup(w.fleet.Close)
	w.wire, err = newWire(s.Addrs().Portal)
	w.ok(err)
	t.Cleanup(w.wire.close)
	w.Portal = "http://" + w.wire.address()
	w.Customer = w.NewCustomer("1001", "Gasthaus Adler")
	return w
}

// NewCustomer makes another customer than the world's.
func (w *World) NewCustomer(number, name string) telephony.Customer {
	w.t.Helper()
	c, err := w.App().Customers.Create(w.t.Context(), operator, telephony.Customer{Number: number, Name: name, Language: "de", TimeZone: "Europe/Berlin"})
	w.ok(err)
	return c
}

// Channel makes a place.
func (w *World) Channel(name string) telephony.Channel {
	w.t.Helper()
	v, err := w.App().Channels.Create(w.t.Context(), operator, telephony.Channel{CustomerID: w.Customer.ID, Name: name})
	w.ok(err)
	return v.Channel
}

// Extension makes a person's extension, with a PIN of its own.
func (w *World) Extension(number, name string) telephony.Extension {
	w.t.Helper()
	return w.extension(telephony.Extension{Number: number, Name: name})
}

// MultiLogin makes an extension that may be logged in at two devices.
func (w *World) MultiLogin(number, name string) telephony.Extension {
	w.t.Helper()
	return w.extension(telephony.Extension{Number: number, Name: name, MultiLogin: true})
}

const pin = "8351"

func (w *World) extension(x telephony.Extension) telephony.Extension {
	w.t.Helper()
	x.CustomerID = w.Customer.ID
	v, err := w.App().Extensions.Create(w.t.Context(), operator, x, pin)
	w.ok(err)
	return v.Extension
}

// Link links behind the browser's back, as a second administrator would.
func (w *World) Link(c telephony.Channel, x telephony.Extension) {
	w.t.Helper()
	_, err := w.App().Links.Link(w.t.Context(), operator, app.LinkRequest{
		CustomerID: w.Customer.ID, ChannelID: c.ID, ExtensionID: x.ID, Side: telephony.FromChannel,
	})
	w.ok(err)
}

// Relink takes a channel's link to another person.
func (w *World) Relink(c telephony.Channel, x telephony.Extension) {
	w.t.Helper()
	_, err := w.App().Links.Unlink(w.t.Context(), operator, w.Customer.ID, c.ID, false)
	w.ok(err)
	w.Link(c, x)
}

// LogIn logs somebody in by hotdesking at a channel's device.
func (w *World) LogIn(c telephony.Channel, x telephony.Extension) {
	w.t.Helper()
	_, err := w.App().Logins.Login(w.t.Context(), operator, app.LoginRequest{
		CustomerID: w.Customer.ID, ChannelID: c.ID, Number: x.Number, PIN: pin, Path: "code",
	})
	w.ok(err)
}

// ListAddresses switches IP listing on and allows the addresses.
func (w *World) ListAddresses(allowed ...string) {
	w.t.Helper()
	for _, a := range allowed {
		_, err := w.App().Customers.Allow(w.t.Context(), operator, w.Customer.ID, a, "")
		w.ok(err)
	}
	var err error
	w.Customer, err = w.App().Customers.Update(w.t.Context(), operator, w.Customer.ID, 0, func(c *telephony.Customer) error { c.IPListing = true; return nil })
	w.ok(err)
}

// Delete deletes a channel behind the browser's back.
func (w *World) Delete(c telephony.Channel) {
	w.t.Helper()
	w.ok(w.App().Channels.Delete(w.t.Context(), operator, w.Customer.ID, c.ID, 0))
}

// Linked is whom a channel is linked with, "" for nobody.
func (w *World) Linked(c telephony.Channel) string {
	w.t.Helper()
	v, err := w.App().Channels.Get(w.t.Context(), operator, w.Customer.ID, c.ID)
	w.ok(err)
	if v.Link == nil {
		return ""
	}
	return v.Link.ExtensionID
}

// Entry is the newest entry of the log about an action on an object.
func (w *World) Entry(action, object string) string {
	w.t.Helper()
	l, err := w.App().Audit.List(w.t.Context(), operator, w.Customer.ID, app.AuditQuery{Action: action, ObjectID: object})
	w.ok(err)
	if len(l.Items) == 0 {
		w.t.Fatalf("the log has no entry %s of %s", action, object)
	}
	return l.Items[0].ID
}

// State waits until the channel is in the state.
func (w *World) State(c telephony.Channel, want telephony.StateCode) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		v, err := w.App().Channels.Get(w.t.Context(), operator, w.Customer.ID, c.ID)
		w.ok(err)
		if v.State.Code == want {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("channel %s is %+v and not %s", c.Name, v.State, want)
		}
	}
}

func (w *World) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
