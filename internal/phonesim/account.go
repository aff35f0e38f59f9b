package phonesim

import "time"

// syncAccount makes the agent follow the settings.
func (p *Phone) syncAccount() {
	p.want = p.fw.account(p.settings)
	p.dirty = true
	a := p.agent
	switch {
	case a == nil:
		p.startAgent()
	case a.phase == leaving: // startAgent follows by itself
	case !p.want.active || !a.acct.sameLogin(p.want):
		a.leave(func() {
			p.agent = nil
			p.startAgent()
		})
	case a.acct != p.want:
		a.acct, a.expires = p.want, p.want.expires
		a.again()
	case a.phase == stopped || a.phase == waiting:
		a.failures = 0
		a.again()
	default:
		p.pushed = time.Time{} // nothing changed for the registrar
	}
}

func (p *Phone) startAgent() {
	if !p.want.active {
		p.state.User, p.state.Display, p.state.Transport = "", "", ""
		p.pushed = time.Time{}
		return
	}
	p.agent = newAgent(p, p.want)
	p.state.User, p.state.Display, p.state.Transport = p.want.user, p.want.display, p.want.transport
	p.agent.open()
}

// registered notes a 200 to REGISTER.
func (p *Phone) registered(a *agent, granted int) {
	s := &p.state
	fresh := !s.Registered || s.User != a.acct.user || s.Display != a.acct.display
	s.Registered, s.Expires, s.SIPStatus = true, granted, 200
	s.User, s.Display, s.Transport = a.acct.user, a.acct.display, a.acct.transport
	s.Registrations++
	p.dirty = true
	took := time.Since(a.began)
	if !p.pushed.IsZero() && p.run == nil {
		p.fleet.counts.notifyRegistered.add(time.Since(p.pushed))
		p.pushed = time.Time{}
	}
	if l, ok := p.fw.(linphone); ok && a.acct.secrets.ha1 == "" && a.auth.set {
		l.storeHA1(p.settings, a.acct, a.auth.c.realm, algorithmName(a.auth.c.algorithm))
		p.want = l.account(p.settings)
		a.acct.secrets = p.want.secrets
	}
	if !fresh {
		p.emit(Event{Kind: Refreshed, User: s.User, Took: took})
		return
	}
	p.fleet.counts.register.add(took)
	p.emit(Event{Kind: Registered, User: s.User, Detail: s.Display, Took: took})
}

// unregistered notes that the registrar no longer knows us, or may not.
func (p *Phone) unregistered(status int, why string) {
	p.dirty = true
	if !p.state.Registered {
		return
	}
	p.state.Registered = false
	p.emit(Event{Kind: Unregistered, Status: status, User: p.state.User, Detail: why})
}
