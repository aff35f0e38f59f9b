package app_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tischlein/internal/app"
	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// twist writes one random fact that no use case is needed for: what is observed
// of devices and bindings, and how devices fare.
func (w *world) twist(ctx context.Context, pick func(n int) int) error {
	return w.db.Update(ctx, func(tx *storage.Tx) error {
		device, channel := w.devices[pick(len(w.devices))], w.channels[pick(len(w.channels))]
		c, err := tx.CPE(w.customer, device)
		if err != nil {
			return err
		}
		from := []string{listed.String(), away.String(), "2001:db8::7", "::ffff:198.51.100.7"}[pick(4)]
		switch pick(8) {
		case 0:
			c.Lost = pick(2) == 0
			return tx.UpdateCPE(c)
		case 1:
			c.Trust, c.FrozenReason = telephony.TrustFrozen, "zwei"
			if pick(2) == 0 {
				c.Trust = telephony.TrustNone
			}
			return tx.UpdateTrust(c)
		case 2:
			return tx.Refused(w.customer, device, []string{"", "wrong secret"}[pick(2)])
		case 3:
			return tx.Seen(w.customer, device, from, pick(2) == 0)
		case 4:
			_, err := tx.Fetched(storage.Fetch{CustomerID: w.customer, CPEID: device, Revision: c.Wanted, Addr: from, At: tx.Now})
			return err
		case 5, 6:
			b := telephony.Binding{ChannelID: channel, CustomerID: w.customer, SIPUser: channel, Source: netip.MustParseAddrPort("192.0.2.1:5060"),
				Registered: tx.Now, Expires: tx.Now.Add(time.Hour)}
			if pick(3) == 0 {
				b.Expires = tx.Now.Add(-time.Minute)
			}
			return tx.PutBindings([]telephony.Binding{b})
		default:
			return tx.DeleteBindings([]string{channel})
		}
	})
}

// facts are what telephony says of every channel and device at one moment.
type facts struct {
	states   map[string]telephony.StateCode
	desks    map[string]telephony.Desk
	devices  map[string]telephony.CPEStateCode
	cpes     map[string]telephony.CPE
	attached map[string]bool
}

func (w *world) facts(t rapid.TB) facts {
	f := facts{map[string]telephony.StateCode{}, map[string]telephony.Desk{}, map[string]telephony.CPEStateCode{}, map[string]telephony.CPE{}, map[string]bool{}}
	must(t, w.db.View(context.Background(), func(tx *storage.Tx) error {
		allow, err := tx.Allowlist(w.customer)
		if err != nil {
			return err
		}
		bound := map[string]bool{} // by device
		for _, id := range w.channels {
			d, err := tx.Desk(w.customer, id, allow)
			if err != nil {
				return err
			}
			b, err := tx.Binding(w.customer, id)
			live := err == nil && b.Expires.After(tx.Now)
			if d.CPE != nil {
				f.attached[d.CPE.ID] = true
				bound[d.CPE.ID] = bound[d.CPE.ID] || live
			}
			f.desks[id] = d
			f.states[id] = telephony.ChannelState(d, telephony.Observed{Registered: live}, d.CPE != nil && d.CPE.Driver == "yealink").Code
		}
		for _, id := range w.devices {
			c, err := tx.CPE(w.customer, id)
			if err != nil {
				return err
			}
			f.cpes[id] = c
			f.devices[id] = telephony.StateOfCPE(c, f.attached[id], bound[id], c.Driver == "yealink").Code
		}
		return nil
	}))
	return f
}

// walk reads a whole list in pages of a size, forward and then back again, and
// demands that both ways hold the same rows.
func walk[T any](t rapid.TB, size int, q app.Query, read func(app.Query) (app.List[T], error), id func(T) string) []T {
	t.Helper()
	var all []T
	var pages []app.List[T]
	q.Limit, q.Count = size, true
	for {
		l, err := read(q)
		must(t, err)
		if len(l.Items) > size {
			t.Fatalf("a page of %d rows where %d were asked for", len(l.Items), size)
		}
		all, pages = append(all, l.Items...), append(pages, l)
		if l.Next == "" {
			break
		}
		q.Cursor = l.Next
	}
	if pages[0].Prev != "" {
		t.Fatal("the first page has one before it")
	}
	if n := pages[0].Total; n != len(all) || pages[0].More {
		t.Fatalf("%+v: total %d (more: %v) of %d rows", q, n, pages[0].More, len(all))
	}
	for i := len(pages) - 1; i > 0; i-- {
		q.Cursor = pages[i].Prev
		l, err := read(q)
		must(t, err)
		var want, got []string
		for _, x := range pages[i-1].Items {
			want = append(want, id(x))
		}
		for _, x := range l.Items {
			got = append(got, id(x))
		}
		if !slices.Equal(got, want) || l.Next == "" || (l.Prev == "") != (i == 1) {
			t.Fatalf("%+v: back from page %d: %v (prev %q, next %q), want %v", q, i, got, l.Prev, l.Next, want)
		}
	}
	return all
}

func (w *world) channelRows(t rapid.TB, size int, sort, filter, search string) []app.ChannelView {
	t.Helper()
	return walk(t, size, app.Query{Sort: sort, Filter: filter, Search: search}, func(q app.Query) (app.List[app.ChannelView], error) {
		return w.a.Channels.List(context.Background(), boss, w.customer, q)
	}, func(v app.ChannelView) string { return v.Channel.ID })
}

func (w *world) cpeRows(t rapid.TB, size int, sort, filter string) []app.CPEView {
	t.Helper()
	return walk(t, size, app.Query{Sort: sort, Filter: filter}, func(q app.Query) (app.List[app.CPEView], error) {
		return w.a.CPEs.List(context.Background(), boss, w.customer, q)
	}, func(v app.CPEView) string { return v.CPE.ID })
}

// channelFilter is what each filter word means, said by the rules.
func channelFilter(word string, d telephony.Desk, s telephony.StateCode) bool {
	switch word {
	case "":
		return true
	case "linked":
		return d.Link != nil
	case "unlinked":
		return d.Link == nil
	case "failing":
		return s == telephony.StateFailed
	}
	return string(s) == word
}

func anyOf(t *rapid.T, words []string) string { return rapid.SampledFrom(words).Draw(t, "sort") }

// checkLists holds every list against what telephony says of the same records.
func (w *world) checkLists(t *rapid.T, size int) {
	t.Helper()
	f := w.facts(t)
	for _, word := range append([]string{""}, app.ChannelFilters...) {
		var want []string
		for _, id := range w.channels {
			if channelFilter(word, f.desks[id], f.states[id]) {
				want = append(want, id)
			}
		}
		for _, sort := range []string{anyOf(t, app.ChannelSorts), "-" + anyOf(t, app.ChannelSorts)} {
			var got []string
			for _, v := range w.channelRows(t, size, sort, word, "") {
				got = append(got, v.Channel.ID)
				if v.State.Code != f.states[v.Channel.ID] {
					t.Fatalf("%s is listed as %s and is %s", v.Channel.Name, v.State.Code, f.states[v.Channel.ID])
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("filter %q by %s: SQL finds %v, telephony %v in %v", word, sort, got, want, f.states)
			}
		}
	}
	w.checkOrder(t, f, size)
	for _, word := range append([]string{""}, app.CPEFilters...) {
		var want []string
		for _, id := range w.devices {
			if word == "" || word == string(f.devices[id]) || word == "unattached" && !f.attached[id] {
				want = append(want, id)
			}
		}
		for _, sort := range []string{anyOf(t, app.CPESorts), "-" + anyOf(t, app.CPESorts)} {
			var got []string
			for _, v := range w.cpeRows(t, size, sort, word) {
				got = append(got, v.CPE.ID)
				if v.State.Code != f.devices[v.CPE.ID] {
					t.Fatalf("%s is listed as %s and is %s", v.CPE.Name, v.State.Code, f.devices[v.CPE.ID])
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("filter %q by %s: SQL finds %v, telephony %v in %v", word, sort, got, want, f.devices)
			}
		}
	}
	w.checkHealth(t, f)
}

func (w *world) checkHealth(t rapid.TB, f facts) {
	t.Helper()
	h, err := w.a.Customers.Health(context.Background(), boss, w.customer)
	must(t, err)
	states, devices, linked := map[telephony.StateCode]int{}, map[telephony.CPEStateCode]int{}, 0
	for _, s := range telephony.StateCodes {
		states[s] = 0
	}
	for _, s := range telephony.CPEStateCodes {
		devices[s] = 0
	}
	for id, s := range f.states {
		states[s]++
		if f.desks[id].Link != nil {
			linked++
		}
	}
	for _, s := range f.devices {
		devices[s]++
	}
	if !maps.Equal(h.States, states) || !maps.Equal(h.Devices, devices) || h.Linked != linked || h.Channels != len(w.channels) || h.Extensions != len(w.people) || h.CPEs != len(w.devices) {
		t.Fatalf("health %+v, want %v and %v, %d linked", h, states, devices, linked)
	}
}

// checkOrder sorts in Go what SQL sorts by its legs.
func (w *world) checkOrder(t rapid.TB, f facts, size int) {
	t.Helper()
	last := "\U0010FFFF"
	by := map[string]func(d telephony.Desk) string{
		"name":     func(d telephony.Desk) string { return "" },
		"location": func(d telephony.Desk) string { return cmp.Or(telephony.Fold(d.Channel.Location), last) },
		"state": func(d telephony.Desk) string {
			return fmt.Sprint(slices.Index(telephony.StateCodes, f.states[d.Channel.ID]))
		},
		"cpe": func(d telephony.Desk) string {
			if d.CPE == nil {
				return last
			}
			return telephony.Fold(d.CPE.Name)
		},
		"user": func(d telephony.Desk) string {
			switch {
			case d.Link != nil:
				return "0" + d.LinkedTo.Number
			case d.Login != nil:
				return "1" + d.User.Number
			}
			return last
		},
	}
	for _, sort := range app.ChannelSorts {
		want := slices.Clone(w.channels)
		slices.SortFunc(want, func(a, b string) int {
			x, y := f.desks[a], f.desks[b]
			if sort == "user" && x.Link != nil && y.Link != nil && x.LinkedTo.ID == y.LinkedTo.ID {
				return cmp.Compare(a, b)
			}
			tie := cmp.Compare(telephony.Fold(x.Channel.Name), telephony.Fold(y.Channel.Name))
			if sort == "cpe" && x.CPE != nil && y.CPE != nil && x.CPE.ID == y.CPE.ID || sort == "user" && by[sort](x) != last {
				tie = cmp.Compare(a, b)
			}
			if sort == "location" && by[sort](x) != last {
				tie = cmp.Compare(a, b)
			}
			return cmp.Or(cmp.Compare(by[sort](x), by[sort](y)), tie)
		})
		for _, down := range []string{"", "-"} {
			var got []string
			for _, v := range w.channelRows(t, size, down+sort, "", "") {
				got = append(got, v.Channel.ID)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("sorted by %s%s: %v, want %v", down, sort, got, want)
			}
			slices.Reverse(want)
		}
	}
}

// TestU04_ModelAndListsSayTheSame drives random worlds and holds each filter,
// sort, page, count and the health of the customer against the state function.
func TestU04_ModelAndListsSayTheSame(t *testing.T) {
	atMost(t, 4) // each reads every list some hundred times
	storagetest.Each(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn)
		rapid.Check(t, func(rt *rapid.T) {
			w.settleIn(rt)
			for i, id := range w.channels[:2] {
				_, err := w.a.Channels.Update(context.Background(), boss, w.customer, id, 0, func(c *telephony.Channel) error {
					c.Location = strings.Repeat("Ä", i) + "Haus"
					return nil
				})
				must(rt, err)
			}
			for range rapid.IntRange(1, 3).Draw(rt, "rounds") {
				for range rapid.IntRange(1, 12).Draw(rt, "steps") {
					pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "pick") }
					if pick(2) == 0 {
						must(rt, w.operation(context.Background(), pick))
					} else {
						must(rt, w.twist(context.Background(), pick))
					}
				}
				w.checkLists(rt, rapid.IntRange(1, 5).Draw(rt, "size"))
			}
		})
	})
}
