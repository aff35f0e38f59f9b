package phonesim

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Phone is one virtual device. All methods may be called from any goroutine,
// from event listeners too.
type Phone struct {
	fleet    *Fleet
	fw       firmware
	cfg      Config
	instance string // +sip.instance, empty for none

	mu       sync.Mutex
	epoch    uint64 // raised when power is cut: what waited for an older one is void
	settings settings
	state    State
	stop     context.CancelFunc // ends the watch on PowerOn's context
	restarts int                // chains in a row that a new URL caused
	failures int                // chains in a row without an answer

	run      *chain   // under way
	again    *trigger // asked for meanwhile
	deferred *trigger // waits for the call to end
	auth     httpAuth
	lastSum  [32]byte
	kept     *http.Transport // ReusePhone
	timer    *time.Timer     // boot, poll or retry of a chain
	asking   func()          // ends the question for a server (SIP-PnP), nil: none

	agent   *agent
	want    account
	pushed  time.Time // a check-sync that has not yet led to a registration
	nonce   string    // of the last NOTIFY that was challenged, good for one answer
	replies [4]cachedReply
	replyAt int

	base   *Phone   // of a port, nil for a device
	ports  []*Phone // of a base or an adapter
	shared standing // what ports were told, or what a port has taken

	page       *shown // of the XML browser, nil when it is closed
	dirty      bool
	screen     string
	outbox     []Event
	delivering bool
	changed    chan struct{}
}

// trigger is why a chain starts.
type trigger struct {
	pushed time.Time
	reboot bool
}

// do runs f with the phone locked, then tells those who wait and listen.
func (p *Phone) do(f func()) {
	p.mu.Lock()
	f()
	if p.dirty {
		p.dirty = false
		p.redraw()
	}
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
	if len(p.ports) > 0 {
		p.share()
	}
	idle := len(p.outbox) == 0
	p.mu.Unlock()
	if !idle {
		p.deliver()
	}
}

// after runs f later, unless power was cut in between.
func (p *Phone) after(d time.Duration, f func()) *time.Timer {
	epoch := p.epoch
	return time.AfterFunc(d, func() {
		p.do(func() {
			if p.epoch == epoch {
				f()
			}
		})
	})
}

// MAC gives the phone's hardware address, "" for Linphone and generic devices.
func (p *Phone) MAC() MAC { return p.cfg.MAC }

// PowerOn boots the phone. When ctx ends it is powered off. No effect when on.
func (p *Phone) PowerOn(ctx context.Context) {
	p.do(func() {
		if p.state.Power != Off || p.fleet.isClosed() {
			return
		}
		stop := context.AfterFunc(ctx, p.PowerOff)
		p.stop = func() { stop() }
		p.boot()
	})
}

// PowerOff pulls the plug: no unregistering, connections fall. Settings stay.
func (p *Phone) PowerOff() {
	p.do(func() {
		if p.state.Power == Off {
			return
		}
		p.cut("power off")
		p.stop()
		p.state.Power, p.pushed = Off, time.Time{}
		p.emit(Event{Kind: PoweredOff})
	})
}

// Reboot restarts a phone that is on.
func (p *Phone) Reboot() {
	p.do(func() {
		if p.state.Power != Off {
			p.reboot()
		}
	})
}

// FactoryReset forgets everything but what Config says, takes url as the new
// provisioning URL, and restarts if the phone is on.
func (p *Phone) FactoryReset(url string) {
	p.do(func() {
		p.reset(url)
		if p.state.Power != Off {
			p.reboot()
		}
	})
}

// TypeIn enters credentials into a generic device; it registers with them at once.
func (p *Phone) TypeIn(c Credentials) {
	p.do(func() {
		g, ok := p.fw.(generic)
		if !ok {
			return
		}
		g.typeIn(p.settings, c)
		if p.state.Power == Running {
			p.syncAccount()
		}
	})
}

// SetProvisioningURL is what a person types into the phone's menu; it is asked
// at the next start or check-sync.
func (p *Phone) SetProvisioningURL(url string) {
	p.do(func() { p.fw.setProvisioningURL(p.settings, url) })
}

// TimePasses lets the time come at which the phone looks for changes by itself;
// false: its files let it never do that.
func (p *Phone) TimePasses() (looks bool) {
	p.do(func() {
		if looks = p.state.Power == Running && p.fw.pollAfter(p.settings, time.Now()) > 0; looks {
			p.startChain(trigger{})
		}
	})
	return looks
}

// SetByUser changes a setting at the phone's own menu, and registers anew if it
// concerns the account. A setting that a Snom file locked (perm R) refuses.
func (p *Phone) SetByUser(key, value string) error {
	var err error
	p.do(func() {
		old := p.settings[key]
		if old.perm == "R" {
			err = fmt.Errorf("setting %s: locked by the operator", key)
			return
		}
		p.settings[key] = entry{value: value, perm: old.perm, user: true}
		p.dirty = true
		if p.state.Power == Running {
			p.syncAccount()
		}
	})
	return err
}

// Setting reads the phone's memory; the key is the vendor's, Snom's with ":idx",
// Linphone's as "section/entry".
func (p *Phone) Setting(key string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.settings[key]
	return e.value, ok
}

// SetBusy says whether a call is up. A check-sync that comes meanwhile waits for
// the call to end, as every vendor does it.
func (p *Phone) SetBusy(busy bool) {
	p.do(func() {
		p.state.Busy = busy
		if t := p.deferred; !busy && t != nil {
			p.deferred = nil
			p.obey(*t)
		}
	})
}

// SetAddress moves the phone to another source address: connections fall and it
// registers again from there.
func (p *Phone) SetAddress(a netip.Addr) {
	p.do(func() {
		if p.cfg.Address == a {
			return
		}
		p.cfg.Address = a
		p.dropTransport()
		if p.agent != nil {
			p.agent.relocate()
		}
	})
}

// SetClock puts the phone's clock off by that much; connections made later check
// certificates by it.
func (p *Phone) SetClock(off time.Duration) {
	p.do(func() {
		p.cfg.ClockOff = off
		p.dropTransport()
	})
}

// SetRootCAs replaces the authorities that the phone trusts, as a firmware does
// that brings newer ones.
func (p *Phone) SetRootCAs(pool *x509.CertPool) {
	p.do(func() {
		p.cfg.RootCAs = pool
		p.dropTransport()
	})
}

// Address is the present source address.
func (p *Phone) Address() netip.Addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Address
}

func (p *Phone) reset(url string) {
	p.settings = settings{}
	p.fw.setProvisioningURL(p.settings, url)
	if g, ok := p.fw.(generic); ok && p.cfg.Account != nil {
		g.typeIn(p.settings, *p.cfg.Account)
	}
	p.lastSum, p.auth = [32]byte{}, httpAuth{}
}

// cut ends all that runs. The caller says what comes next.
func (p *Phone) cut(why string) {
	p.epoch++
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.run != nil {
		p.run.cancel()
		p.run = nil
	}
	if p.asking != nil {
		p.asking()
		p.asking = nil
	}
	p.again, p.deferred, p.state.Busy, p.page = nil, nil, false, nil
	p.restarts, p.failures = 0, 0
	if p.agent != nil {
		p.agent.close()
		p.agent = nil
	}
	p.unregistered(0, why)
	p.dropTransport()
	p.dirty = true
}

func (p *Phone) reboot() {
	p.cut("reboot")
	p.boot()
}

func (p *Phone) boot() {
	p.state.Power = Booting
	p.dirty = true
	p.timer = p.after(p.cfg.BootDelay, func() {
		p.state.Boots++
		p.fleet.counts.boots.Add(1)
		p.emit(Event{Kind: Booted})
		p.dirty = true
		if p.fw.provisioningURL(p.settings) == "" {
			if p.cfg.PnP {
				p.askLAN()
				return
			}
			p.state.Power = Running
			p.syncAccount()
			return
		}
		p.state.Power = Provisioning
		p.startChain(trigger{pushed: p.pushed})
	})
}
