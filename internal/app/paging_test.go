package app_test

import (
	"encoding/base64"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestU04_ListsRefuseWhatTheyDoNotKnow(t *testing.T) {
	both(t, func(h *house) {
		for _, name := range []string{"a", "b", "c"} {
			h.channel(name)
		}
		read := func(q app.Query) (app.List[app.ChannelView], error) {
			return h.app.Channels.List(bg, h.admin, h.cust.ID, q)
		}
		first, err := read(app.Query{Limit: 1})
		h.ok(err)
		forged := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		for reason, list := range map[string][]app.Query{
			"sort_unknown":     {{Sort: "mac"}, {Sort: "--name"}, {Sort: "name; DROP TABLE channels"}},
			"filter_unknown":   {{Filter: "free"}, {Filter: "_nobody"}, {Filter: "offered"}, {Filter: "' OR 1=1"}},
			"limit_range":      {{Limit: -1}, {Limit: 201}},
			"cursor_malformed": {{Cursor: "!"}, {Cursor: "AA"}, {Cursor: first.Next, Sort: "-name"}, {Cursor: first.Next, Sort: "state"}, {Cursor: forged("name\x00+\x009\x00a\x00b")}, {Cursor: forged("name\x00+\x00-1\x00a\x00b")}, {Cursor: forged("name\x00+\x000\x00\xff\x00b")}},
		} {
			for _, q := range list {
				_, err := read(q)
				if h.refused(err, telephony.Invalid, reason); t.Failed() {
					t.Logf("%+v", q)
				}
			}
		}
		for _, q := range []string{"%", "_", "!", "\x00", "\xff", "'"} {
			if l, err := read(app.Query{Search: "zz" + q}); err != nil || len(l.Items) > 0 {
				t.Errorf("%q: %d rows, %v", q, len(l.Items), err)
			}
		}
		if l, err := read(app.Query{Search: "B", Count: true}); err != nil || l.Total != 1 || l.Items[0].Channel.Name != "b" {
			t.Errorf("%+v, %v", l, err)
		}
	})
}

// TestU04_ExtensionFilters holds each word against where people sit.
func TestU04_ExtensionFilters(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Zimmer 2", "01")
		b, _ := h.desk("Zimmer 1", "02")
		linked, guest, locked, free := h.extension("21", false), h.extension("22", true), h.extension("23", false), h.extension("24", true)
		h.link(a, linked)
		h.login(b, guest)
		for range 3 {
			_, err := h.tryLogin(b, locked, "0001", true)
			h.refused(err, telephony.Forbidden, "")
		}
		for q, want := range map[app.Query][]telephony.Extension{
			{}:                                      {linked, guest, locked, free},
			{Sort: "-number"}:                       {free, locked, guest, linked},
			{Sort: "place"}:                         {guest, linked, locked, free},
			{Sort: "-place"}:                        {free, locked, linked, guest},
			{Filter: "free"}:                        {locked, free},
			{Filter: "linked"}:                      {linked},
			{Filter: "hotdesked"}:                   {guest},
			{Filter: "locked"}:                      {locked},
			{Filter: "multi"}:                       {guest, free},
			{Filter: "multi", Search: "24"}:         {free},
			{Filter: "free", Search: "person 2"}:    {locked, free},
			{Filter: "locked", Search: "person 24"}: {},
		} {
			l := walk(t, 1, q, func(q app.Query) (app.List[app.ExtensionView], error) {
				return h.app.Extensions.List(bg, h.admin, h.cust.ID, q)
			},
				func(v app.ExtensionView) string { return v.Extension.ID })
			var got []string
			for _, v := range l {
				got = append(got, v.Extension.Number)
			}
			if len(got) != len(want) {
				t.Errorf("%+v: %v", q, got)
				continue
			}
			for i := range want {
				if got[i] != want[i].Number {
					t.Errorf("%+v: %v", q, got)
				}
			}
		}
		l, err := h.app.Extensions.List(bg, h.admin, h.cust.ID, app.Query{Filter: "linked"})
		h.ok(err)
		if v := l.Items[0]; v.Places[a.ID] != "Zimmer 2" || len(v.Links) != 1 || len(v.Logins) != 1 {
			t.Errorf("%+v", v)
		}
		h.pass(16 * 60 * 1e9)
		if l, err := h.app.Extensions.List(bg, h.admin, h.cust.ID, app.Query{Filter: "locked", Count: true}); err != nil || l.Total != 0 {
			t.Errorf("still locked: %+v, %v", l, err)
		}
	})
}
