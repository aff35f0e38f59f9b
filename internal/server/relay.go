package server

import (
	"context"
	"fmt"

	"tischlein/internal/call"
	"tischlein/internal/relay"
)

// between is the media relay as calls ask it (C13).
type between struct{ engine *relay.RTPEngine }

// newRelay opens the way to the relay; nil where none is set up.
func (s *Server) newRelay() (call.Relay, error) {
	if s.cfg.MediaRelay == "" {
		return nil, nil
	}
	var err error
	if s.relay, err = relay.Dial(context.Background(), s.cfg.MediaRelay); err != nil {
		return nil, fmt.Errorf("reading media_relay: %w", err)
	}
	return between{s.relay}, nil
}

func (b between) Offer(ctx context.Context, id, from, to string, sdp []byte) ([]byte, error) {
	return b.engine.Offer(ctx, relay.Leg{CallID: id, FromTag: from, ToTag: to}, sdp)
}

func (b between) Answer(ctx context.Context, id, from, to string, sdp []byte) ([]byte, error) {
	return b.engine.Answer(ctx, relay.Leg{CallID: id, FromTag: from, ToTag: to}, sdp)
}

func (b between) Delete(ctx context.Context, id, from string) error {
	return b.engine.Delete(ctx, relay.Leg{CallID: id, FromTag: from})
}
