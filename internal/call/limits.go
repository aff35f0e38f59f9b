package call

import (
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// limits bound what a stolen credential or a loop can cost (C10): calls at once
// and new calls a minute, of a channel and of a customer.
type limits struct {
	now   func() time.Time
	used  table[*usage]
	ended func(Ended)
}

// usage is what one channel or customer has open. Allowance refills steadily, so
// that a burst at the turn of a minute counts like any other.
type usage struct {
	mu        sync.Mutex
	calls     int
	allowance float64
	at        time.Time
}

func (l *limits) of(key string) *usage {
	u, ok := l.used.get(key)
	for !ok {
		l.used.put(key, &usage{})
		u, ok = l.used.get(key)
	}
	return u
}

// take opens a call unless there are too many; 0 is no limit.
func (u *usage) take(now time.Time, calls, perMinute int) (why string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if calls > 0 && u.calls >= calls {
		return telephony.LimitAtOnce
	}
	if perMinute > 0 {
		if u.at.IsZero() {
			u.allowance = float64(perMinute)
		}
		u.allowance = min(float64(perMinute), u.allowance+now.Sub(u.at).Minutes()*float64(perMinute))
		u.at = now
		if u.allowance < 1 {
			return telephony.LimitPerMinute
		}
		u.allowance--
	}
	u.calls++
	return ""
}

func (u *usage) leave() {
	u.mu.Lock()
	u.calls--
	u.mu.Unlock()
}

// seat is one call in the limits, for its set-up and every dialog that comes of
// it. When the last has left it, the call has ended.
type seat struct {
	l       *limits
	plan    telephony.CallPlan
	limited bool
	usages  []*usage

	mu     sync.Mutex
	held   int
	status int
	reason string
}

// spare is a seat beside the limits: for emergencies, and whoever calls back.
func (l *limits) spare(plan telephony.CallPlan) *seat { return &seat{l: l, plan: plan, held: 1} }

// enter finds a call a seat, or says which limit refuses it one.
func (l *limits) enter(plan telephony.CallPlan, channelCalls, channelPerMinute int) (*seat, string) {
	s := &seat{l: l, plan: plan, held: 1, limited: true}
	now := l.now()
	for _, who := range []struct {
		id               string
		calls, perMinute int
	}{{plan.ChannelID, channelCalls, channelPerMinute}, {plan.CustomerID, plan.MostCalls, plan.MostPerMinute}} {
		if who.id == "" {
			continue
		}
		u := l.of(who.id)
		if why := u.take(now, who.calls, who.perMinute); why != "" {
			for _, taken := range s.usages {
				taken.leave()
			}
			return nil, why
		}
		s.usages = append(s.usages, u)
	}
	return s, ""
}

// resume seats a call that was up before a restart, whatever the limits say now.
func (l *limits) resume(plan telephony.CallPlan, limited bool) *seat {
	s := &seat{l: l, plan: plan, held: 1, limited: limited, status: 200}
	if !limited {
		return s
	}
	for _, id := range []string{plan.ChannelID, plan.CustomerID} {
		if id != "" {
			u := l.of(id)
			_ = u.take(l.now(), 0, 0)
			s.usages = append(s.usages, u)
		}
	}
	return s
}

// take is for one more that holds the seat; false: the call has ended already.
func (s *seat) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == 0 {
		return false
	}
	s.held++
	return true
}

// became notes how the set-up went: 200 once anybody has answered.
func (s *seat) became(status int, reason string) {
	s.mu.Lock()
	if s.status != 200 {
		s.status, s.reason = status, reason
	}
	s.mu.Unlock()
}

func (s *seat) leave() {
	s.mu.Lock()
	s.held--
	last, status, reason := s.held == 0, s.status, s.reason
	s.mu.Unlock()
	if !last {
		return
	}
	for _, u := range s.usages {
		u.leave()
	}
	s.l.ended(Ended{Plan: s.plan, Status: status, Reason: reason, Emergency: s.plan.Kind == telephony.CallEmergency})
}
