package provision

import (
	"cmp"
	"slices"

	"tischlein/internal/telephony"
)

// Registry holds the drivers of an installation, ordered by vendor.
type Registry struct {
	drivers  []Driver
	byVendor map[string]Driver
}

// NewRegistry panics when two drivers claim one vendor: a programming error.
func NewRegistry(drivers ...Driver) *Registry {
	r := &Registry{drivers: slices.Clone(drivers), byVendor: make(map[string]Driver, len(drivers))}
	for _, d := range drivers {
		vendor := d.Info().Vendor
		if _, twice := r.byVendor[vendor]; twice {
			panic("provision: two drivers for " + vendor)
		}
		r.byVendor[vendor] = d
	}
	slices.SortFunc(r.drivers, func(a, b Driver) int {
		return cmp.Compare(a.Info().Vendor, b.Info().Vendor)
	})
	return r
}

// Drivers are all drivers, ordered by vendor.
func (r *Registry) Drivers() []Driver { return slices.Clone(r.drivers) }

// Get is the driver of that vendor, or telephony.Invalid.
func (r *Registry) Get(vendor string) (Driver, error) {
	if d, ok := r.byVendor[vendor]; ok {
		return d, nil
	}
	return nil, telephony.Invalidf("driver", "driver_unknown", "there is no driver %q", vendor)
}

// Recognition is what a request says about its sender. Nothing in it is proven.
type Recognition struct {
	Driver     Driver // nil when no driver knows the request
	Match      Match
	Candidates []Candidate
}

// MAC is the weightiest MAC, "" when the request names none.
func (r Recognition) MAC() telephony.MAC {
	if len(r.Candidates) == 0 {
		return ""
	}
	return r.Candidates[0].MAC
}

// Foreign is the first MAC that is not own: under a credential this is what P04
// refuses and shows. ok is false when the request names nobody else.
func (r Recognition) Foreign(own telephony.MAC) (c Candidate, ok bool) {
	for _, c := range r.Candidates {
		if c.MAC != own {
			return c, true
		}
	}
	return Candidate{}, false
}

// Recognise reads a request of unknown origin. When its MACs disagree the error
// is telephony.Forbidden (mac_disagrees) with both in its text; the recognition
// is complete all the same.
func (r *Registry) Recognise(req Request) (Recognition, error) {
	rec := Recognition{Candidates: Candidates(req)}
	rec.Driver, rec.Match = r.pick(req, rec.MAC())
	if own := rec.MAC(); own != "" {
		if other, disagrees := rec.Foreign(own); disagrees {
			first := rec.Candidates[0]
			return rec, telephony.Forbiddenf("mac_disagrees",
				"the request names %s (%s) and %s (%s)", first.MAC.Colon(), first.From, other.MAC.Colon(), other.From).
				With("macs", []string{string(first.MAC), string(other.MAC)})
		}
	}
	return rec, nil
}

// pick prefers the vendor that the User-Agent names, then the one whose OUI the
// MAC bears, then the first whose file names fit. Where one maker's devices have
// two drivers, it is the one that knows the model.
func (r *Registry) pick(req Request, mac telephony.MAC) (Driver, Match) {
	var best Driver
	var match Match
	rank := 0
	for _, d := range r.drivers {
		m, ok := d.Match(req)
		if !ok {
			continue
		}
		n := 1
		switch {
		case m.Sure:
			n = 3
		case mac != "" && d.Info().HasOUI(mac.OUI()):
			n = 2
		}
		if n > rank || n == rank && n == 3 && knows(d, m) && !knows(best, match) {
			best, match, rank = d, m, n
		}
	}
	return best, match
}

// knows reports whether a model that was read is one of the vendor's own.
func knows(d Driver, m Match) bool {
	_, ok := d.Info().Model(m.Model)
	return ok
}
