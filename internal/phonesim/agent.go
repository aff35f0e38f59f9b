package phonesim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// phase is where an account stands with its registrar.
type phase int

const (
	opening    phase = iota // waiting for a flow
	trying                  // REGISTER under way
	registered              // refresh is due later
	waiting                 // failed, will try again
	stopped                 // refused for good (403)
	leaving                 // REGISTER with Expires 0 under way
	dead
)

// maxTries bounds the answers to 401, 423 and the like within one attempt.
const maxTries = 4

// agent is the user agent of one account. All methods need the phone locked.
type agent struct {
	p     *Phone
	acct  account
	phase phase
	flow  flow
	gone  func() // what comes after leaving

	callID, fromTag, line string // a new agent, hence each boot, has new ones
	cseq                  uint32
	auth                  digester
	expires               int // seconds to ask for; 423 raises it

	txn        *transaction
	tries      int
	began      time.Time // of this attempt
	anew       bool      // register again when txn ends: the display name changed
	failures   int
	timer      *time.Timer // refresh, retry
	ping       *time.Timer
	cancelDial func()

	calls  []*Call
	asking map[string]*ask // requests of calls, by their branch
}

func newAgent(p *Phone, acct account) *agent {
	host := p.cfg.Address.String()
	return &agent{p: p, acct: acct, callID: randomHex(10) + "@" + host, fromTag: randomHex(5),
		line: randomHex(4), expires: acct.expires, cseq: 0}
}

// opened takes the flow that open asked for.
func (a *agent) opened(fl flow, err error) {
	if err != nil {
		a.fail(0, err.Error(), 0)
		return
	}
	a.flow = fl
	a.keepAlive()
	a.register()
}

// register starts an attempt on the open flow.
func (a *agent) register() {
	a.stopTimer()
	a.phase, a.tries, a.began, a.anew = trying, 0, time.Now(), false
	a.p.dirty = true
	a.transmit(a.expires)
}

// again registers at once whatever was planned: the display name changed, or a
// new file came after a failure.
func (a *agent) again() {
	switch {
	case a.phase == trying:
		a.anew = true
	case a.phase == opening || a.phase == leaving || a.phase == dead:
	case a.flow == nil:
		a.stopTimer()
		a.open()
	default:
		a.register()
	}
}

// leave unregisters, then calls gone; at once if there is nothing to take back.
func (a *agent) leave(gone func()) {
	a.gone = gone
	if a.phase == leaving {
		return
	}
	if !a.p.state.Registered || a.flow == nil {
		a.left("")
		return
	}
	a.endTransaction()
	a.stopTimer()
	a.phase, a.tries = leaving, 0
	a.transmit(0)
}

func (a *agent) left(why string) {
	gone := a.gone
	a.close()
	a.p.unregistered(0, why)
	if gone != nil {
		gone()
	}
}

// relocate drops the flow and registers from the phone's new address.
func (a *agent) relocate() {
	if a.phase == leaving {
		a.left("address changed")
		return
	}
	gone := a.gone
	a.close()
	a.gone = gone
	a.p.unregistered(0, "address changed")
	a.open()
}

// flowLost is a connection that fell: open a new one and register again.
func (a *agent) flowLost(fl flow, err error) {
	if a.flow != fl {
		return
	}
	if a.phase == leaving {
		a.left("connection lost")
		return
	}
	wasGood := a.phase == registered
	a.disconnect()
	a.p.unregistered(0, "connection lost: "+err.Error())
	a.phase = waiting
	pause := jitter(100 * time.Millisecond) // the registrar may have restarted under all of us
	if !wasGood {
		pause = backoff(a.p.fleet.cfg.RetryBase, a.failures)
		a.failures++
	}
	a.timer = a.p.after(pause, a.retry)
}

// fail ends an attempt; wait 0 means the usual backoff.
func (a *agent) fail(status int, reason string, wait time.Duration) {
	a.endTransaction()
	if a.phase == leaving {
		a.left(reason)
		return
	}
	a.phase = waiting
	a.p.state.SIPStatus = status
	a.p.unregistered(status, reason)
	a.p.failed(status, "REGISTER: "+reason)
	if status == 403 { // asking again would not help, and looks like an attack
		a.phase = stopped
		return
	}
	if wait == 0 {
		wait = backoff(a.p.fleet.cfg.RetryBase, a.failures)
	}
	a.failures++
	a.timer = a.p.after(wait, a.retry)
}

func (a *agent) retry() {
	if a.phase == waiting {
		a.again()
	}
}

// close drops everything without a word to anybody.
func (a *agent) close() {
	for _, c := range slices.Clone(a.calls) {
		c.over(0, "", nil)
	}
	a.disconnect()
}

// disconnect drops the flow and what hangs on it. Calls outlive it: they go on
// over the next one.
func (a *agent) disconnect() {
	a.phase = dead
	a.endTransaction()
	a.stopTimer()
	if a.ping != nil {
		a.ping.Stop()
	}
	if a.cancelDial != nil {
		a.cancelDial()
	}
	if a.flow != nil {
		a.flow.close()
		a.flow = nil
	}
}

func (a *agent) stopTimer() {
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
}

// keepAlive sends double CRLF (RFC 5626 3.5.1) as long as the flow is this one.
func (a *agent) keepAlive() {
	d := a.p.fleet.cfg.KeepAlive
	if d < 0 {
		return
	}
	fl := a.flow
	a.ping = a.p.after(d, func() {
		if a.flow == fl {
			fl.send([]byte("\r\n\r\n")) //nolint:errcheck // a lost flow shows elsewhere
			a.keepAlive()
		}
	})
}

// request writes the REGISTER (RFC 3261 10.2).
func (a *agent) request(branch string, expires int) []byte {
	p, acct := a.p, a.acct
	me := a.flow.local().String()
	uri := "sip:" + acct.user + "@" + me
	via := strings.ToUpper(acct.transport)
	if acct.transport != "udp" {
		uri += ";transport=" + acct.transport
	}
	from := "<" + acct.aor() + ">"
	if acct.display != "" {
		from = quotedName(acct.display) + " " + from
	}
	target := "sip:" + acct.domain
	var b strings.Builder
	fmt.Fprintf(&b, "REGISTER %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=%s;rport\r\n", target, via, me, branch)
	fmt.Fprintf(&b, "From: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d REGISTER\r\n",
		from, a.fromTag, from, a.callID, a.cseq)
	fmt.Fprintf(&b, "Contact: %s\r\n", p.fw.contact(uri, a.line, p.instance))
	if a.auth.set {
		name, value := a.auth.answer("REGISTER", target, acct.secrets)
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	fmt.Fprintf(&b, "Max-Forwards: 70\r\nExpires: %d\r\nAllow: %s\r\nSupported: path, outbound\r\n", expires, allowed)
	fmt.Fprintf(&b, "User-Agent: %s\r\nContent-Length: 0\r\n\r\n", p.fw.sipAgent(&p.cfg))
	return []byte(b.String())
}

func instanceURN(m MAC) string {
	if m == "" {
		h := randomHex(16)
		return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:]
	}
	return "urn:uuid:00000000-0000-1000-8000-" + string(m)
}

// withInstance adds +sip.instance (RFC 5626 4.1) to a Contact.
func withInstance(contact, instance string) string {
	if instance == "" {
		return contact
	}
	return contact + `;+sip.instance="<` + instance + `>"`
}
