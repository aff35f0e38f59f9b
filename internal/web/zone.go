package web

import (
	"net/http"
	"sync"
	"time"
	_ "time/tzdata" // a machine without readZones must show customers' clocks too

	"tischlein/internal/web/text"
)

// zoneCookie is set by the page's script to the browser's time zone: a cookie of
// no secret, so that its name needs no prefix.
const zoneCookie = "zone"

// readZones remembers time zones, which would be read from disk each time. There are a
// few hundred of them; what is none is not remembered.
var readZones sync.Map // name → *time.Location

func zone(name string) (*time.Location, bool) {
	if z, ok := readZones.Load(name); ok {
		return z.(*time.Location), true
	}
	if name == "" || len(name) > 64 {
		return nil, false
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	readZones.Store(name, z)
	return z, true
}

// ownZone is the clock of pages that are no customer's: the browser's, else this
// machine's.
func ownZone(r *http.Request) *time.Location {
	if c, err := r.Cookie(zoneCookie); err == nil {
		if z, ok := zone(c.Value); ok {
			return z
		}
	}
	return time.Local
}

// useZone makes times be shown by the customer's clock.
func (c *Call) useZone(name string) {
	if z, ok := zone(name); ok {
		c.R = c.R.WithContext(text.With(c.R.Context(), c.Text().In(z)))
	}
}
