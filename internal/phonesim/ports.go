package phonesim

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Port takes what hangs on a base or an adapter: its n-th handset or socket,
// counted from 2, for the device itself stands for the first. A port has power
// while its device runs, lives on the files that this fetched, registers with an
// account of its own, and passes on what it is told by a NOTIFY. Call it once for
// each n.
func (p *Phone) Port(n int) *Phone {
	base, ok := p.fw.(cordless)
	if !ok || n < 2 || p.base != nil {
		panic(fmt.Sprintf("phonesim: no port %d at a %s", n, p.cfg.Vendor))
	}
	h := &Phone{fleet: p.fleet, fw: base.ofHandset(n), cfg: p.cfg, base: p, settings: settings{}, state: State{Power: Off}, stop: func() {}}
	h.cfg.OnEvent = nil
	if !h.cfg.NoInstance {
		h.instance = instanceURN(h.cfg.MAC)
	}
	p.fleet.mu.Lock()
	p.fleet.phones = append(p.fleet.phones, h)
	p.fleet.mu.Unlock()
	p.do(func() { p.ports = append(p.ports, h) })
	h.follow()
	return h
}

// standing is what ports follow: they act when it changes.
type standing struct {
	running bool
	applied int
}

// share tells the ports that something changed. p.mu is held, so that they, who
// look at their device while they hold their own, must be told from elsewhere.
func (p *Phone) share() {
	now := standing{p.state.Power == Running, p.state.Applied}
	if now == p.shared {
		return
	}
	p.shared = now
	for _, h := range slices.Clone(p.ports) {
		time.AfterFunc(0, h.follow)
	}
}

// follow brings a port to where its device is.
func (p *Phone) follow() {
	p.do(func() {
		p.base.mu.Lock()
		now := standing{p.base.state.Power == Running, p.base.state.Applied}
		s := maps.Clone(p.base.settings)
		p.base.mu.Unlock()
		switch {
		case now.running:
			if p.state.Power != Running {
				p.state.Boots++
				p.fleet.counts.boots.Add(1)
				p.emit(Event{Kind: Booted})
			}
			if p.state.Power == Running && now == p.shared {
				return
			}
			p.shared, p.settings, p.state.Power, p.state.Applied = now, s, Running, now.applied
			p.syncAccount()
		case p.state.Power == Running:
			p.cut("its device is off")
			p.state.Power = Off
			p.emit(Event{Kind: PoweredOff})
		}
	})
}

// told does what a NOTIFY asked for; a port's device does it.
func (p *Phone) told(t trigger) {
	if p.base == nil {
		p.obey(t)
		return
	}
	time.AfterFunc(0, func() { p.base.do(func() { p.base.obey(t) }) })
}
