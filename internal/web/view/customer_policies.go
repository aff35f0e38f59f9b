package view

import (
	"context"
	"strconv"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Policies are the parts of the tab Detail that say how a customer's calls and
// hot-desk logins go. Each is a form of its own.
type Policies struct {
	Emergency Form     // site_address, site_elin, version
	Hotdesk   Form     // hotdesk_hours, hotdesk_end, version
	Calls     Form     // country, area_code, outbound_number, most_calls, most_per_minute, decline_all, forward_outside, version
	Numbers   []Choice // that can be shown outside
	Trunks    int      // of its own
	Limits    bool     // whoever reads may set limits
	Relay     bool     // media can be relayed (C13)
}

// shownOutside is the numbers to choose from, with the entry for none and whatever is
// set now.
func shownOutside(form Form, numbers []Choice, none string) []Choice {
	list := []Choice{{"", none}}
	now, found := form.Value("outbound_number"), form.Value("outbound_number") == ""
	for _, c := range numbers {
		found = found || c.Value == now
		list = append(list, c)
	}
	if !found {
		list = append(list, Choice{now, now})
	}
	return list
}

// limit words a limit, of which 0 is none.
func limit(ctx context.Context, n int) string {
	if n == 0 {
		return text.T(ctx, "policies.no_limit")
	}
	return text.From(ctx).Number(n)
}

// lasts words when hot-desk logins end by themselves.
func lasts(ctx context.Context, c telephony.Customer) string {
	switch {
	case c.HotdeskHours > 0 && c.HotdeskEnd != "":
		return text.T(ctx, "policies.lasts_both", "Hours", strconv.Itoa(c.HotdeskHours), "Clock", c.HotdeskEnd)
	case c.HotdeskHours > 0:
		return text.T(ctx, "policies.lasts_hours", "Hours", strconv.Itoa(c.HotdeskHours))
	case c.HotdeskEnd != "":
		return text.T(ctx, "policies.lasts_until", "Clock", c.HotdeskEnd)
	}
	return text.T(ctx, "policies.lasts_always")
}

// yes words a switch.
func yes(ctx context.Context, on bool) string {
	if on {
		return text.T(ctx, "policies.yes")
	}
	return text.T(ctx, "policies.no")
}
