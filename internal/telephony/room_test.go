package telephony_test

import "testing"

// TestS10_RoomIsTheTablesColumn holds how many channels are selectable against
// what linking one after the other allows.
func TestS10_RoomIsTheTablesColumn(t *testing.T) {
	for _, multi := range []bool{false, true} {
		most := 1
		if multi {
			most = 2
		}
		for linked := range most + 1 {
			for waiting := range most + 1 - linked {
				for hotdesk := range most + 1 - linked {
					s := seat(multi, linked, waiting, hotdesk)
					free, taken := linkable(t, s, false), linkable(t, s, true)
					if r := s.Room(); r.Free != free || r.TakeOver != taken-free || len(r.Ends) > r.TakeOver {
						t.Errorf("multi=%v linked=%d waiting=%d hotdesk=%d: %+v, want %d and %d more", multi, linked, waiting, hotdesk, r, free, taken-free)
					}
				}
			}
		}
	}
}
