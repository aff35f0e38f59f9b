package browser

import (
	"context"
	"time"

	"tischlein/internal/phonesim"
)

// Dials has somebody dial a code at the desk's phone and type the keys, and gives the SIP Reason with which the call has
// ended. The question that may follow, whether somebody else's login is to end, is answered with the key 1.
func (d *Desk) Dials(code, keys string) (reason string) {
	d.t.Helper()
	c, err := d.phone.Dial(phonesim.Dialling{Number: code})
	if err != nil {
		d.t.Fatal(err)
	}
	ended := func(limit time.Duration, in phonesim.Phase) bool {
		ctx, cancel := context.WithTimeout(d.t.Context(), limit)
		defer cancel()
		return c.Wait(ctx, func(s phonesim.CallState) bool { return s.Phase == in || s.Phase == phonesim.Ended }) == nil
	}
	if !ended(patience, phonesim.Up) {
		d.t.Fatalf("nobody answers %s: %+v", code, c.State())
	}
	if keys != "" {
		if err := c.Press(keys); err != nil {
			d.t.Fatal(err)
		}
	}
	for began := time.Now(); !ended(4*time.Second, phonesim.Ended); {
		if time.Since(began) > patience {
			d.t.Fatalf("the call does not end: %+v", c.State())
		}
		_ = c.Press("1") // it may have ended by now
	}
	return c.State().Reason
}
