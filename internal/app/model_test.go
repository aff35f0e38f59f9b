package app_test

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// world is a small customer on which random operations collide: few channels,
// few people, few devices, two addresses of which one may be listed.
type world struct {
	db       *storage.DB
	a        *app.App
	customer string
	channels []string
	people   []telephony.Extension
	devices  []string
	guests   bool         // hotdesking more than linking: two people on few desks
	client   string       // a channel of a softphone's, which is no desk (H08)
	passed   atomic.Int64 // how far the clock is ahead, in nanoseconds
}

var (
	boss   = auth.Actor{Kind: "token", Name: "boss", Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	listed = netip.MustParseAddr("198.51.100.7")
	away   = netip.MustParseAddr("203.0.113.9")
)

func newWorld(t testing.TB, dsn string) *world {
	w := &world{}
	w.db = storagetest.Open(t, dsn, w.clock)
	key, err := auth.NewKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	w.a, _, err = app.Open(ctx, app.Config{DB: w.db, Key: key, Drivers: drivers.All(), Now: w.clock, Settings: app.Settings{
		BaseURL: "https://127.0.0.1:8443", SIP: map[string]telephony.SIPServer{"udp": {Host: "127.0.0.1", Port: 5060, Transport: "udp"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) clock() time.Time { return time.Now().Add(time.Duration(w.passed.Load())) }

// settleIn makes a fresh customer, so that many runs share one database.
func (w *world) settleIn(t rapid.TB) {
	ctx := context.Background()
	w.channels, w.people, w.devices, w.client, w.guests = nil, nil, nil, "", false
	c, err := w.a.Customers.Create(ctx, boss, telephony.Customer{Number: auth.NewPassword(12).Reveal(), Name: "Modell"})
	must(t, err)
	w.customer = c.ID
	_, err = w.a.Customers.Allow(ctx, boss, c.ID, listed.String(), "")
	must(t, err)
	for i := range 4 {
		v, err := w.a.Channels.Create(ctx, boss, telephony.Channel{CustomerID: c.ID, Name: fmt.Sprintf("Platz %d", i)})
		must(t, err)
		w.channels = append(w.channels, v.Channel.ID)
	}
	for i := range 4 {
		v, err := w.a.Extensions.Create(ctx, boss, telephony.Extension{CustomerID: c.ID, Number: fmt.Sprint(20 + i), Name: fmt.Sprintf("Mensch %d", i), MultiLogin: i%2 == 0}, "2580")
		must(t, err)
		w.people = append(w.people, v.Extension)
	}
	for i := range 3 {
		x := telephony.CPE{CustomerID: c.ID, Driver: "yealink", Model: "T46U", MAC: telephony.MAC(fmt.Sprintf("805ec000%04x", i))}
		if i == 0 {
			x = telephony.CPE{CustomerID: c.ID, Driver: "generic", Name: "Telefon"}
		}
		v, err := w.a.CPEs.Create(ctx, boss, x)
		must(t, err)
		w.devices = append(w.devices, v.CPE.ID)
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// operation does one random thing. Refusals are answers; anything else is a bug.
func (w *world) operation(ctx context.Context, pick func(n int) int) error {
	channel, person, device := w.channels[pick(len(w.channels))], w.people[pick(len(w.people))], w.devices[pick(len(w.devices))]
	yes := pick(2) == 0
	from := listed
	if pick(2) == 0 {
		from = away
	}
	var err error
	act := pick(24)
	if w.guests && pick(3) > 0 {
		act, channel, person = 24, w.channels[pick(3)], w.people[pick(2)]
	}
	switch act {
	case 0, 1:
		side := telephony.FromChannel
		if yes {
			side = telephony.FromExtension
		}
		_, err = w.a.Links.Link(ctx, boss, app.LinkRequest{CustomerID: w.customer, ChannelID: channel, ExtensionID: person.ID,
			Side: side, TakeOver: pick(2) == 0, Replace: pick(3) == 0})
	case 2:
		_, err = w.a.Links.Unlink(ctx, boss, w.customer, channel, false)
	case 3, 4:
		_, err = w.a.Logins.Login(ctx, boss, app.LoginRequest{CustomerID: w.customer, ChannelID: channel, Number: person.Number, PIN: "2580", TakeOver: yes, Path: "api"})
	case 5:
		_, err = w.a.Logins.Logout(ctx, boss, w.customer, channel, false)
	case 6:
		_, err = w.a.Logins.LogoutAll(ctx, boss, w.customer, person.ID, false)
	case 7, 8:
		_, err = w.a.CPEs.Attach(ctx, boss, w.customer, device, channel, 0, false)
	case 9:
		_, err = w.a.CPEs.Detach(ctx, boss, w.customer, channel, false)
	case 10:
		_, _, err = w.a.Extensions.Update(ctx, boss, w.customer, person.ID, 0, pick(2) == 0, false, func(e *telephony.Extension) error { e.MultiLogin = yes; return nil })
	case 11:
		_, err = w.a.Customers.Update(ctx, boss, w.customer, 0, func(c *telephony.Customer) error { c.IPListing = yes; return nil })
	case 12:
		err = w.a.Registrar.Contacted(ctx, w.customer, channel, from)
	case 13:
		err = w.a.Devices.Contacted(ctx, app.Device{ID: device, CustomerID: w.customer}, from)
	default:
		err = w.hotdesk(ctx, channel, person, pick)
	}
	switch telephony.CodeOf(err) {
	case telephony.Internal:
		return err // nil too: CodeOf(nil) is Internal
	case telephony.Invalid:
		return fmt.Errorf("valid input was called invalid: %w", err)
	}
	return nil
}

func (w *world) sweep(t rapid.TB) {
	for _, job := range []func(context.Context) (bool, error){w.a.Jobs.Sweep, w.a.Jobs.EndLogins} {
		for more := true; more; {
			var err error
			more, err = job(context.Background())
			must(t, err)
		}
	}
}

// check reads one consistent picture and holds the statements against it.
// swept says that no address change is still on its way to the devices.
func (w *world) check(t rapid.TB, swept bool) {
	t.Helper()
	err := w.db.View(context.Background(), func(tx *storage.Tx) error {
		list, err := tx.Allowlist(w.customer)
		if err != nil {
			return err
		}
		for _, id := range w.channels {
			d, err := tx.Desk(w.customer, id, list)
			if err != nil {
				return err
			}
			checkDesk(t, d, swept)
			w.checkGuest(t, tx, d, swept)
			for _, from := range []netip.Addr{listed, away} {
				if d.CPE != nil {
					checkUnmoved(t, tx, w.customer, d.CPE.ID, id, from, list)
					checkUnmoved(t, tx, w.customer, d.CPE.ID, "", from, list)
				}
			}
		}
		for _, p := range w.people {
			s, err := tx.Seat(w.customer, p.ID)
			if err != nil {
				return err
			}
			if n := s.Extension.Capacity(); len(s.Links) > n || len(s.Logins) > n {
				t.Fatalf("S06: %s has %d links and %d logins, its capacity is %d", p.Number, len(s.Links), len(s.Logins), n)
			}
			checkSeat(t, s)
		}
		return w.checkClient(t, tx)
	})
	must(t, err)
}

func checkDesk(t rapid.TB, d telephony.Desk, swept bool) {
	t.Helper()
	at := d.Channel.Name
	if d.Login != nil {
		if d.CPE == nil {
			t.Fatalf("D14, D26: a login at %s without a device", at)
		}
		if linked := d.Link != nil; linked != (d.Login.Kind == telephony.LoginLinked) {
			t.Fatalf("S04: at %s linked is %v, the login is %s", at, linked, d.Login.Kind)
		}
		if d.Link != nil && d.Link.ExtensionID != d.Login.ExtensionID {
			t.Fatalf("S04: at %s another extension is logged in than is linked", at)
		}
	}
	if swept && d.Link != nil && d.Ready() && d.Login == nil {
		t.Fatalf("S01, S02, D17: %s is linked, its device is there and allowed, and nobody is logged in", at)
	}
}

// TestMain bounds how many random runs a test makes: all of them are for the soak.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("TISCHLEIN_SOAK") == "" {
		flag.Set("rapid.checks", "12") //nolint:errcheck // the flag is rapid's own
	}
	os.Exit(m.Run())
}

// atMost bounds the random runs of a test of which each takes long; not in the soak.
func atMost(t *testing.T, runs int) {
	t.Helper()
	if os.Getenv("TISCHLEIN_SOAK") != "" {
		return
	}
	checks := flag.Lookup("rapid.checks").Value
	before := checks.String()
	t.Cleanup(func() { checks.Set(before) }) //nolint:errcheck // its own text
	if err := checks.Set(strconv.Itoa(runs)); err != nil {
		t.Fatal(err)
	}
}

// steps is the length of one run; the soak runs longer.
func steps() int {
	if os.Getenv("TISCHLEIN_SOAK") != "" {
		return 2000
	}
	return 60
}

// TestR02_ModelHoldsAfterEveryStep drives random operations one after another.
func TestR02_ModelHoldsAfterEveryStep(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn)
		rapid.Check(t, func(rt *rapid.T) {
			w.settleIn(rt)
			w.furnish(rt)
			w.guests = rapid.Bool().Draw(rt, "guests")
			for range rapid.IntRange(steps()/2, steps()).Draw(rt, "steps") {
				// Of a wide range, because rapid prefers what is small.
				pick := func(n int) int { return rapid.IntRange(0, 1<<20).Draw(rt, "pick") % n }
				must(rt, w.operation(context.Background(), pick))
				w.check(rt, false)
				if pick(4) == 0 {
					w.sweep(rt)
					w.check(rt, true)
					w.checkFaces(rt)
				}
			}
			w.sweep(rt)
			w.check(rt, true)
			w.checkLog(rt)
		})
	})
}

// TestR02_ModelHoldsUnderConcurrency lets several administrators, users and
// phones collide; every consistent picture must obey the statements (D23).
func TestR02_ModelHoldsUnderConcurrency(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn)
		rapid.Check(t, func(rt *rapid.T) {
			w.settleIn(rt)
			w.furnish(rt)
			w.guests = rapid.Bool().Draw(rt, "guests")
			const workers = 4
			scripts := make([][]int, workers)
			for i := range scripts {
				scripts[i] = rapid.SliceOfN(rapid.IntRange(0, 1<<20), 120, 120).Draw(rt, "script")
			}
			var wg sync.WaitGroup
			errs := make(chan error, workers)
			for _, s := range scripts {
				wg.Go(func() {
					pick := func(n int) int {
						if len(s) == 0 {
							return 0
						}
						x := s[0] % n
						s = s[1:]
						return x
					}
					for len(s) > 8 {
						if err := w.operation(context.Background(), pick); err != nil {
							errs <- err
							return
						}
					}
				})
			}
			for range 5 {
				w.check(rt, false)
			}
			wg.Wait()
			close(errs)
			for err := range errs {
				rt.Fatal(err)
			}
			w.sweep(rt)
			w.check(rt, true)
			w.checkFaces(rt)
			w.checkLog(rt)
		})
	})
}
