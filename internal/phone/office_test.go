package phone

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

const pagesToken = "0123456789abkeyskeyskeyskeyskeyskeyske"

var erika = telephony.Party{ExtensionID: "x1", Number: "101", Name: "Erika Weber"}

// office answers for the desks: what it says is the test's, what it was asked is
// kept.
type office struct {
	mu       sync.Mutex
	device   Device
	linked   telephony.Party
	language string
	login    func(Attempt) (telephony.Party, error)
	logout   func(telephony.Where) ([]string, error)
	attempts []Attempt
	outs     []telephony.Where
	spots    []Spot
	asked    int // for tokens
}

func (o *office) ByPages(_ context.Context, token string) (Device, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	if token != pagesToken {
		return Device{}, telephony.NotFoundf("device")
	}
	return o.device, nil
}

func (o *office) At(_ context.Context, d Device, port int, from netip.Addr) (Spot, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if port != 1 {
		return Spot{}, telephony.NotFoundf("channel")
	}
	s := Spot{Device: d, From: from, ChannelID: "ch1", Channel: "Empfang", Language: o.language, TimeZone: "Europe/Berlin", Linked: o.linked}
	o.spots = append(o.spots, s)
	return s, nil
}

func (o *office) LogIn(_ context.Context, _ Spot, a Attempt) (telephony.Party, error) {
	o.mu.Lock()
	o.attempts = append(o.attempts, a)
	answer := o.login
	o.mu.Unlock()
	return answer(a)
}

func (o *office) LogOut(_ context.Context, _ Spot, where telephony.Where) ([]string, error) {
	o.mu.Lock()
	o.outs = append(o.outs, where)
	answer := o.logout
	o.mu.Unlock()
	return answer(where)
}

func (o *office) last() Attempt {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.attempts) == 0 {
		return Attempt{}
	}
	return o.attempts[len(o.attempts)-1]
}

// welcome lets Erika in with the PIN 4713.
func welcome(a Attempt) (telephony.Party, error) {
	if a.Number != "101" || a.PIN != "4713" {
		return telephony.Party{}, telephony.Forbiddenf("pin_wrong", "the number or the PIN is wrong")
	}
	return erika, nil
}

// atDesk is a virtual phone whose configuration and pages come from a real
// phone.Server over HTTPS.
type atDesk struct {
	*phonesim.Phone
	*office
	st  *stage
	t   *testing.T
	url string
}

// vendorPhones calls f with a phone of each vendor that has a browser, on a free
// desk.
func vendorPhones(t *testing.T, f func(t *testing.T, d *atDesk)) {
	for vendor, mac := range map[phonesim.Vendor]telephony.MAC{phonesim.Yealink: yealinkMAC, phonesim.Snom: "000413123456"} {
		t.Run(string(vendor), func(t *testing.T) { f(t, newDesk(t, vendor, mac)) })
	}
}

func newDesk(t *testing.T, vendor phonesim.Vendor, mac telephony.MAC) *atDesk {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cert := httptest.NewUnstartedServer(http.NotFoundHandler())
	cert.StartTLS()
	cert.Close()
	pool := x509.NewCertPool()
	pool.AddCert(cert.Certificate())

	d := &atDesk{t: t, url: "https://" + ln.Addr().String() + "/"}
	f := newFake(string(vendor), mac)
	f.device.Model = map[phonesim.Vendor]string{phonesim.Yealink: "T46U", phonesim.Snom: "D785"}[vendor]
	d.free(f)
	d.office = &office{device: f.device, language: "de", login: welcome,
		logout: func(telephony.Where) ([]string, error) { return nil, nil }}
	d.st = newStage(t, f, func(c *Config) { c.URL, c.Keys, c.Now = d.url, d.office, time.Now })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.st.Serve(ctx, ln, nil, &tls.Config{Certificates: cert.TLS.Certificates}) }()
	fleet, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		fleet.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	d.Phone = fleet.Add(phonesim.Config{Vendor: vendor, MAC: phonesim.MAC(mac), ProvisioningURL: d.url + "d/" + ownToken + "/" + d.file()})
	d.PowerOn(t.Context())
	d.waits(func(s phonesim.State) bool { return s.Power == phonesim.Running && s.Applied > 0 })
	return d
}

func (d *atDesk) file() string { return "" }

// free makes the device's only line a free desk, without a registrar: this is
// about pages.
func (d *atDesk) free(f *fake) {
	f.edit = func(x *telephony.Desired) {
		x.BaseURL, x.PagesURL = telephony.Secret(d.url+"d/"+ownToken+"/"), telephony.Secret(d.url+"k/"+pagesToken+"/")
		x.Hotdesking = true
		x.SIP.Host, x.SIP.Realm = "127.0.0.1", "127.0.0.1"
		x.Lines = []telephony.Line{{Port: 1, State: telephony.LineFree, SIPUser: "c7k2m9x4q1", Secret: sipSecret, Place: "Empfang", Desk: "4711", Language: "de"}}
	}
}

func (d *atDesk) waits(ok func(phonesim.State) bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	if err := d.Wait(ctx, ok); err != nil {
		d.t.Fatalf("%v: %+v\n%s", err, d.State(), d.st.log)
	}
}

func (d *atDesk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// opens presses a key and gives the page that comes.
func (d *atDesk) opens(key string) phonesim.Page {
	d.t.Helper()
	d.ok(d.Press(d.t.Context(), key))
	return d.page()
}

func (d *atDesk) page() phonesim.Page {
	d.t.Helper()
	p, ok := d.Page()
	if !ok {
		d.t.Fatalf("the browser is closed; screen %q", d.Screen())
	}
	return p
}

// types fills in what the form asks for, page by page where the phone shows one
// field at a time, until everything is answered.
func (d *atDesk) types(answers ...string) phonesim.Page {
	d.t.Helper()
	for len(answers) > 0 {
		for n, in := range d.page().Inputs {
			if in.Value != "" && n < len(d.page().Inputs)-1 {
				continue // stands there already, and the focus is behind it
			}
			if len(answers) == 0 {
				d.t.Fatalf("the form asks for more: %+v", d.page())
			}
			d.ok(d.Type(answers[0]))
			answers = answers[1:]
		}
		d.ok(d.Submit(d.t.Context()))
		if len(answers) > 0 && len(d.page().Inputs) == 0 {
			d.t.Fatalf("no form, and %q is left to type: %+v", answers, d.page())
		}
	}
	return d.page()
}

// shows checks that a page says this: in its title or its text.
func (d *atDesk) shows(want ...string) {
	d.t.Helper()
	screen := strings.Join(d.Screen(), "\n")
	if slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(screen, w) }) {
		d.t.Fatalf("the phone shows %q, want %q", screen, want)
	}
}

// item is the choice whose label is one of these: phones label menus and keys
// differently.
func (d *atDesk) choose(labels ...string) phonesim.Page {
	d.t.Helper()
	for _, i := range d.page().Items {
		if slices.Contains(labels, i.Label) {
			d.ok(d.Choose(d.t.Context(), i.Label))
			return d.page()
		}
	}
	d.t.Fatalf("none of %q among %+v", labels, d.page().Items)
	return phonesim.Page{}
}
