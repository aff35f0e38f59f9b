package call

// Stats are how many calls there are now.
type Stats struct {
	Ringing int // set up, not answered
	Active  int // answered, not over
}

// Stats counts the calls; the values are not taken at one instant.
func (s *Server) Stats() (n Stats) {
	s.dialogs.each(func(d *dialog) {
		d.mu.Lock()
		if d.up {
			n.Active++
		}
		d.mu.Unlock()
	})
	s.setups.each(func(*setup) { n.Ringing++ })
	return n
}
