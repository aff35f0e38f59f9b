package call

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync/atomic"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// trunks are the peers that are no phones (C10).
type trunks struct {
	set   atomic.Pointer[trunkSet] // never nil
	names names
}

type trunkSet struct {
	byID   map[string]telephony.Trunk
	byUser map[string]telephony.Trunk
	single map[netip.Addr]telephony.Trunk
	wide   []source // prefixes of more than one address
}

type source struct {
	prefix netip.Prefix
	trunk  telephony.Trunk
}

// TrunksChanged asks for the trunks anew. Until it knows them the old ones count.
func (s *Server) TrunksChanged(ctx context.Context) error { return s.loadTrunks(ctx) }

func (s *Server) loadTrunks(ctx context.Context) error {
	list, err := s.cfg.House.Trunks(ctx)
	if err != nil {
		return fmt.Errorf("asking for the trunks: %w", err)
	}
	set := &trunkSet{
		byID: map[string]telephony.Trunk{}, byUser: map[string]telephony.Trunk{}, single: map[netip.Addr]telephony.Trunk{},
	}
	for _, t := range list {
		set.byID[t.ID] = t
		if t.User != "" {
			set.byUser[t.User] = t
		}
		for _, p := range t.Sources {
			if p.IsSingleIP() {
				set.single[p.Addr().Unmap()] = t
			} else {
				set.wide = append(set.wide, source{p.Masked(), t})
			}
		}
	}
	s.trunks.set.Store(set)
	return nil
}

// at is the trunk that sends from an address.
func (t *trunks) at(addr netip.Addr) (telephony.Trunk, bool) {
	set := t.set.Load()
	addr = addr.Unmap()
	if one, ok := set.single[addr]; ok {
		return one, true
	}
	for _, w := range set.wide {
		if w.prefix.Contains(addr) {
			return w.trunk, true
		}
	}
	return telephony.Trunk{}, false
}

func (t *trunks) get(id string) (telephony.Trunk, bool) {
	one, ok := t.set.Load().byID[id]
	return one, ok
}

// TrunkUser is the trunk that authenticates under that digest user.
func (s *Server) TrunkUser(user string) (telephony.Trunk, bool) {
	t, ok := s.trunks.set.Load().byUser[user]
	return t, ok
}

// TrunkUsers are the digest users of all trunks.
func (s *Server) TrunkUsers() []string { return slices.Collect(maps.Keys(s.trunks.set.Load().byUser)) }

// prove answers a trunk's challenge to out, once: out gets a higher CSeq and the
// credentials. It reports whether it could.
func prove(t telephony.Trunk, out *siplib.Request, res *siplib.Response, cseq uint32) bool {
	name, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		name, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	if t.User == "" {
		return false
	}
	for _, v := range values(res, name) {
		c, ok := wire.ParseChallenge([]byte(v))
		if !ok {
			continue
		}
		h := sip.NewHA1(t.User, string(c.Realm), t.Secret.Reveal())
		out.RemoveHeader("CSeq")
		add(out, "CSeq", itoa(int(cseq))+" "+string(out.Method))
		add(out, answer, sip.Respond(&c, t.User, &h, string(out.Method), out.Recipient.String()))
		return true
	}
	return false
}
