package sip

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"unique"
)

// register serves one REGISTER: digest, then RFC 3261 10.3 with one device per
// channel (C02, C03).
func (w *worker) register(f *flow, m *message) {
	s := w.s
	to, ok := parseNameAddr(m.single[hTo])
	from, ok2 := parseNameAddr(m.single[hFrom])
	ruri, ok3 := parseURI(m.ruri)
	if !ok || !ok2 || !ok3 {
		w.malformed(f, m, 400, "Bad Address")
		return
	}
	if !ruri.sip() {
		w.malformed(f, m, 416, "Unsupported URI Scheme")
		return
	}
	user, ok := unescape(to.uri.user)
	if !to.uri.sip() || !ok || len(user) == 0 || len(user) > maxUser {
		w.malformed(f, m, 400, "Bad To")
		return
	}
	if m.present[hRequire] && len(m.single[hRequire]) > 0 {
		w.unsupported(f, m)
		return
	}
	cred, ok := w.authenticate(f, m, user, &ruri)
	if !ok {
		return
	}
	if fromUser, ok := unescape(from.uri.user); !ok || !bytes.Equal(fromUser, user) {
		// Nobody registers on another's behalf here (RFC 3261 10.3 step 3).
		w.refuse(f, m, cred, RefusedUser, "From differs from To")
		return
	}
	header := int64(-1)
	if m.present[hExpires] {
		header = expiresValue(m.single[hExpires])
	}
	c, status, reason := m.parseContacts(header)
	if status != 0 {
		w.malformed(f, m, status, reason)
		return
	}
	if c.star && header != 0 {
		w.malformed(f, m, 400, "Contact * Needs Expires 0")
		return
	}
	ttl := w.s.lifetime(&c, header)
	if ttl > 0 && ttl < int64(s.cfg.MinExpires.Seconds()) && !c.none {
		w.reply(f, m, 423, "Interval Too Brief", "Min-Expires: "+strconv.Itoa(int(s.cfg.MinExpires.Seconds()))+"\r\n")
		return
	}
	w.bind(f, m, cred, &c, ttl, to.display)
}

// lifetime is the binding's time to live in seconds; below MinExpires it is to
// be refused, 0 removes.
func (s *Server) lifetime(c *contact, header int64) int64 {
	ttl := c.expires
	if ttl < 0 {
		ttl = header
	}
	if c.star {
		ttl = 0
	}
	if ttl < 0 {
		ttl = int64(s.cfg.DefaultExpires.Seconds())
	}
	return min(ttl, int64(s.cfg.MaxExpires.Seconds()))
}

// bind does the binding part for an authenticated request.
func (w *worker) bind(f *flow, m *message, cred *Credential, c *contact, ttl int64, display []byte) {
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
	branch := maphash.Bytes(s.table.seed, m.topic.branch)
	if old != nil && old.callID == string(m.single[hCallID]) && m.cseq <= old.cseq {
		if m.cseq == old.cseq && branch == old.branch && old.flow.same(f) {
			w.answerBound(f, m, old)
			sh.mu.Unlock()
			s.count.retransmitted.Add(1)
			return
		}
		sh.mu.Unlock()
		w.reply(f, m, 500, "CSeq Out of Order", "")
		return
	}
	if c.none {
		w.answerBound(f, m, old)
		sh.mu.Unlock()
		return
	}
	if old != nil && len(c.instance) > 0 && old.instance != "" && old.instance != string(c.instance) {
		detail := "registered here: " + old.agent.Value() + " at " + old.flow.peer.String()
		sh.mu.Unlock()
		w.refuse(f, m, cred, RefusedInstance, detail)
		return
	}
	if ttl == 0 {
		if old == nil || !c.star && !c.uri.equal(old.contact) {
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
func (w *worker) nextBinding(f *flow, m *message, cred *Credential, c *contact, ttl int64, display []byte, branch uint64, old *binding) *binding {
	var keep binding
	if old != nil {
		keep = *old
	} else {
		keep.customer = unique.Make(cred.CustomerID).Value()
	}
	n := &w.next
	*n = binding{
		channel: cred.ChannelID, customer: keep.customer,
		contact: same(keep.contact, c.uri.raw), instance: same(keep.instance, c.instance),
		callID: same(keep.callID, m.single[hCallID]), display: same(keep.display, text(display, 128)),
		agent: keep.agent, flow: *f, local: f.local(), over: f.transport(),
		cseq: m.cseq, nat: natted(&c.uri, f), branch: branch,
		registered: w.unix, expires: w.unix + ttl,
	}
	if agent := text(m.single[hUserAgent], 128); old == nil || keep.agent.Value() != string(agent) {
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
	return append(dst, crlf...)
}

// answerBound is the 200 with what is bound now, nil for nothing.
func (w *worker) answerBound(f *flow, m *message, b *binding) {
	w.begin(f)
	w.arena = appendStatus(w.arena, 200, "OK")
	w.arena = m.appendHead(w.arena, f)
	if b != nil {
		w.arena = b.appendContact(w.arena, w.unix)
	}
	w.arena = append(w.arena, noBody...)
	w.end()
}

// equal compares with a stored Contact as far as it matters for a removal: user,
// host and port (RFC 3261 19.1.4 without the parameters).
func (u *uri) equal(stored string) bool {
	v, ok := parseURI([]byte(stored))
	return ok && bytes.Equal(u.user, v.user) && equalFold(u.host, v.host) && u.port == v.port
}
