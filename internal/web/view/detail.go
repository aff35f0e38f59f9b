package view

import (
	"context"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// detailWords words what the log of a device holds as words of the program: a way to
// trust, an entry at a redirect service, why something was refused. Other details are
// foreign words or sentences in English.
func detailWords(ctx context.Context, s string) (words string, ok bool) {
	if w, ok := telephony.WhyOf(s); ok {
		return whyWords(ctx, w), true
	}
	first, rest, _ := strings.Cut(s, " ")
	for _, way := range []string{telephony.WayFirstAccess, telephony.WayArmed, telephony.WayCertificate, telephony.WaySiteToken, telephony.WayPIN} {
		if first == way {
			return strings.TrimSpace(text.T(ctx, "cpes.way_"+way) + " " + rest), true
		}
	}
	if name := redirectNames[strings.TrimSuffix(first, ":")]; name != "" && redirectIcons[telephony.RedirectState(rest)] != "" {
		return name + ": " + text.T(ctx, "redirects.state_"+rest), true
	}
	return "", false
}

// whyWords says in the reader's language why something was refused.
func whyWords(ctx context.Context, w telephony.Why) string {
	var args []any
	for name, v := range w.With {
		if name == "way" || name == "minimum" {
			v = text.T(ctx, "cpes.way_"+v)
		}
		args = append(args, strings.ToUpper(name[:1])+name[1:], v)
	}
	return text.T(ctx, "why."+w.Code, args...)
}
