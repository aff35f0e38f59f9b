package sip

import (
	"time"

	"tischlein/internal/telephony"
)

type eventKind uint8

const (
	eventRegistered eventKind = iota
	eventUnregistered
	eventRefused
	eventUsed
)

// event waits until the answer it belongs to has been sent.
type event struct {
	kind    eventKind
	fresh   bool
	binding telephony.Binding
	reason  string
	refusal Refusal
	usage   Usage
}

func (e *event) tell(s *Server) {
	o := s.cfg.Observer
	switch e.kind {
	case eventRegistered:
		o.Registered(s.ctx, e.binding, e.fresh)
	case eventUnregistered:
		o.Unregistered(s.ctx, e.binding.ChannelID, e.reason)
	case eventRefused:
		o.Refused(s.ctx, e.refusal)
	case eventUsed:
		o.Used(s.ctx, e.usage)
	}
}

func (w *worker) tellRegistered(a *account, b *binding, fresh bool) {
	w.events = append(w.events, event{kind: eventRegistered, fresh: fresh, binding: a.export(b, w.s.cfg.Node)})
}

// complain logs a fault of our own at most once a second: under load each
// message would meet it.
func (s *Server) complain(what string, err error) {
	now := time.Now().Unix()
	if last := s.complained.Load(); last != now && s.complained.CompareAndSwap(last, now) {
		s.cfg.Log.Error(what, "component", "sip", "err", err)
	}
}
