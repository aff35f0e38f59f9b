package phonesim

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, UPDATE, REFER"

// cachedReply answers a repeated request without obeying it twice.
type cachedReply struct {
	key string
	raw []byte
}

// receive takes any message that came for this account; reply answers on the
// flow it came by. The phone is locked.
func (a *agent) receive(m *message, source string, reply func([]byte)) {
	if a.phase == dead {
		return
	}
	if m.method == "" {
		a.response(m)
		return
	}
	if !a.callRequest(m, source, reply) {
		a.p.request(m, source, reply)
	}
}

// request answers first and obeys then: a reboot must not swallow the 200.
func (p *Phone) request(m *message, source string, reply func([]byte)) {
	if m.method == "ACK" {
		return
	}
	key := m.branch() + " " + m.method + " " + m.get("call-id")
	for _, c := range p.replies {
		if c.key == key {
			reply(c.raw)
			return
		}
	}
	status, reason, extra, then := p.decide(m)
	raw := m.reply(status, reason, randomHex(4), source, extra...)
	p.replies[p.replyAt%len(p.replies)] = cachedReply{key, raw}
	p.replyAt++
	reply(raw)
	if then != nil {
		then()
	}
}

func (p *Phone) decide(m *message) (status int, reason string, extra []sipHeader, then func()) {
	allow := sipHeader{"Allow", allowed}
	agent := sipHeader{"User-Agent", p.fw.sipAgent(&p.cfg)}
	switch m.method {
	case "OPTIONS":
		return 200, "OK", []sipHeader{allow, {"Accept", "application/sdp"}, agent}, nil
	case "NOTIFY":
		return p.notify(m)
	case "INVITE": // a phone that takes no calls, see Config.Calls
		p.state.Invites++
		return 486, "Busy Here", []sipHeader{agent}, nil
	case "CANCEL", "BYE":
		return 481, "Call/Transaction Does Not Exist", nil, nil
	}
	return 405, "Method Not Allowed", []sipHeader{allow}, nil
}
