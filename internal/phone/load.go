package phone

import (
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// goodFor is how long an entry is believed without a Changed: another process may
// work on the same database.
const goodFor = 5 * time.Minute

func (s *Server) good(e *entry, from netip.Addr) bool {
	return e != nil && !e.stale.Load() && e.addr == from && s.cfg.Now().Sub(e.made) < goodFor
}

// load makes a device ready for requests from one address. Loads of one token
// come one after the other: what is rendered for one address must not be handed
// to another (D16).
func (s *Server) load(r *http.Request, k key, token, rest string, from netip.Addr) (*entry, error) {
	stripe := &s.loading[k[0]]
	stripe.Lock()
	defer stripe.Unlock()
	old := s.memory.get(k)
	if s.good(old, from) {
		return old, s.known(r, k, old.device, rest, from)
	}
	ctx, hash := r.Context(), hashOf(token)
	var e *entry
	// An entry that only grew old was verified at this address.
	contacted := old != nil && !old.stale.Load() && old.addr == from
	authorised := false
	// Contacted may itself change the device; a second turn reads what it made.
	for range 3 {
		mark := s.memory.mark()
		d, err := s.cfg.Devices.ByToken(ctx, hash)
		if err != nil {
			if telephony.CodeOf(err) == telephony.NotFound {
				s.memory.remove(k)
				s.absent.add(k, s.cfg.Now())
			}
			return nil, fmt.Errorf("finding the token's device: %w", err)
		}
		if err := s.admit(r, d, rest, from); err != nil {
			return nil, err
		}
		if !authorised {
			authorised = true
			if err := s.authorise(r, k, d, from); err != nil {
				return nil, err
			}
			s.certified(r, d, from)
		}
		if !contacted {
			contacted = true
			s.listen(&d, request(r, rest))
			if err := s.cfg.Devices.Contacted(ctx, d, from); err != nil {
				return nil, fmt.Errorf("noting the contact: %w", err)
			}
			if s.memory.changed(mark, d) {
				continue
			}
		}
		if e, err = s.prepare(r, d, from); err != nil {
			return nil, err
		}
		if old != nil && old.device.ID == d.ID {
			e.sent = old.sent
		}
		e.untried.Store(old == nil || old.untried.Load())
		if s.memory.keep(k, e, mark) {
			break
		}
	}
	if e == nil {
		return nil, &telephony.Error{Code: telephony.Unavailable, Message: "the device keeps changing"}
	}
	return e, nil
}

// admit decides whether a device may be served here and now: a pending one at
// its own address only (P03 c), and nobody under another's credential (P04).
func (s *Server) admit(r *http.Request, d Device, rest string, from netip.Addr) error {
	why := foreign(d, request(r, rest))
	if why == "" && d.Only.IsValid() && d.Only.Unmap() != from {
		why = "it is not confirmed yet and may be served at " + d.Only.String() + " only"
	}
	if why == "" {
		return nil
	}
	s.tellRefused(r, d, from, why)
	return &telephony.Error{Code: telephony.NotFound, Message: "no such device", Err: errDenied}
}

// listen notes what model a device says it is, if nobody else has said it.
func (s *Server) listen(d *Device, q provision.Request) {
	if d.Model != "" {
		return
	}
	if drv, err := s.cfg.Registry.Get(d.Driver); err == nil {
		if m, ok := drv.Match(q); ok {
			d.Said = m.Model
		}
	}
}

// prepare renders all files of a device.
func (s *Server) prepare(r *http.Request, d Device, from netip.Addr) (*entry, error) {
	drv, err := s.cfg.Registry.Get(d.Driver)
	if err != nil {
		return nil, internal("finding the driver", err)
	}
	want, err := s.cfg.Devices.Desired(r.Context(), d)
	if err != nil {
		return nil, fmt.Errorf("reading what the device wants: %w", err)
	}
	info := drv.Info()
	e := &entry{
		device: d, driver: drv, chain: info.Chain, addr: from, revision: want.Revision, httpUser: want.Desired.HTTPUser,
		made: s.cfg.Now(), files: make(map[provision.FileKind]*file, len(info.Kinds)), sent: &sent{},
	}
	for _, kind := range info.Kinds {
		f, err := drv.Render(want.Desired, kind)
		if err != nil {
			if telephony.CodeOf(err) == telephony.NotFound {
				continue // the vendor's phones can do without
			}
			return nil, internal("rendering for "+d.ID, err)
		}
		e.files[kind] = newFile(kind, f)
	}
	return e, nil
}

// internal is a fault of ours: whatever its code, it must not look as if the
// device did not exist.
func internal(doing string, err error) error {
	return &telephony.Error{Code: telephony.Internal, Reason: "internal", Message: doing, Err: err}
}
