package sip

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"unique"

	"tischlein/internal/sip/wire"
)

// register serves one REGISTER: digest, then RFC 3261 10.3 with one device per
// channel (C02, C03).
func (w *worker) register(f *flow, m *wire.Message) {
	s := w.s
	to, ok := wire.ParseNameAddr(m.Single[wire.HeaderTo])
	from, ok2 := wire.ParseNameAddr(m.Single[wire.HeaderFrom])
	ruri, ok3 := wire.ParseURI(m.RequestURI)
	if !ok || !ok2 || !ok3 {
		w.malformed(f, m, 400, "Bad Address")
		return
	}
	if !ruri.SIP() {
		w.malformed(f, m, 416, "Unsupported URI Scheme")
		return
	}
	user, ok := wire.Unescape(to.URI.User)
	if !to.URI.SIP() || !ok || len(user) == 0 || len(user) > wire.MaxUser {
		w.malformed(f, m, 400, "Bad To")
		return
	}
	if m.Present[wire.HeaderRequire] && len(m.Single[wire.HeaderRequire]) > 0 {
		w.unsupported(f, m)
		return
	}
	cred, ok := w.authenticate(f, m, user, &ruri)
	if !ok {
		return
	}
	if cred.ChannelID == "" { // a trunk's: there is nothing to bind
		w.refuse(f, m, cred, RefusedUser, "a trunk does not register")
		return
	}
	if fromUser, ok := wire.Unescape(from.URI.User); !ok || !bytes.Equal(fromUser, user) {
		// Nobody registers on another's behalf here (RFC 3261 10.3 step 3).
		w.refuse(f, m, cred, RefusedUser, "From differs from To")
		return
	}
	header := int64(-1)
	if m.Present[wire.HeaderExpires] {
		header = wire.ExpiresValue(m.Single[wire.HeaderExpires])
	}
	c, status, reason := m.ParseContacts(header)
	if status != 0 {
		w.malformed(f, m, status, reason)
		return
	}
	if c.Star && header != 0 {
		w.malformed(f, m, 400, "Contact * Needs Expires 0")
		return
	}
	ttl := w.s.lifetime(&c, header)
	if ttl > 0 && ttl < int64(s.cfg.MinExpires.Seconds()) && !c.None {
		w.reply(f, m, 423, "Interval Too Brief", "Min-Expires: "+strconv.Itoa(int(s.cfg.MinExpires.Seconds()))+"\r\n")
		return
	}
	w.bind(f, m, cred, &c, ttl, to.Display)
}

// lifetime is the binding's time to live in seconds; below MinExpires it is to
// be refused, 0 removes.
func (s *Server) lifetime(c *wire.Contact, header int64) int64 {
	ttl := c.Expires
	if ttl < 0 {
		ttl = header
	}
	if c.Star {
		ttl = 0
	}
	if ttl < 0 {
		ttl = int64(s.cfg.DefaultExpires.Seconds())
	}
	return min(ttl, int64(s.cfg.MaxExpires.Seconds()))
}

// bind does the binding part for an authenticated request.
func (w *worker) bind(f *flow, m *wire.Message, cred *Credential, c *wire.Contact, ttl int64, display []byte) {
	s := w.s
	sh := s.table.shardOf(cred.SIPUser)
	sh.mu.Lock()
	a := sh.users[cred.SIPUser]
	if a == nil || a.cred != cred { // forgotten since the digest was checked: judge it anew
		sh.mu.Unlock()
		w.again(f, m)
		return
	}
	if a.pending != nil {
		w.whilePending(f, m, a, sh)
		return
	}
	a.touched = w.unix
	old := a.binding
	if old != nil && old.expires <= w.unix {
		old = nil
	}
	branch := maphash.Bytes(s.table.seed, m.TopVia.Branch)
	if old != nil && old.callID == string(m.Single[wire.HeaderCallID]) && m.CSeq <= old.cseq {
		if m.CSeq == old.cseq && branch == old.branch && old.flow.same(f) {
			w.answerBound(f, m, old)
			sh.mu.Unlock()
			s.count.retransmitted.Add(1)
			return
		}
		sh.mu.Unlock()
		w.reply(f, m, 500, "CSeq Out of Order", "")
		return
	}
	if c.None {
		w.answerBound(f, m, old)
		sh.mu.Unlock()
		return
	}
	if old != nil && len(c.Instance) > 0 && old.instance != "" && old.instance != string(c.Instance) {
		detail := old.agent.Value() + " (" + old.flow.peer.String() + ")"
		sh.mu.Unlock()
		w.refuse(f, m, cred, RefusedInstance, detail)
		return
	}
	if ttl == 0 {
		if old == nil || !c.Star && !c.URI.Equal(old.contact) {
			w.answerBound(f, m, old)
			sh.mu.Unlock()
			return
		}
		w.commit(sh, a, newChange(f, m, a, old, true))
		return
	}
	n := w.nextBinding(f, m, cred, c, ttl, display, branch, old)
	if old != nil && n.contact == old.contact && n.flow.same(&old.flow) {
		n.stored, n.dirty = old.stored, true
		*old = *n
		w.answerBound(f, m, old)
		w.tellRegistered(a, old, false)
		sh.mu.Unlock()
		s.count.registered.Add(1)
		return
	}
	ch := newChange(f, m, a, n, false)
	ch.tail = n.appendContact(ch.tail, w.unix)
	w.commit(sh, a, ch)
}

// nextBinding is the binding that m asks for; strings that did not change are
// taken over from old, so that a refresh allocates the struct and nothing else.
func (w *worker) nextBinding(f *flow, m *wire.Message, cred *Credential, c *wire.Contact, ttl int64, display []byte, branch uint64, old *binding) *binding {
	var keep binding
	if old != nil {
		keep = *old
	} else {
		keep.customer = unique.Make(cred.CustomerID).Value()
	}
	n := &w.next
	*n = binding{
		channel: cred.ChannelID, customer: keep.customer,
		contact: same(keep.contact, c.URI.Raw), instance: same(keep.instance, c.Instance),
		callID: same(keep.callID, m.Single[wire.HeaderCallID]), display: same(keep.display, wire.Text(display, 128)),
		agent: keep.agent, flow: *f, local: f.local(), over: f.transport(),
		cseq: m.CSeq, nat: natted(&c.URI, f), branch: branch,
		registered: w.unix, expires: w.unix + ttl,
	}
	if agent := wire.Text(m.Single[wire.HeaderUserAgent], 128); old == nil || keep.agent.Value() != string(agent) {
		n.agent = unique.Make(string(agent))
	}
	return n
}

func same(old string, b []byte) string {
	if old == string(b) {
		return old
	}
	return string(b)
}

// appendContact appends the Contact line of a 200 (RFC 3261 10.3 step 8).
func (b *binding) appendContact(dst []byte, now int64) []byte {
	dst = append(dst, "Contact: <"...)
	dst = append(dst, b.contact...)
	dst = append(dst, ">;expires="...)
	dst = strconv.AppendInt(dst, max(b.expires-now, 0), 10)
	if b.instance != "" {
		dst = append(dst, `;+sip.instance="`...)
		dst = append(dst, b.instance...)
		dst = append(dst, '"')
	}
	return append(dst, wire.CRLF...)
}

// answerBound is the 200 with what is bound now, nil for nothing.
func (w *worker) answerBound(f *flow, m *wire.Message, b *binding) {
	w.begin(f)
	w.arena = wire.AppendStatus(w.arena, 200, "OK")
	w.arena = m.AppendHead(w.arena, f.peer)
	if b != nil {
		w.arena = b.appendContact(w.arena, w.unix)
	}
	w.arena = append(w.arena, wire.NoBody...)
	w.end()
}
