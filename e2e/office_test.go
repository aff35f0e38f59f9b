package e2e_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/e2e/clients"
	"tischlein/internal/app"
	"tischlein/internal/config"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

// shared is one server for all tests of calls: each has a customer of its own.
var shared struct {
	sync.Mutex
	server    *server.Server
	caFile    string
	customers int
	log       tail
	stop      func() error
	err       error
}

// tail keeps the end of a log.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *tail) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *tail) since(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text.Bytes()[min(n, l.text.Len()):])
}

// office is a customer on the shared server. Logging in in one go is allowed there.
func office(t *testing.T, change ...func(*telephony.Customer)) *installation {
	t.Helper()
	shared.Lock()
	if shared.server == nil && shared.err == nil {
		shared.err = openShared()
	}
	shared.customers++
	number, err := 2000+shared.customers, shared.err
	shared.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	from := len(shared.log.since(0))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's log:\n%s", shared.log.since(from))
		}
	})
	i := &installation{Server: shared.server, t: t, caFile: shared.caFile}
	c := telephony.Customer{Number: fmt.Sprint(number), Name: fmt.Sprintf("Büro %d", number), Language: "de", TimeZone: "Europe/Berlin",
		OneGoCode: true, Country: "DE", AreaCode: "30", SiteAddress: "Hauptstraße 1, 10115 Berlin"}
	for _, f := range change {
		f(&c)
	}
	i.customer, err = i.App().Customers.Create(t.Context(), operator, c)
	i.ok(err)
	return i
}

func openShared() error {
	dir, err := os.MkdirTemp("", "tischlein-office")
	if err != nil {
		return err
	}
	s, err := server.Open(context.Background(), officeSettings(dir), slog.New(slog.NewTextHandler(&shared.log, nil)))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	shared.server, shared.caFile = s, filepath.Join(dir, "ca.pem")
	shared.stop = func() error {
		cancel()
		return errors.Join(<-ended, s.Close(), os.RemoveAll(dir))
	}
	return os.WriteFile(shared.caFile, []byte(s.RootCA()), 0o600)
}

// closeShared ends the shared server; what goes wrong then is a failure of its own.
func closeShared() error {
	if shared.stop == nil {
		return nil
	}
	return shared.stop()
}

// change changes the customer.
func (i *installation) change(f func(*telephony.Customer)) {
	i.t.Helper()
	var err error
	i.customer, err = i.App().Customers.Update(i.t.Context(), operator, i.customer.ID, 0, func(c *telephony.Customer) error { f(c); return nil })
	i.ok(err)
}

// typed is a virtual phone into which somebody types the desk's account; it
// registers, and takes calls as it is told.
func (d *desk) typed(transport, address string, how phonesim.Answering) *phonesim.Phone {
	d.t.Helper()
	user, password := d.credentials()
	return d.typedAs(transport, address, how, user, password)
}

func (d *desk) typedAs(transport, address string, how phonesim.Answering, user, password string) *phonesim.Phone {
	d.t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(d.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	d.ok(err)
	d.t.Cleanup(f.Close)
	at := d.Addrs().SIP[transport][0]
	if transport == "tls" {
		at = "localhost" + at[strings.LastIndexByte(at, ':'):]
	}
	p := f.Add(phonesim.Config{
		Vendor: phonesim.Generic, Address: netip.MustParseAddr(address), OwnSocket: true, Calls: how,
		Account: &phonesim.Credentials{Registrar: "sip:" + at, Transport: transport, User: user, Password: password, Display: d.channel.Name},
	})
	p.PowerOn(d.t.Context())
	return p
}

// place is a new desk with a virtual phone, registered and free.
func (i *installation) place(name, transport string, how phonesim.Answering) (*desk, *phonesim.Phone) {
	i.t.Helper()
	d := i.desk(name, "generic", "")
	p := d.typed(transport, "127.0.0.1", how)
	registers(i, p)
	return d, p
}

func registers(i *installation, p *phonesim.Phone) {
	i.t.Helper()
	if err := p.Wait(i.within(), func(s phonesim.State) bool { return s.Registered }); err != nil {
		i.t.Fatalf("not registered: %+v", p.State())
	}
}

// baresip is a new desk with a baresip, registered and free.
func (i *installation) baresip(name, transport string, change ...func(*clients.BaresipAccount)) (*desk, *clients.Baresip) {
	i.t.Helper()
	d := i.desk(name, "generic", "")
	user, password := d.credentials()
	a := clients.BaresipAccount{User: user, Domain: i.App().Realm(), Server: i.Addrs().SIP[transport][0], Transport: transport, Password: password, CAFile: i.caFile}
	for _, f := range change {
		f(&a)
	}
	b, err := clients.StartBaresip(i.t.TempDir(), a)
	i.ok(err)
	i.t.Cleanup(b.Kill)
	i.ok(b.WaitRegistered(i.within()))
	return d, b
}

// sit logs a person in at the desk, as its own phone would.
func (d *desk) sit(x telephony.Extension) {
	d.t.Helper()
	_, err := d.App().Logins.Login(d.t.Context(), operator, app.LoginRequest{CustomerID: d.customer.ID, ChannelID: d.channel.ID, Number: x.Number, PIN: pin, Path: "api"})
	d.ok(err)
}

// leave logs off whoever sits there.
func (d *desk) leave() {
	d.t.Helper()
	_, err := d.App().Logins.Logout(d.t.Context(), operator, d.customer.ID, d.channel.ID, false)
	d.ok(err)
}

// here is who is logged in at the desk: the extension's number, "" for nobody.
func (d *desk) here() string {
	d.t.Helper()
	h, err := d.App().Desks.Here(d.t.Context(), operator, d.customer.ID, d.channel.ID)
	d.ok(err)
	return h.Party.Number
}

// has waits until that extension is logged in at the desk, "" for nobody.
func (d *desk) has(number string) {
	d.t.Helper()
	eventually(d.installation, fmt.Sprintf("%s has %q, not %q", d.channel.Name, d.here(), number), func() bool { return d.here() == number })
}

// eventually polls until ok.
func eventually(i *installation, what string, ok func() bool) {
	i.t.Helper()
	ctx := i.within()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			i.t.Fatal(what)
		}
	}
}

const pin = "8351"

// colleague is an extension with the PIN that all have in these tests.
func (i *installation) colleague(number, name string, multi bool) telephony.Extension {
	i.t.Helper()
	return i.person(number, name, pin, multi)
}

// officeSettings name the server by its address: baresip knows no other names than
// the DNS's.
func officeSettings(dir string) config.Config {
	c := settings(dir, "tcp")
	c.PublicHost, c.EmergencyLocationURL = "127.0.0.1", "https://127.0.0.1/places/"
	return c
}

// log is the customer's audit log, the oldest first, in short.
func (i *installation) log() (lines []string) {
	i.t.Helper()
	list, err := i.App().Audit.List(i.t.Context(), operator, i.customer.ID, app.AuditQuery{Limit: 200})
	i.ok(err)
	for _, e := range slices.Backward(list.Items) {
		lines = append(lines, strings.Join([]string{e.ActorKind, e.Action, e.ObjectKind, e.Outcome, e.Reason}, " "))
	}
	return lines
}

// shortly is time for something that may not come at all.
func shortly(i *installation) (context.Context, context.CancelFunc) {
	return context.WithTimeout(i.t.Context(), time.Second)
}

// confirms dials a code that asks a question, and presses the key when it was asked.
func (i *installation) confirms(p *phonesim.Phone, code, key string) *phonesim.Call {
	i.t.Helper()
	c := i.dials(p, code)
	i.becomes(c, phonesim.Up)
	eventually(i, "the question does not begin", func() bool { return c.State().Packets > 75 }) // a key in its first second was meant for something else
	i.ok(c.Press(key))
	i.becomes(c, phonesim.Ended)
	return c
}
