package view

import (
	"context"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// detailWords words what the log of a device holds as words of the program: a way to
// trust, an entry at a redirect service. Other details are sentences in English.
func detailWords(ctx context.Context, s string) (words string, ok bool) {
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
