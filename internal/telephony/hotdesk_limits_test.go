package telephony_test

import (
	"testing"
	"time"

	"tischlein/internal/telephony"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// A time of day is what clocks there show, also on the two days when it comes
// twice or not at all.
func TestH07_WhenALoginEnds(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		hours      int
		end        string
		since      string
		want       string // "" = never
		why        telephony.EndReason
	}{
		{"without limits", "Europe/Berlin", 0, "", "2026-11-23T08:00:00Z", "", ""},
		{"after eight hours", "Europe/Berlin", 8, "", "2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", telephony.EndExpired},
		{"this evening", "Europe/Berlin", 0, "18:30", "2026-11-23T08:00:00Z", "2026-11-23T17:30:00Z", telephony.EndDailyEnd},
		{"after the end of the day: tomorrow", "Europe/Berlin", 0, "18:30", "2026-11-23T17:30:00Z", "2026-11-24T17:30:00Z", telephony.EndDailyEnd},
		{"a moment before", "Europe/Berlin", 0, "18:30", "2026-11-23T17:29:59Z", "2026-11-23T17:30:00Z", telephony.EndDailyEnd},
		{"the evening comes first", "Europe/Berlin", 12, "18:30", "2026-11-23T08:00:00Z", "2026-11-23T17:30:00Z", telephony.EndDailyEnd},
		{"the hours come first", "Europe/Berlin", 2, "18:30", "2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z", telephony.EndExpired},
		{"another day there already", "Pacific/Auckland", 0, "18:30", "2026-11-23T08:00:00Z", "2026-11-24T05:30:00Z", telephony.EndDailyEnd},
		{"at midnight", "Europe/Berlin", 0, "00:00", "2026-11-23T08:00:00Z", "2026-11-23T23:00:00Z", telephony.EndDailyEnd},
		{"hours are not shortened by the clock", "Europe/Berlin", 24, "", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", telephony.EndExpired},
		{"in summer time", "Europe/Berlin", 0, "18:30", "2026-03-29T08:00:00Z", "2026-03-29T16:30:00Z", telephony.EndDailyEnd},
		{"a time that does not come: when clocks pass it", "Europe/Berlin", 0, "02:30", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z", telephony.EndDailyEnd},
		{"and the day after as always", "Europe/Berlin", 0, "02:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z", telephony.EndDailyEnd},
		{"a time that comes twice: the first", "Europe/Berlin", 0, "02:30", "2026-10-24T20:00:00Z", "2026-10-25T00:30:00Z", telephony.EndDailyEnd},
		{"between the two: the next day", "Europe/Berlin", 0, "02:30", "2026-10-25T01:00:00Z", "2026-10-26T01:30:00Z", telephony.EndDailyEnd},
		{"a day without its midnight", "America/Asuncion", 0, "00:30", "2023-09-30T20:00:00Z", "2023-10-01T04:00:00Z", telephony.EndDailyEnd},
		{"half an hour of summer time", "Australia/Lord_Howe", 0, "01:45", "2026-04-04T00:00:00Z", "2026-04-04T14:45:00Z", telephony.EndDailyEnd},
	} {
		t.Run(c.name, func(t *testing.T) {
			since, err := time.Parse(time.RFC3339, c.since)
			if err != nil {
				t.Fatal(err)
			}
			k := telephony.Customer{HotdeskHours: c.hours, HotdeskEnd: c.end}
			at, why := k.LoginEnd(since, zone(t, c.zone))
			got := ""
			if !at.IsZero() {
				got = at.UTC().Format(time.RFC3339)
			}
			if got != c.want || why != c.why {
				t.Errorf("%s %s, want %s %s", got, why, c.want, c.why)
			}
		})
	}
}

// Whatever the zone, the day and the hour: a login ends later than it began, at
// most a little over a day later, and clocks then show the time or skip it.
func TestH07_EveryDayHasItsEnd(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "America/Asuncion", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"} {
		z := zone(t, name)
		for since := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC); since.Year() < 2013; since = since.Add(7*time.Hour + 11*time.Minute) {
			for _, end := range []string{"00:00", "00:30", "01:45", "02:30", "12:00", "23:59"} {
				at, why := telephony.Customer{HotdeskEnd: end}.LoginEnd(since, z)
				if why != telephony.EndDailyEnd || !at.After(since) || at.Sub(since) > 49*time.Hour {
					t.Fatalf("%s: a login of %s ends %s (%s)", name, since, at, why)
				}
				shown := at.In(z).Format("15:04")
				before := at.Add(-time.Second).In(z).Format("15:04")
				if shown != end && !(before < end && shown > end) && !(end < "03:00" && before > "20:00") {
					t.Fatalf("%s: of %s clocks show %s, just before %s, not %s", name, since, shown, before, end)
				}
			}
		}
	}
}

func TestH07_LimitsAreChecked(t *testing.T) {
	for _, end := range []string{"", "00:00", "18:30", "23:59"} {
		if err := telephony.HotdeskLimits(8, end); err != nil {
			t.Errorf("%q: %v", end, err)
		}
	}
	for _, end := range []string{"24:00", "18:60", "1830", "18.30", "8:30", "18:3a", "٠٨:٣٠", " 8:30"} {
		if err := telephony.HotdeskLimits(0, end); telephony.ReasonOf(err) != "clock_malformed" {
			t.Errorf("%q: %v", end, err)
		}
	}
	for _, hours := range []int{-1, 745} {
		if err := telephony.HotdeskLimits(hours, ""); telephony.ReasonOf(err) != "hours_range" {
			t.Errorf("%d: %v", hours, err)
		}
	}
}

func TestH07_OnlyGuestsAreDue(t *testing.T) {
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	k, z := telephony.Customer{HotdeskHours: 8}, time.UTC
	old := telephony.Login{ChannelID: "c", Kind: telephony.LoginHotdesk, Since: now.Add(-8 * time.Hour)}
	p, _ := telephony.DecideEnd(telephony.Desk{Login: &old}, k, z, now)
	if len(p.End) != 1 || p.End[0].Reason != telephony.EndExpired {
		t.Errorf("a guest of eight hours: %+v", p)
	}
	young := old
	young.Since = now.Add(-8*time.Hour + time.Microsecond)
	p, until := telephony.DecideEnd(telephony.Desk{Login: &young}, k, z, now)
	if !p.Empty() || !until.Equal(young.Since.Add(8*time.Hour)) {
		t.Errorf("a guest of a moment less: %+v, %s", p, until)
	}
	linked := old
	linked.Kind = telephony.LoginLinked
	if p, until := telephony.DecideEnd(telephony.Desk{Login: &linked}, k, z, now); !p.Empty() || !until.IsZero() {
		t.Errorf("a linked login: %+v, %s", p, until)
	}
	if p, until := telephony.DecideEnd(telephony.Desk{}, k, z, now); !p.Empty() || !until.IsZero() {
		t.Errorf("nobody: %+v, %s", p, until)
	}
}
