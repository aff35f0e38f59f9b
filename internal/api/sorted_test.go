package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

// names are the names in the order of an answer's list.
func listNames(t *testing.T, a answer) string {
	t.Helper()
	items, ok := a.body["items"].([]any)
	if !ok {
		t.Fatalf("no list: %s", a.text)
	}
	var names []string
	for _, x := range items {
		m, _ := x.(map[string]any)
		name, _ := m["name"].(string)
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func TestU10_ListsAreSortedAndNarrowedOverTheAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		customer, channel, extension, _ := h.desk("1001")
		h.do("POST", customer+"/channels", map[string]any{"name": "Anbau"}).want(t, 201)
		h.do("POST", customer+"/channels", map[string]any{"name": "Zelle"}).want(t, 201)
		h.do("PUT", channel+"/link", map[string]any{"extension_id": last(extension)}).want(t, 200)
		for query, want := range map[string]string{
			"":                               "Anbau Empfang Zelle",
			"?sort=-name":                    "Zelle Empfang Anbau",
			"?sort=user":                     "Empfang Anbau Zelle",
			"?filter=linked":                 "Empfang",
			"?filter=unlinked&sort=-name":    "Zelle Anbau",
			"?filter=no_device&search=zelle": "Zelle",
		} {
			if got := listNames(t, h.do("GET", customer+"/channels"+query, nil).want(t, 200)); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		first := h.do("GET", customer+"/channels?sort=-name&limit=2&count=true", nil).want(t, 200)
		if first.body["total"] != float64(3) || first.body["prev"] != nil || listNames(t, first) != "Zelle Empfang" {
			t.Errorf("the first piece: %s", first.text)
		}
		second := h.do("GET", customer+"/channels?sort=-name&limit=2&cursor="+first.member("next"), nil).want(t, 200)
		if listNames(t, second) != "Anbau" || second.body["total"] != nil || second.member("prev") == "" {
			t.Errorf("the second piece: %s", second.text)
		}
		if back := h.do("GET", customer+"/channels?sort=-name&limit=2&cursor="+second.member("prev"), nil).want(t, 200); listNames(t, back) != "Zelle Empfang" {
			t.Errorf("back again: %s", back.text)
		}
		h.do("GET", customer+"/channels?sort=colour", nil).refused(t, 422, "sort_unknown").names(t, "query.sort")
		h.do("GET", customer+"/cpes?filter=red", nil).refused(t, 422, "filter_unknown").names(t, "query.filter")
		h.do("GET", customer+"/channels?cursor="+first.member("next"), nil).refused(t, 422, "cursor_malformed")
		h.do("GET", customer+"/extensions?filter=linked&sort=place", nil).want(t, 200)
		h.desk("1002")
		if l := h.do("GET", "/v1/customers?sort=-number&count=true", nil).want(t, 200); l.body["total"] != float64(2) || strings.Index(l.text, "1002") > strings.Index(l.text, "1001") {
			t.Errorf("customers: %s", l.text)
		}
	})
}

func TestU12_TheAuditLogIsNarrowedOverTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, _ := h.desk("1001")
	h.do("PUT", channel+"/link", map[string]any{"extension_id": last(extension)}).want(t, 200)
	other := h.do("POST", customer+"/extensions", map[string]any{"number": "102", "name": "Ben", "pin": "4711"}).want(t, 201).member("id")
	h.do("PUT", channel+"/link", map[string]any{"extension_id": other}).want(t, 409)
	actions := func(query string) string {
		t.Helper()
		a := h.do("GET", customer+"/audit"+query, nil).want(t, 200)
		items, _ := a.body["items"].([]any)
		var out []string
		for _, x := range items {
			m, _ := x.(map[string]any)
			out = append(out, m["action"].(string)+" "+m["outcome"].(string))
		}
		return strings.Join(out, ", ")
	}
	if got := actions("?outcome=refused"); got != "link refused" {
		t.Errorf("refused: %s", got)
	}
	if got := actions("?object_kind=extension"); got != "create done, create done" {
		t.Errorf("of extensions: %s", got)
	}
	if got := actions("?until=2001-01-01T00:00:00Z"); got != "" {
		t.Errorf("before everything: %s", got)
	}
	if got := actions("?since=2001-01-01T00:00:00%2B02:00&action=link&search=channel_linked"); got != "link refused" {
		t.Errorf("narrowed: %s", got)
	}
	h.do("GET", customer+"/audit?since=yesterday", nil).refused(t, 422, "validation_failed").names(t, "query.since")
}
