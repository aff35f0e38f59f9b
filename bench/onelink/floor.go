package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"tischlein/internal/phonesim"
)

// floor is all the phones, and who waits for them.
type floor struct {
	url          string
	kept, common *phonesim.Fleet // connections kept, and as real phones have them

	mu    sync.Mutex
	desks map[phonesim.MAC]*desk
}

// desk is one phone as its user sees it.
type desk struct {
	phone      *phonesim.Phone
	registered string // the display name that the registrar last answered 200 to
	screen     []string
	wanted     func(*desk) bool // what is waited for, nil = nothing
	done       chan time.Time
	told       time.Time // when the last check-sync came
	has        time.Time // when the last files were there
}

// stages are the phone's last check-sync and the end of its last fetch.
func (f *floor) stages(s *seat) (told, has time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.desks[phonesim.MAC(s.mac)]
	return d.told, d.has
}

// shows is what the user of a linked phone wants to see: the name, and that the
// registrar knows the phone by it.
func shows(name string) func(*desk) bool {
	return func(d *desk) bool { return d.registered == name && slices.Contains(d.screen, name) }
}

// free is a phone that is registered as nobody's again.
func free(name string) func(*desk) bool {
	return func(d *desk) bool { return d.registered != name && !slices.Contains(d.screen, name) }
}

// bootRate keeps the phones' start from being the load that is measured.
const bootRate = 100

func openFloor(ca *x509.CertPool, url string) (*floor, error) {
	f := &floor{url: url, desks: map[phonesim.MAC]*desk{}}
	open := func(reuse phonesim.Reuse) (*phonesim.Fleet, error) {
		return phonesim.NewFleet(phonesim.FleetConfig{
			RootCAs: ca, Reuse: reuse, Compact: true, RetryBase: time.Second, OnEvent: f.heard,
			Hosts: map[string]netip.Addr{"localhost": netip.AddrFrom4([4]byte{127, 0, 0, 1})},
		})
	}
	var err error
	if f.kept, err = open(phonesim.ReusePhone); err != nil {
		return nil, err
	}
	f.common, err = open(phonesim.ReuseChain)
	return f, err
}

func (f *floor) close() {
	f.kept.Close()
	f.common.Close()
}

// boot puts a phone at each seat and waits until all are registered.
func (f *floor) boot(ctx context.Context, single, bulk []*seat) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for _, x := range []struct {
		fleet *phonesim.Fleet
		seats []*seat
	}{{f.kept, single}, {f.common, bulk}} {
		for _, s := range x.seats {
			f.mu.Lock()
			d := &desk{}
			f.desks[phonesim.MAC(s.mac)] = d
			f.mu.Unlock()
			d.phone = x.fleet.Add(phonesim.Config{Vendor: phonesim.Yealink, Model: "T46U", MAC: phonesim.MAC(s.mac), ProvisioningURL: f.url + "/d/" + s.token + "/"})
		}
		// The phones live as long as their fleet, not as long as this wait.
		if err := x.fleet.PowerOnAll(context.WithoutCancel(ctx), bootRate); err != nil {
			return err
		}
		if err := x.fleet.WaitAll(ctx, func(s phonesim.State) bool { return s.Registered }); err != nil {
			return err
		}
	}
	return nil
}

// expect gives the moment at which the phone is as wanted. Ask before the click:
// what already is so is not seen.
func (f *floor) expect(s *seat, wanted func(*desk) bool) <-chan time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.desks[phonesim.MAC(s.mac)]
	d.wanted, d.done = wanted, make(chan time.Time, 1)
	return d.done
}

func (f *floor) heard(e phonesim.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.desks[e.MAC]
	switch e.Kind {
	case phonesim.NotifyCame:
		d.told = e.At
	case phonesim.ChainDone:
		d.has = e.At
	case phonesim.Registered:
		d.registered = e.Detail
	case phonesim.ScreenChanged:
		d.screen = e.Screen
	}
	if d.wanted != nil && d.wanted(d) {
		d.done <- e.At
		d.wanted = nil
	}
}

// await gives up after 30 s and says what the phone shows then.
func (f *floor) await(ctx context.Context, s *seat, done <-chan time.Time) (time.Time, error) {
	t := time.NewTimer(30 * time.Second)
	defer t.Stop()
	select {
	case at := <-done:
		return at, nil
	case <-t.C:
		f.mu.Lock()
		defer f.mu.Unlock()
		d := f.desks[phonesim.MAC(s.mac)]
		return time.Time{}, fmt.Errorf("the phone at channel %s shows %q after 30 s and is registered as %q: %+v", s.channel, d.screen, d.registered, d.phone.State())
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}
