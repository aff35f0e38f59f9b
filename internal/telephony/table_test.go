package telephony_test

import (
	"fmt"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func desk(id string) telephony.Desk {
	return telephony.Desk{Channel: telephony.Channel{ID: id, Name: id}, CPE: &telephony.CPE{ID: "cpe " + id}}
}

// seat is an extension with so many links whose device is there, links that
// wait, and hot-desk logins, oldest first.
func seat(multi bool, linked, waiting, hotdesk int) telephony.Seat {
	s := telephony.Seat{Extension: telephony.Extension{ID: "e", Number: "21", Name: "Anna", MultiLogin: multi}}
	for i := range linked + waiting {
		id := fmt.Sprint("place", i)
		s.Links = append(s.Links, telephony.Link{ChannelID: id, ExtensionID: "e", Slot: i + 1})
		if i < linked {
			s.Logins = append(s.Logins, telephony.Login{ChannelID: id, ExtensionID: "e", Slot: len(s.Logins) + 1, Kind: telephony.LoginLinked})
		}
	}
	for i := range hotdesk {
		s.Logins = append(s.Logins, telephony.Login{ChannelID: fmt.Sprint("guest", i), ExtensionID: "e", Slot: len(s.Logins) + 1,
			Kind: telephony.LoginHotdesk, Since: morning.Add(time.Duration(i) * time.Minute)})
	}
	return s
}

// linkable counts the channels that can be linked one after the other.
func linkable(t *testing.T, s telephony.Seat, takeOver bool) int {
	t.Helper()
	for n := 0; ; n++ {
		p, err := telephony.DecideLink(desk(fmt.Sprint("new", n)), s, telephony.FromExtension, telephony.Confirm{TakeOver: takeOver}, "x", morning)
		if err != nil {
			return n
		}
		var stay []telephony.Login
		for _, l := range s.Logins {
			ends := false
			for _, e := range p.End {
				ends = ends || e.Login.ChannelID == l.ChannelID
			}
			if ends && l.Kind == telephony.LoginLinked {
				t.Fatal("a linked login ends by a take-over")
			}
			if !ends {
				stay = append(stay, l)
			}
		}
		for _, l := range stay {
			if l.Slot == p.Login.Slot {
				t.Fatalf("slot %d is taken twice", l.Slot)
			}
		}
		s.Links, s.Logins = append(s.Links, *p.Link), append(stay, *p.Login)
		if len(s.Logins) > s.Extension.Capacity() || n > 2 {
			t.Fatalf("%d logins", len(s.Logins))
		}
	}
}

func TestS10_DecisionTable(t *testing.T) {
	for _, r := range []struct {
		multi                    bool
		linked, waiting, hotdesk int
		offered                  bool
		free, taken              int // channels selectable without, with take-over
		further                  string
	}{
		{false, 0, 0, 0, true, 1, 1, "yes"},
		{false, 0, 0, 1, false, 0, 1, "take-over"},
		{false, 1, 0, 0, false, 0, 0, "refused"},
		{false, 0, 1, 0, false, 0, 0, "yes"},
		{false, 0, 1, 1, false, 0, 0, "take-over"},
		{true, 0, 0, 0, true, 2, 2, "yes"},
		{true, 1, 0, 0, true, 1, 1, "yes"},
		{true, 0, 0, 1, true, 1, 2, "yes"},
		{true, 0, 0, 2, false, 0, 2, "take-over"},
		{true, 1, 0, 1, false, 0, 1, "take-over"},
		{true, 1, 1, 0, false, 0, 0, "yes"},
		{true, 2, 0, 0, false, 0, 0, "refused"},
		{true, 0, 2, 0, false, 0, 0, "yes"},
	} {
		t.Run(fmt.Sprintf("multi=%v linked=%d waiting=%d hotdesk=%d", r.multi, r.linked, r.waiting, r.hotdesk), func(t *testing.T) {
			s := seat(r.multi, r.linked, r.waiting, r.hotdesk)
			_, err := telephony.DecideLink(desk("d"), s, telephony.FromChannel, telephony.Confirm{TakeOver: true}, "x", morning)
			if (err == nil) != r.offered {
				t.Errorf("offered on the channel page: %v", err)
			}
			if free, taken := linkable(t, s, false), linkable(t, s, true); free != r.free || taken != r.taken {
				t.Errorf("selectable %d, with take-over %d; want %d, %d", free, taken, r.free, r.taken)
			}
			further := "refused"
			_, err = telephony.DecideLogin(desk("d"), s, telephony.Confirm{}, "api", morning)
			p, confirmed := telephony.DecideLogin(desk("d"), s, telephony.Confirm{TakeOver: true}, "api", morning)
			switch {
			case err == nil:
				further = "yes"
			case confirmed == nil:
				further = "take-over"
				if len(p.End) != 1 || p.End[0].Login.ChannelID != "guest0" {
					t.Errorf("the take-over ends %+v, want the oldest hot-desk login", p.End)
				}
			}
			if further != r.further {
				t.Errorf("hot-desk login at a further phone: %s (%v), want %s", further, err, r.further)
			}
		})
	}
}
