package sip

import (
	"bytes"
	"net/netip"

	"tischlein/internal/sip/wire"
)

// authenticate checks m's digest for user; who calls is whom the digest names,
// whatever From says. ok is false when m has been answered, dropped or put aside;
// otherwise cred is the channel's credential.
func (w *worker) authenticate(f *flow, m *wire.Message, user []byte, ruri *wire.URI) (cred *Credential, ok bool) {
	s := w.s
	from := f.peer.Addr()
	var auth wire.Authorization
	found := false
	offered := m.Auth[:m.Auths]
	if !registers(m) {
		offered = m.Proxy[:m.Proxies]
	}
	for i := 0; i < len(offered) && !found; i++ {
		a, digest, bad := wire.ParseAuthorization(offered[i])
		if digest && bad {
			w.malformed(f, m, 400, "Bad Authorization")
			return nil, false
		}
		if found = digest && string(a.Realm) == s.cfg.Realm; found {
			auth = a
		}
	}
	if found && !registers(m) {
		user = auth.Username
	}
	cred = s.cached(user)
	if !found {
		if cred == nil && !s.known(user) && !s.limits.take(from, allowStranger, w.unix) {
			s.count.limited.Add(1)
			return nil, false
		}
		w.challenge(f, m, cred != nil && cred.SHA256, cred != nil && cred.SHA256Only, false)
		return nil, false
	}
	id, verdict := s.nonces.check(auth.Nonce, from, w.unix)
	if verdict == nonceStale {
		w.challenge(f, m, cred != nil && cred.SHA256, cred != nil && cred.SHA256Only, true)
		return nil, false
	}
	if cred == nil {
		if cred, ok = w.ask(f, m, user); !ok {
			return nil, false
		}
	}
	if auth.SHA256 && !cred.SHA256 && !cred.SHA256Only && cred != nobody || !auth.SHA256 && cred.SHA256Only {
		// An algorithm we did not offer, or one weaker than this device has used:
		// not an attack on its face, since we may have forgotten the credential.
		w.challenge(f, m, cred.SHA256, cred.SHA256Only, true)
		return nil, false
	}
	match := w.verify(&auth, cred.HA1, m.Method)
	if match < 0 || cred == nobody || !bytes.Equal(auth.Username, user) || !sameTarget(auth.URI, ruri) {
		w.wrong(f, m, cred, match >= 0 && cred != nobody)
		return nil, false
	}
	// The house judges the address before the nonce is counted: a message put
	// aside meanwhile comes back through here and must not look like a replay.
	if !w.contacted(f, m, cred) {
		return nil, false
	}
	if !w.counted && !s.nonces.use(id, auth.Count) && !s.retransmitted(f, m, cred) {
		if !registers(m) && s.cfg.Calls.Again(m.Key()) {
			return nil, false // it came twice at once, and the other one was quicker
		}
		w.challenge(f, m, cred.SHA256, cred.SHA256Only, true)
		return nil, false
	}
	w.counted = true
	s.limits.give(from, allowStranger)
	if f.conn != nil {
		f.conn.trust()
	}
	w.used(cred, &auth, match)
	return cred, true
}

// sameTarget compares the digest's uri with the Request-URI (RFC 3261 22.4).
// Some phones leave the port or parameters out of one of the two.
func sameTarget(digest []byte, ruri *wire.URI) bool {
	if bytes.Equal(digest, ruri.Raw) {
		return true
	}
	u, ok := wire.ParseURI(digest)
	return ok && u.SIP() && wire.EqualFold(u.Host, ruri.Host) && bytes.Equal(u.User, ruri.User)
}

// retransmitted reports whether m repeats the REGISTER that was accepted last or
// is being written: it has the same nonce count and must not look like a replay.
func (s *Server) retransmitted(f *flow, m *wire.Message, cred *Credential) bool {
	sh := s.table.shardOf(cred.SIPUser)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[cred.SIPUser]
	if a == nil {
		return false
	}
	b := a.binding
	if a.pending != nil {
		b = a.pending.next
	}
	return registers(m) && b != nil && b.callID == string(m.Single[wire.HeaderCallID]) && b.cseq == m.CSeq && b.flow.same(f)
}

// ask gets a credential that is not in memory: at once where the worker may
// block, else by putting the message aside.
func (w *worker) ask(f *flow, m *wire.Message, user []byte) (*Credential, bool) {
	s := w.s
	if !wire.Printable(user) || s.isUnknown(user, w.unix) {
		return nobody, true
	}
	if !w.mayBlock {
		w.putAside(f, m)
		return nil, false
	}
	if !s.known(user) && !s.limits.take(f.peer.Addr(), allowLookup, w.unix) {
		s.count.limited.Add(1)
		return nil, false
	}
	cred, err := s.lookup(string(user), w.unix)
	if err != nil {
		w.unavailable(f, m, err)
		return nil, false
	}
	if cred != nobody {
		s.limits.give(f.peer.Addr(), allowLookup)
	}
	return cred, true
}

// wrong answers a digest that does not fit. rightSecret: the secret was right
// but for another user or target.
func (w *worker) wrong(f *flow, m *wire.Message, cred *Credential, rightSecret bool) {
	s := w.s
	if cred == nobody {
		s.count.unknownUser.Add(1)
	} else {
		s.count.wrongDigest.Add(1)
	}
	if !s.limits.take(f.peer.Addr(), allowFailure, w.unix) {
		s.count.limited.Add(1)
		return
	}
	w.challenge(f, m, cred.SHA256, cred.SHA256Only, false)
	if cred != nobody && cred.ChannelID != "" {
		r := Refusal{ChannelID: cred.ChannelID, Reason: RefusedDigest, Source: f.peer}
		if rightSecret {
			r.Reason = RefusedUser
		}
		w.events = append(w.events, event{kind: eventRefused, refusal: r})
	}
}

// used notes which secret and hash proved the device, each once per look-up.
func (w *worker) used(cred *Credential, auth *wire.Authorization, match int) {
	if len(cred.HA1) < 2 && (!auth.SHA256 || cred.SHA256Only) {
		return
	}
	bit := uint8(1)
	if auth.SHA256 {
		bit <<= 1
	}
	if match > 0 {
		bit <<= 2
	}
	sh := w.s.table.shardOf(cred.SIPUser)
	sh.mu.Lock()
	a := sh.users[cred.SIPUser]
	tell := a != nil && a.cred == cred && a.told&bit == 0
	if tell {
		a.told |= bit
	}
	sh.mu.Unlock()
	if tell {
		w.events = append(w.events, event{kind: eventUsed, usage: Usage{
			SIPUser: cred.SIPUser, ChannelID: cred.ChannelID, SHA256: auth.SHA256, Previous: match > 0,
		}})
	}
}

// contacted lets the house judge the address before the answer (D16, D19). It
// reports whether the request may go on now.
func (w *worker) contacted(f *flow, m *wire.Message, cred *Credential) bool {
	s := w.s
	addr := f.peer.Addr()
	if cred.ChannelID == "" || s.verified(cred, addr) {
		return true
	}
	if !w.mayBlock {
		w.putAside(f, m)
		return false
	}
	err := s.cfg.Observer.Contacted(s.ctx, Contact{
		SIPUser: cred.SIPUser, ChannelID: cred.ChannelID, CustomerID: cred.CustomerID,
		Source: f.peer, Transport: f.transport().String(),
		UserAgent: string(wire.Text(m.Single[wire.HeaderUserAgent], 128)), Method: string(m.Method),
	})
	if err != nil && !registers(m) {
		s.complain("a caller's address could not be judged", err)
		w.unjudged = true // it may be an emergency: calls will see
		return true
	}
	if err != nil {
		w.unavailable(f, m, err)
		return false
	}
	sh := s.table.shardOf(cred.SIPUser)
	sh.mu.Lock()
	if a := sh.users[cred.SIPUser]; a != nil {
		a.verified, a.verifiedGen = addr, cred.Generation
	}
	sh.mu.Unlock()
	return true
}

func (s *Server) verified(cred *Credential, addr netip.Addr) bool {
	sh := s.table.shardOf(cred.SIPUser)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[cred.SIPUser]
	return a != nil && a.verified == addr && a.verifiedGen == cred.Generation
}
