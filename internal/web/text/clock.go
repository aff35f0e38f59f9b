package text

import "time"

// layouts are date, time, and date with weekday or month in words, per language.
var layouts = map[Language]struct{ date, clock, exact string }{
	German:  {"02.01.2006", "15:04", "15:04:05"},
	English: {"2 Jan 2006", "15:04", "15:04:05"},
	Dutch:   {"02-01-2006", "15:04", "15:04:05"},
}

// Date is the day, "" for the zero time.
func (p *Printer) Date(t time.Time) string { return p.format(t, layouts[p.Language].date) }

// Clock is the time of day to the minute.
func (p *Printer) Clock(t time.Time) string { return p.format(t, layouts[p.Language].clock) }

// ExactClock is the time of day to the second.
func (p *Printer) ExactClock(t time.Time) string { return p.format(t, layouts[p.Language].exact) }

// DateTime is the day and the time of day to the minute.
func (p *Printer) DateTime(t time.Time) string {
	l := layouts[p.Language]
	return p.format(t, l.date+", "+l.clock)
}

func (p *Printer) format(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.Zone).Format(layout)
}

// Since says how long ago t was, roughly, as people do; from a week on it is the
// date.
func (p *Printer) Since(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return p.T("common.just_now")
	case d < time.Hour:
		return p.N("common.minutes_ago", int(d/time.Minute))
	case d < 24*time.Hour:
		return p.N("common.hours_ago", int(d/time.Hour))
	case d < 7*24*time.Hour:
		return p.N("common.days_ago", int(d/(24*time.Hour)))
	}
	return p.Date(t)
}

// Took words a short duration: 340 ms, 1,2 s, 3 min.
func (p *Printer) Took(d time.Duration) string {
	switch {
	case d < time.Second:
		return p.numbers.Sprintf("%d ms", max(d.Milliseconds(), 1))
	case d < time.Minute:
		return p.numbers.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return p.numbers.Sprintf("%d min", int(d.Minutes()))
	}
	return p.numbers.Sprintf("%d h", int(d.Hours()))
}
