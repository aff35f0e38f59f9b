package telephony

import (
	"time"
)

// mostHotdeskHours is the longest duration that can be set: a month.
const mostHotdeskHours = 31 * 24

// HotdeskLimits checks what a customer says about the end of hot-desk logins
// (H07): hours, 0 for none, and a time of day such as "18:30", "" for none.
func HotdeskLimits(hours int, end string) error {
	if hours < 0 || hours > mostHotdeskHours {
		return Invalidf("hotdesk_hours", "hours_range", "a login lasts 1 to %d hours at most, 0 for as long as somebody stays", mostHotdeskHours)
	}
	if end == "" {
		return nil
	}
	if _, _, ok := clock(end); !ok {
		return Invalidf("hotdesk_end", "clock_malformed", "%q is not a time of day such as 18:30", clip(end))
	}
	return nil
}

// clock reads "HH:MM".
func clock(s string) (hour, minute int, ok bool) {
	if len(s) != 5 || s[2] != ':' || !digitsOnly(s[:2]) || !digitsOnly(s[3:]) {
		return 0, 0, false
	}
	hour, minute = int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	return hour, minute, hour < 24 && minute < 60
}

// LoginEnd is when a hot-desk login that began at since ends by itself, and which
// of the customer's limits that is: the earlier of the two counts (H07). zone is
// the customer's. Without limits it is zero.
func (c Customer) LoginEnd(since time.Time, zone *time.Location) (at time.Time, why EndReason) {
	if c.HotdeskHours > 0 {
		at, why = since.Add(time.Duration(c.HotdeskHours)*time.Hour), EndExpired
	}
	hour, minute, ok := clock(c.HotdeskEnd)
	if !ok {
		return at, why
	}
	local := since.In(zone)
	for days := range 3 { // the third only where clocks are put on over midnight
		end := firstShown(local.Year(), local.Month(), local.Day()+days, hour, minute, zone)
		if !end.After(since) {
			continue
		}
		if at.IsZero() || end.Before(at) {
			at, why = end.In(time.UTC), EndDailyEnd
		}
		break
	}
	return at, why
}

// firstShown is the first moment of a day at which clocks there show the time or
// have gone past it: where they are put back it comes twice and the first counts,
// where they are put on it may not come and the moment of the change counts.
func firstShown(year int, month time.Month, day, hour, minute int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, hour, minute, 0, 0, zone)
	begin, end := t.ZoneBounds()
	if t.Hour() != hour || t.Minute() != minute { // there is no such time: t is off by the change, either way
		wanted := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
		_, offset := t.Zone()
		if t.Add(time.Duration(offset) * time.Second).In(time.UTC).After(wanted) {
			return begin
		}
		return end
	}
	if begin.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := begin.Add(-time.Second).Zone()
	first := t.Add(time.Duration(now-before) * time.Second)
	if first.Before(begin) && first.Day() == t.Day() && now < before {
		return first
	}
	return t
}

// DecideEnd ends the hot-desk login at a desk that is due (H07). Otherwise it says
// when the login is due now, zero for never: the customer's limits may have
// changed since that was last worked out.
func DecideEnd(d Desk, c Customer, zone *time.Location, now time.Time) (p Plan, until time.Time) {
	if d.Login == nil || d.Login.Kind != LoginHotdesk {
		return p, until
	}
	until, why := c.LoginEnd(d.Login.Since, zone)
	if until.IsZero() || until.After(now) {
		return p, until
	}
	return Plan{End: []Ending{{*d.Login, why}}, Path: "limit"}, until
}
