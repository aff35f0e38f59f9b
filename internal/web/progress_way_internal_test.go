package web

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// A phone may fetch before its answer to the push has been noted; the track then still runs forwards (S09, P10).
func TestP10_TheTrackRunsForwards(t *testing.T) {
	saved := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return saved.Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		name            string
		pushed, fetched int // ms after saving
		want            [2]view.Station
	}{
		{"fetched after the answer", 30, 90, [2]view.Station{{At: at(30), Took: 30 * time.Millisecond}, {At: at(90), Took: 60 * time.Millisecond}}},
		{"fetched before the answer", 90, 30, [2]view.Station{{At: at(30), Took: 30 * time.Millisecond}, {At: at(30)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := way{saved: saved, device: &app.CPEView{Fetches: true, Pushable: true, CPE: telephony.CPE{
				Wanted: "r", Fetched: "r", Pushed: "r", PushOutcome: telephony.PushAnswered, PushedAt: at(c.pushed), FetchedAt: at(c.fetched)}}}
			w.call = new(Call)
			for i, got := range []view.Station{w.pushed(), w.fetched()} {
				c.want[i].Phase = view.PhaseDone
				if got != c.want[i] {
					t.Errorf("station %d is %+v, want %+v", i, got, c.want[i])
				}
			}
		})
	}
}
