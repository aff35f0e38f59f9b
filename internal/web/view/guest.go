package view

import (
	"context"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Guest is somebody who hot-desks at a device now.
type Guest struct {
	Extension telephony.Extension
	Login     telephony.Login
}

// GuestOf is who hot-desks at a channel, nil if nobody does.
func GuestOf(l *telephony.Login, x *telephony.Extension) *Guest {
	if l == nil || x == nil || l.Kind != telephony.LoginHotdesk {
		return nil
	}
	return &Guest{*x, *l}
}

var loginPaths = map[string]string{
	"code": "log.path_code", "key": "log.path_key", "self_service": "log.path_self_service", "api": "log.path_api", "portal": "log.path_portal",
}

// facts word since when a login stands, by which path it came, and when it ends by
// itself (H07, H09).
func (g Guest) facts(ctx context.Context, now time.Time) (list []string) {
	list = append(list, text.T(ctx, "hotdesk.since", "At", text.From(ctx).Since(g.Login.Since, now)))
	if id := loginPaths[g.Login.Path]; id != "" {
		list = append(list, text.T(ctx, id))
	}
	if s := ends(ctx, g.Login.Until, now); s != "" {
		list = append(list, s)
	}
	return list
}

// ends words when a login ends by itself, "" if it does not.
func ends(ctx context.Context, at, now time.Time) string {
	p := text.From(ctx)
	switch {
	case at.IsZero():
		return ""
	case p.Date(at) == p.Date(now):
		return text.T(ctx, "hotdesk.until_today", "Clock", p.Clock(at))
	}
	return text.T(ctx, "hotdesk.until", "At", at)
}

func (m ChannelQuestion) logoutQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "channel-logout", Title: text.T(ctx, "hotdesk.logout_title", "Name", m.User.Name, "Number", m.User.Number, "Channel", m.Channel.Name),
		Action: m.path("logout"), Back: m.path(), Do: text.T(ctx, "hotdesk.logout"), Danger: true,
		Hidden: []Choice{{Value: "extension", Label: m.User.ID}},
	}
}
