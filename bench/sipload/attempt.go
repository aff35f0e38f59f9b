package main

import (
	"fmt"
	"time"
)

// attempt is one registration under way. The transports move the bytes; attempt knows what to send
// and whether an answer is right. It is reused for phone after phone.
type attempt struct {
	envelope
	algorithm string

	phone      *phone
	act        act
	due        time.Time // latency counts from here
	branch     uint64    // of the last request; older answers are late duplicates
	request    []byte    // as last sent, for retransmission
	authorized bool
	staleOnce  bool
	line       []byte // scratch for the Authorization header
	uriSpace   []byte // scratch for our Contact
}

// begin puts the first REGISTER for p into a.request.
func (a *attempt) begin(p *phone, what act, due time.Time) {
	a.phone, a.act, a.due = p, what, due
	a.authorized, a.staleOnce = false, false
	a.next(nil)
}

func (a *attempt) next(authorization []byte) {
	a.phone.cseq++
	a.branch++
	a.request = a.appendRegister(a.request[:0], a.phone, a.act, a.branch, authorization)
}

// take judges an answer to the last request. done means the registration is over, well (nil) or
// not; otherwise a.request may hold the next thing to send, as send says.
func (a *attempt) take(m *answer) (send, done bool, err error) {
	switch {
	case m.branch != a.branch:
		return false, false, nil
	case string(m.callID) != a.phone.callID || m.cseq != a.phone.cseq:
		return false, true, fmt.Errorf("answer with foreign Call-ID or CSeq")
	case m.status < 200:
		return false, false, nil
	case m.status == 401:
		c, err := pickChallenge(m.challenges, a.algorithm)
		if err != nil {
			return false, true, err
		}
		if a.authorized {
			if !c.stale || a.staleOnce {
				return false, true, fmt.Errorf("401 to credentials")
			}
			a.staleOnce = true
		}
		a.authorized = true
		a.line = appendAuthorization(a.line[:0], "Authorization", "REGISTER", c, a.phone.user, a.phone.password, a.uri)
		a.next(a.line)
		return true, false, nil
	case m.status != 200:
		return false, true, fmt.Errorf("status %d", m.status)
	case !a.authorized:
		return false, true, fmt.Errorf("200 without asking for credentials")
	}
	a.uriSpace = a.contact(a.uriSpace[:0], a.phone)
	if held := m.holds(a.uriSpace); held != (a.act == bind) && a.act != query {
		return false, true, fmt.Errorf("200 whose Contact is wrong")
	}
	return false, true, nil
}
