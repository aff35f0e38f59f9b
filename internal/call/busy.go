package call

// engaged knows which devices are in a call: ringing, being rung or talking (D04).
type engaged struct {
	tell    func(channelID string, busy bool)
	devices table[*engagement] // by SIP user
}

type engagement struct {
	channelID string
	reasons   int // calls and set-ups, and call-backs to come
	dialogs   map[*dialog]struct{}
}

// enter notes one more reason not to disturb the SIP user's device; d is the call
// it is in, nil while there is none yet. A leg that is no device of ours counts
// for nothing.
func (e *engaged) enter(sipUser, channelID string, d *dialog) {
	if sipUser == "" {
		return
	}
	s := e.devices.lock(sipUser)
	defer s.mu.Unlock()
	g := s.items[sipUser]
	if g == nil {
		g = &engagement{channelID: channelID}
		s.items[sipUser] = g
	}
	if g.reasons++; g.reasons == 1 {
		e.tell(channelID, true) // under the lock: the observer hears it in order
	}
	if d != nil {
		if g.dialogs == nil {
			g.dialogs = make(map[*dialog]struct{})
		}
		g.dialogs[d] = struct{}{}
	}
}

func (e *engaged) leave(sipUser string, d *dialog) {
	if sipUser == "" {
		return
	}
	s := e.devices.lock(sipUser)
	defer s.mu.Unlock()
	g := s.items[sipUser]
	if g == nil {
		return
	}
	delete(g.dialogs, d)
	if g.reasons--; g.reasons == 0 {
		delete(s.items, sipUser)
		e.tell(g.channelID, false)
	}
}

func (e *engaged) is(sipUser string) bool {
	_, ok := e.devices.get(sipUser)
	return ok
}

// calls are the calls that are up at the device.
func (e *engaged) calls(sipUser string) []*dialog {
	s := e.devices.lock(sipUser)
	defer s.mu.Unlock()
	g := s.items[sipUser]
	if g == nil {
		return nil
	}
	list := make([]*dialog, 0, len(g.dialogs))
	for d := range g.dialogs {
		list = append(list, d)
	}
	return list
}
