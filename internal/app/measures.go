package app

import (
	"context"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Measures are figures of the whole installation, for who watches over it (U13).
type Measures struct{ *core }

// Measured is what Read tells.
type Measured struct {
	Pushes    map[bool]int           // devices that should be told something, by bulk
	Late      map[bool]time.Duration // how long the oldest of them has been due
	Behind    int                    // devices that have not fetched what they should have
	Rollouts  map[string]int         // by status; without those that have ended
	Upgrades  map[string]int         // devices of those rollouts by state
	Redirects map[string]int         // entries at makers' services by state
}

// Read reads them.
func (m Measures) Read(ctx context.Context) (v Measured, err error) {
	err = m.db.View(ctx, func(tx *storage.Tx) error {
		x, err := tx.Measure()
		v = Measured{Pushes: x.Pushes, Late: map[bool]time.Duration{}, Behind: x.Behind, Rollouts: x.Rollouts, Upgrades: x.Upgrades, Redirects: x.Redirects}
		for _, bulk := range []bool{false, true} {
			v.Late[bulk] = 0
			if at := x.Oldest[bulk]; !at.IsZero() {
				v.Late[bulk] = max(0, tx.Now.Sub(at))
			}
		}
		return err
	})
	return v, err
}

// Linked calls began for each link that is made, with the name under which the
// channel's phone is registered then, and ended for each that ends, until ctx
// does. Links to phones that are not registered are left out.
func (m Measures) Linked(ctx context.Context, began func(channelID, name string, at time.Time), ended func(channelID string)) {
	for ctx.Err() == nil {
		// The channel is closed when this falls behind; what was missed is not measured.
		for e := range m.bus.subscribe(ctx, 0, func(e Event) bool { return e.Kind == "channel" && (e.What == "linked" || e.What == "unlinked") }) {
			if e.What == "unlinked" {
				ended(e.ID)
				continue
			}
			if b, ok := m.boundAt(ctx, e.CustomerID, e.ID); ok {
				began(e.ID, b.Display, e.At)
			}
		}
	}
}

func (m Measures) boundAt(ctx context.Context, customerID, channelID string) (b telephony.Binding, ok bool) {
	err := m.db.View(ctx, func(tx *storage.Tx) error {
		c, err := tx.Channel(customerID, channelID)
		if err == nil {
			b, ok = m.ports.Registrar.Lookup(c.SIPUser)
		}
		return err
	})
	return b, ok && err == nil
}
