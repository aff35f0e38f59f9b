package server

import (
	"context"
	"fmt"
	"time"

	"tischlein/internal/call"
	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// callBack is how long an emergency call may be called back, and its place read (C11).
const callBack = 30 * time.Minute

// newCalls makes the part that carries calls, and the one that speaks.
func (s *Server) newCalls(h *house) error {
	first, last, err := s.cfg.Speech()
	if err != nil {
		return fmt.Errorf("reading rtp_ports: %w", err)
	}
	if s.voice, err = voice.Start(voice.Config{Ports: voice.PortRange{First: first, Last: last}}); err != nil {
		return fmt.Errorf("starting the voice: %w", err)
	}
	between, err := s.newRelay()
	if err != nil {
		return err
	}
	c := calls{h}
	s.places = call.NewLocations(s.cfg.EmergencyLocationURL, callBack)
	if s.calls, err = call.New(call.Config{
		House: c, Records: c, Observer: c, Subscriptions: watching{h}, Realm: h.realm, Relay: between, Voice: s.voice, Desks: codes{h}, Location: s.places.Refer, Back: callBack, Log: s.log,
	}); err != nil {
		return fmt.Errorf("making the part that carries calls: %w", err)
	}
	h.calls = s.calls
	return nil
}

// endCalls ends conversations and records the calls that stay up. It may be
// called more than once.
func (s *Server) endCalls(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var err error
	if s.calls != nil {
		err = s.calls.Close(ctx)
	}
	if s.voice != nil {
		_ = s.voice.Close() // it has nothing to lose
	}
	if s.relay != nil {
		_ = s.relay.Close()
	}
	return err
}

// callMemory makes calls and the registrar forget what they knew, and who watches
// somebody be judged anew.
type callMemory struct{ s *Server }

func (m callMemory) DesksChanged(channelIDs ...string) { m.s.calls.DesksChanged(channelIDs...) }

func (m callMemory) MessagesChanged(extensionID string, n telephony.Messages) {
	m.s.calls.MessagesChanged(extensionID, n.New, n.Old)
}

func (m callMemory) TrunksChanged() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	users := m.s.calls.TrunkUsers()
	if err := m.s.calls.TrunksChanged(ctx); err != nil {
		m.s.log.Error("trunks have changed, and the old ones still count", "component", "call", "err", err)
	}
	m.s.sip.Forget(append(users, m.s.calls.TrunkUsers()...)...)
}
