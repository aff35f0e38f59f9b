package phonesim

import (
	"strconv"
	"strings"
	"time"
)

const t2 = 4 * time.Second

// transaction is one REGISTER on the wire (RFC 3261 17.1.2).
type transaction struct {
	branch   string
	raw      []byte
	expires  int
	reused   bool // carried a nonce from an earlier attempt
	interval time.Duration
	resend   *time.Timer // timer E, UDP only
	giveUp   *time.Timer // timer F
}

// transmit sends a REGISTER in a transaction of its own. An open flow is needed.
func (a *agent) transmit(expires int) {
	a.endTransaction()
	a.cseq++
	t := &transaction{branch: "z9hG4bK" + randomHex(8), expires: expires, interval: a.p.fleet.cfg.T1,
		reused: a.auth.set && a.tries == 0}
	t.raw = a.request(t.branch, expires)
	a.txn = t
	limit := 64 * a.p.fleet.cfg.T1
	if a.phase == leaving { // the next account waits for us
		limit = 4 * a.p.fleet.cfg.T1
	}
	t.giveUp = a.p.after(limit, func() {
		if a.txn == t {
			a.lost(408, "no answer from the registrar")
		}
	})
	if a.acct.transport == "udp" {
		a.armResend(t)
	}
	if err := a.flow.send(t.raw); err != nil {
		a.lost(0, "sending: "+err.Error())
	}
}

// lost ends an attempt and, on a connection, the connection too: it may be dead
// without knowing.
func (a *agent) lost(status int, why string) {
	if a.acct.transport != "udp" && a.flow != nil && a.phase != leaving {
		a.disconnect()
	}
	a.fail(status, why, 0)
}

func (a *agent) armResend(t *transaction) {
	t.resend = a.p.after(t.interval, func() {
		if a.txn != t || a.flow == nil {
			return
		}
		a.flow.send(t.raw) //nolint:errcheck // timer F decides
		t.interval = min(2*t.interval, t2)
		a.armResend(t)
	})
}

func (a *agent) endTransaction() {
	t := a.txn
	if t == nil {
		return
	}
	a.txn = nil
	t.giveUp.Stop()
	if t.resend != nil {
		t.resend.Stop()
	}
}

// response takes an answer to our REGISTER or to a request of a call; late ones
// are dropped.
func (a *agent) response(m *message) {
	t := a.txn
	n, method := m.cseq()
	if method != "REGISTER" {
		a.answeredCall(m)
		return
	}
	if t == nil || m.branch() != t.branch || n != a.cseq {
		return
	}
	if m.status < 200 {
		t.interval = t2 // 17.1.2.2: Proceeding resends every T2
		return
	}
	a.endTransaction()
	if r := param(m.get("via"), "rport"); r != "" {
		a.p.state.Received = param(m.get("via"), "received") + ":" + r
	}
	switch {
	case m.status < 300:
		a.accepted(m, t)
	case m.status == 401 || m.status == 407:
		a.challenged(m, t)
	case m.status == 423:
		n, err := strconv.Atoi(m.get("min-expires"))
		if a.tries++; err != nil || n <= t.expires || a.tries > maxTries || a.phase == leaving {
			a.fail(m.status, "423 "+m.reason, 0)
			return
		}
		a.expires = n
		a.transmit(n)
	default:
		a.fail(m.status, strconv.Itoa(m.status)+" "+m.reason, retryAfter(m))
	}
}

// challenged answers 401 and 407. A second refusal of fresh credentials means
// that they are wrong, unless the server says the nonce was stale.
func (a *agent) challenged(m *message, t *transaction) {
	header := "www-authenticate"
	if m.status == 407 {
		header = "proxy-authenticate"
	}
	var cs []challenge
	for _, v := range m.all(header) {
		if c, ok := parseChallenge(v); ok {
			c.proxy = m.status == 407
			cs = append(cs, c)
		}
	}
	c, ok := choose(cs, a.p.cfg.MD5Only, a.acct.secrets)
	if !ok {
		a.fail(m.status, "no challenge this phone can answer", 0)
		return
	}
	refused := a.auth.set && !t.reused && a.tries > 0 && !c.stale
	if a.tries++; refused || a.tries > maxTries {
		a.auth = digester{}
		a.fail(m.status, "wrong user or password", 0)
		return
	}
	a.auth.take(c)
	a.p.state.Algorithm = algorithmName(c.algorithm)
	a.transmit(t.expires)
}

func (a *agent) accepted(m *message, t *transaction) {
	if t.expires == 0 {
		a.left("")
		return
	}
	granted := a.granted(m, t)
	a.phase, a.failures = registered, 0
	a.p.registered(a, granted)
	if a.anew {
		a.register()
		return
	}
	a.timer = a.p.after(refreshAfter(granted), func() {
		if a.phase == registered && a.flow != nil {
			a.register()
		}
	})
}

// granted finds our own Contact among those the registrar lists (10.2.4).
func (a *agent) granted(m *message, t *transaction) int {
	me := a.flow.local().String()
	for _, h := range m.all("contact") {
		for _, c := range splitQuoted(h, ',') {
			mine := a.p.instance != "" && strings.Contains(param(c, "+sip.instance"), a.p.instance)
			if _, uri := nameAddr(c); !mine && !strings.Contains(uri, "@"+me) {
				continue
			}
			if n, err := strconv.Atoi(param(c, "expires")); err == nil && n > 0 {
				return n
			}
		}
	}
	if n, err := strconv.Atoi(m.get("expires")); err == nil && n > 0 {
		return n
	}
	return t.expires
}

// refreshAfter leaves ten minutes of room, half the time where that is too
// much, and spreads phones that registered together.
func refreshAfter(granted int) time.Duration {
	d := time.Duration(granted) * time.Second
	if d >= 20*time.Minute {
		d -= 10 * time.Minute
	} else {
		d /= 2
	}
	return d - jitter(d/10)
}

// retryAfter reads "Retry-After: 18000;duration=3600" or "120 (busy)".
func retryAfter(m *message) time.Duration {
	v := m.get("retry-after")
	if i := strings.IndexAny(v, "; ("); i >= 0 {
		v = v[:i]
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > 86400 {
		return 0
	}
	return time.Duration(n) * time.Second
}
