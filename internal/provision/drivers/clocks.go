package drivers

import "strings"

// clock is a time zone: hours east of Greenwich, and whether summer time begins and
// ends there as in all of Europe, on the last Sundays of March and October at 01:00
// UTC. On the wall it is another hour each.
type clock struct {
	hours  int
	summer bool
}

// begins and ends are the hours on the wall at which the clocks change.
func (c clock) begins() int { return c.hours + 1 }
func (c clock) ends() int   { return c.hours + 2 }

// clocks are the time zones of our customers, for makers who know zones by their
// hours. An unknown zone leaves the phone's own setting.
var clocks = func() map[string]clock {
	zones := map[string]clock{"UTC": {}}
	for hours, cities := range []string{
		"Lisbon London Dublin",
		"Amsterdam Berlin Brussels Budapest Copenhagen Luxembourg Madrid Oslo Paris Prague Rome Stockholm Vaduz Vienna Warsaw Zurich",
		"Athens Bucharest Helsinki Sofia Tallinn",
	} {
		for city := range strings.FieldsSeq(cities) {
			zones["Europe/"+city] = clock{hours, true}
		}
	}
	return zones
}()
