package server

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// What goes wrong on the way. In each of these tests the phone comes to where it
// should be by itself once the cause is gone, and meanwhile the explanation names
// what is missing. Three makers stand for all: one whose phones do as they are
// told, one who wants to be proven to, and one whose phones start anew for each
// change.
var troubled = []string{"yealink", "cisco-mpp", "mitel"}

// trouble runs f for each of them, against a server at an address of its own, so
// that nobody else takes its ports while it is away.
func trouble(t *testing.T, net int, f func(w *walk, vendor phonesim.Vendor, restart func())) {
	t.Parallel()
	for n, row := range troubled {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			host := fmt.Sprintf("127.7.%d.%d", net, n+1)
			cfg := testConfigAt(host, t.TempDir())
			s, stop := start(t, cfg)
			m := makers[row]
			w := &walk{desk: newDeskOf(t, s, row, m.model, m.mac), maker: m, told: true}
			f(w, phonesim.Vendor(row), func() {
				a := w.s.Addrs()
				cfg.APIListen, cfg.PhoneListen, cfg.SIPUDPListen = a.API, a.Phone, a.SIP["udp"][0]
				cfg.SIPTCPListen, cfg.SIPTLSListen = a.SIP["tcp"][0], a.SIP["tls"][0]
				stop()
				w.s, stop = start(t, cfg)
			})
		})
	}
}

// when calls f at the first such event, in the middle of what the phone does.
func (w *walk) when(kind phonesim.EventKind, f func()) (happened <-chan struct{}) {
	done := make(chan struct{})
	var once sync.Once
	on := func(e phonesim.Event) {
		if e.Kind == kind {
			once.Do(func() { f(); close(done) })
		}
	}
	w.saw.Store(&on)
	return done
}

func (w *walk) wait(c <-chan struct{}, what string) {
	w.t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		w.t.Fatal(what)
	}
}

func (w *walk) missing() (m telephony.Step) {
	w.t.Helper()
	e, err := w.s.App().Channels.Explain(w.t.Context(), w.actor, w.customer.ID, w.channel.ID)
	w.ok(err)
	if e.Missing != nil {
		m = *e.Missing
	}
	return m
}

// lacks waits until the first thing missing is one of these steps, and says these
// words and what to do.
func (w *walk) lacks(steps string, words ...string) {
	w.t.Helper()
	until(w.t, fmt.Sprintf("the explanation does not say that %s is missing, and %q", steps, words), func() bool {
		m := w.missing()
		return slices.Contains(strings.Fields(steps), m.Name) && m.Advice != "" && !slices.ContainsFunc(words, func(word string) bool {
			return !strings.Contains(m.Detail+" "+m.Advice, word)
		})
	})
}

// fails waits until the phone says that.
func (w *walk) fails(words string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := w.p.Wait(ctx, func(s phonesim.State) bool { return strings.Contains(s.LastError, words) }); err != nil {
		w.t.Fatalf("the phone does not say %q: %+v", words, w.p.State())
	}
}

func TestP09_PhoneRestartedInTheMiddleOfAChain(t *testing.T) {
	trouble(t, 1, func(w *walk, vendor phonesim.Vendor, _ func()) {
		w.fromItsBox(vendor)
		cut := w.when(phonesim.Fetched, w.p.Reboot)
		w.link()
		w.wait(cut, "the phone fetched nothing")
		w.shows(w.p, "Ada Wirt")
		w.settled()
		if now := w.p.State(); now.Boots <= w.boots {
			t.Errorf("not restarted: %+v", now)
		}
	})
}

// The server is gone when the phone has one of its files.
func TestP09_ServerRestartedInTheMiddleOfAChain(t *testing.T) {
	trouble(t, 2, func(w *walk, vendor phonesim.Vendor, restart func()) {
		w.fromItsBox(vendor)
		middle, on := make(chan struct{}), make(chan struct{})
		w.when(phonesim.Fetched, func() { close(middle); <-on })
		resume := sync.OnceFunc(func() { close(on) })
		w.t.Cleanup(resume) // whatever happens, the phone's goroutine ends
		w.link()
		w.wait(middle, "the phone fetched nothing")
		restart()
		resume()
		w.shows(w.p, "Ada Wirt")
		w.settled()
	})
}

// The push has come, and then the power goes.
func TestP09_PowerCutDuringALoginPush(t *testing.T) {
	trouble(t, 3, func(w *walk, vendor phonesim.Vendor, _ func()) {
		w.fromItsBox(vendor)
		w.when(phonesim.NotifyCame, w.p.PowerOff)
		w.link()
		w.off()
		w.lacks("pushed fetched")
		w.p.PowerOn(w.t.Context())
		w.shows(w.p, "Ada Wirt")
		w.settled()
	})
}

func (w *walk) off() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	w.ok(w.p.Wait(ctx, func(s phonesim.State) bool { return s.Power == phonesim.Off }))
}

// A phone without a battery begins in another decade: for it, our certificate is
// not valid yet.
func TestP10_WrongClock(t *testing.T) {
	const decade = -10 * 365 * 24 * time.Hour
	trouble(t, 4, func(w *walk, vendor phonesim.Vendor, _ func()) {
		w.out(phonesim.Config{Vendor: vendor, ClockOff: decade})
		w.fails("not yet valid")
		w.lacks("trust", "never", "clock")
		w.p.SetClock(0)
		w.isFree()

		w.link()
		w.shows(w.p, "Ada Wirt")
		w.settled()
		w.p.PowerOff()
		w.p.SetClock(decade)
		w.p.PowerOn(w.t.Context())
		w.fails("not yet valid")
		w.unlink()
		w.lacks("pushed", "not delivered", "clock")
		w.p.SetClock(0)
		w.isFree("Ada")
	})
}

func TestP10_CertificateOfACAThatThePhoneDoesNotKnow(t *testing.T) {
	trouble(t, 5, func(w *walk, vendor phonesim.Vendor, _ func()) {
		w.out(phonesim.Config{Vendor: vendor, RootCAs: x509.NewCertPool()})
		w.fails("unknown authority")
		w.lacks("trust", "never", "certificate it does not trust")
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(w.s.RootCA()))
		w.p.SetRootCAs(pool)
		w.isFree()
	})
}

// Somebody has typed the address of the desk beside.
func TestP10_AddressOfAnotherDevice(t *testing.T) {
	trouble(t, 6, func(w *walk, vendor phonesim.Vendor, _ func()) {
		w.fromItsBox(vendor)
		ctx, a := w.t.Context(), w.s.App()
		theirs, err := a.CPEs.Reveal(ctx, w.actor, w.customer.ID, w.cpe.ID)
		w.ok(err)
		ch, err := a.Channels.Create(ctx, w.actor, telephony.Channel{CustomerID: w.customer.ID, Name: "Halle"})
		w.ok(err)
		mac := w.mac[:10] + "01"
		x, err := a.CPEs.Create(ctx, w.actor, telephony.CPE{CustomerID: w.customer.ID, Driver: string(vendor), MAC: mac})
		w.ok(err)
		_, err = a.CPEs.Attach(ctx, w.actor, w.customer.ID, x.CPE.ID, ch.Channel.ID, 0, false)
		w.ok(err)
		beside := &walk{desk: &desk{t: w.t, s: w.s, actor: w.actor, customer: w.customer, channel: ch.Channel, cpe: x.CPE}, maker: w.maker, told: true}
		beside.out(phonesim.Config{Vendor: vendor})
		beside.p.FactoryReset(theirs.Reveal())
		until(w.t, "the other's phone was not refused", func() bool {
			s := beside.p.State()
			return len(s.Files) > 0 && !slices.ContainsFunc(s.Files, func(f phonesim.File) bool { return f.Status < 400 })
		})
		beside.lacks("trust", "never")
		w.lacks("fetched", "refused", "history")

		own, err := a.CPEs.FirstAccess(ctx, w.actor, w.customer.ID, x.CPE.ID)
		w.ok(err)
		beside.p.FactoryReset(own.Reveal())
		beside.shows(beside.p, "Halle")
		w.link()
		w.shows(w.p, "Ada Wirt")
		w.settled()
	})
}
