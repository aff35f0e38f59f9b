package phonesim

import (
	"context"
	"slices"
	"time"
)

// Power is the coarse condition of a phone.
type Power string

// The conditions.
const (
	Off          Power = "off"
	Booting      Power = "booting"
	Provisioning Power = "provisioning" // first file chain after a boot
	Running      Power = "running"
)

// File is one request of the last file chain.
type File struct {
	URL    string `json:"url"`
	Method string `json:"method,omitempty"` // "" = GET
	Status int    `json:"status"`           // 0: no answer, see Err
	Bytes  int    `json:"bytes"`
	Err    string `json:"err,omitempty"` // network or parse error
}

// State is a snapshot of a phone. Counters only ever rise, across reboots too.
type State struct {
	Power           Power     `json:"power"`
	Boots           int       `json:"boots"`
	ProvisioningURL string    `json:"provisioning_url"` // what the next chain will ask, macros unexpanded
	Files           []File    `json:"files"`            // of the last finished chain, in order
	Chains          int       `json:"chains"`           // finished ones, changed or not
	Applied         int       `json:"applied"`          // chains that changed settings
	Busy            bool      `json:"busy"`             // a call is up, see SetBusy
	Deferred        bool      `json:"deferred"`         // a check-sync waits for the call to end
	Registered      bool      `json:"registered"`
	Registrations   int       `json:"registrations"` // 200 answers, refreshes included
	User            string    `json:"user"`          // registered or trying as
	Display         string    `json:"display"`       // display name in From
	Transport       string    `json:"transport"`     // "udp", "tcp", "tls"
	Expires         int       `json:"expires"`       // seconds the registrar granted
	Algorithm       string    `json:"algorithm"`     // digest in use: "MD5", "SHA-256"
	Received        string    `json:"received"`      // our address as the registrar saw it (rport)
	SIPStatus       int       `json:"sip_status"`    // last final answer to REGISTER
	Notifies        int       `json:"notifies"`
	Challenges      int       `json:"challenges"`  // NOTIFYs it would not obey without credentials
	LastNotify      string    `json:"last_notify"` // its Event header
	LastNotifyAt    time.Time `json:"last_notify_at"`
	Invites         int       `json:"invites"`
	Dialled         string    `json:"dialled"` // by the last key that dials
	LastError       string    `json:"last_error"`
}

// State gives a snapshot.
func (p *Phone) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.snapshot()
}

func (p *Phone) snapshot() State {
	s := p.state
	s.Files = slices.Clone(s.Files)
	s.ProvisioningURL = p.fw.provisioningURL(p.settings)
	s.Deferred = p.deferred != nil
	return s
}

// Wait blocks until ok holds for the phone's state or ctx ends; it returns
// ctx.Err() then. It is woken by changes, and may not see one that is undone at
// once: wait for a counter where that matters.
func (p *Phone) Wait(ctx context.Context, ok func(State) bool) error {
	return p.wait(ctx, func() bool {
		p.mu.Lock()
		s := p.snapshot()
		p.mu.Unlock()
		return ok(s)
	})
}

// WaitScreen blocks until ok holds for the screen's lines or ctx ends.
func (p *Phone) WaitScreen(ctx context.Context, ok func([]string) bool) error {
	return p.wait(ctx, func() bool { return ok(p.Screen()) })
}

func (p *Phone) wait(ctx context.Context, ok func() bool) error {
	for {
		p.mu.Lock()
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		p.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
