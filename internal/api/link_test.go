package api

import (
	"net/url"
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

func TestS01_LinkOverTheAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		_, channel, extension, _ := h.desk("1001")
		order := map[string]any{"extension_id": last(extension)}
		dry := h.do("PUT", channel+"/link?dry_run=true", order).want(t, 200)
		if dry.body["dry_run"] != true || !strings.Contains(dry.text, `"kind":"linked"`) {
			t.Errorf("dry run says %s", dry.text)
		}
		h.do("GET", channel+"/link", nil).refused(t, 404, "not_found")
		done := h.do("PUT", channel+"/link", order).want(t, 200)
		if done.body["dry_run"] != false || !strings.Contains(done.text, `"kind":"logged_in"`) {
			t.Errorf("link says %s", done.text)
		}
		if l := h.do("GET", channel+"/link", nil).want(t, 200); l.member("extension_id") != last(extension) || l.object("extension").member("number") != "101" {
			t.Errorf("link is %s", l.text)
		}
		if c := h.do("GET", channel, nil).want(t, 200); c.object("state").member("code") != "offline" || c.object("login").member("kind") != "linked" || c.object("cpe").member("mac") != "80:5e:c0:12:10:01" {
			t.Errorf("channel is %s", c.text)
		}
		if e := h.do("GET", channel+"/explanation", nil).want(t, 200); e.object("missing").member("name") == "" || e.object("missing").member("advice") == "" {
			t.Errorf("explanation is %s", e.text)
		}
		h.do("DELETE", channel+"/link", nil).want(t, 200)
		h.do("DELETE", channel+"/link", nil).want(t, 409)
	})
}

func TestS09_LinkFromTheExtensionsSide(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, extension, _ := h.desk("1001")
	if l := h.do("GET", extension+"/linkable-channels", nil).want(t, 200); !strings.Contains(l.text, last(channel)) {
		t.Errorf("offered: %s", l.text)
	}
	h.do("PUT", extension+"/links", map[string]any{"channel_id": last(channel)}).want(t, 200)
	if l := h.do("GET", extension+"/links", nil).want(t, 200); !strings.Contains(l.text, last(channel)) {
		t.Errorf("links: %s", l.text)
	}
	h.do("DELETE", extension+"/links/other", nil).refused(t, 404, "not_found")
	h.do("DELETE", extension+"/links/"+last(channel), nil).want(t, 200)
}

func TestH01_HotdeskLoginOverTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, extension, _ := h.desk("1001")
	h.do("PUT", channel+"/login", map[string]any{"number": "101", "pin": "9999"}).want(t, 403)
	h.do("PUT", channel+"/login", map[string]any{"number": "101", "pin": "4711"}).want(t, 200)
	if e := h.do("GET", extension, nil).want(t, 200); !strings.Contains(e.text, `"kind":"hotdesk"`) {
		t.Errorf("extension is %s", e.text)
	}
	h.do("DELETE", extension+"/logins", nil).want(t, 200)
	h.do("DELETE", channel+"/login", nil).refused(t, 409, "not_logged_in")
}

func TestD24_AnotherCustomersObjectIsNotFound(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, extension, cpe := h.desk("1001")
	other, otherChannel, _, _ := h.desk("1002")
	h.do("PUT", otherChannel+"/link", map[string]any{"extension_id": last(extension)}).refused(t, 404, "not_found")
	h.do("GET", other+"/channels/"+last(channel), nil).refused(t, 404, "not_found")
	h.do("PUT", otherChannel+"/attachment", map[string]any{"cpe_id": last(cpe)}).refused(t, 404, "not_found")
	own := h.do("POST", "/v1/tokens", map[string]any{"name": "Adler", "role": "customer_admin", "customer_id": last(other)}).want(t, 201).member("token")
	for _, path := range []string{channel, extension, cpe, channel + "/explanation", cpe + "/history"} {
		h.do("GET", path, nil, "Authorization", "Bearer "+own).refused(t, 404, "not_found")
	}
	h.do("GET", otherChannel, nil, "Authorization", "Bearer "+own).want(t, 200)
}

func TestS08_AllowlistOverTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, _, _, _ := h.desk("1001")
	list := customer + "/allowlist"
	h.do("POST", list, map[string]any{"entry": "2001:db8:1::/48", "note": "Haus"}).want(t, 201)
	if l := h.do("GET", list, nil).want(t, 200); !strings.Contains(l.text, `"2001:db8:1::/48"`) {
		t.Errorf("list is %s", l.text)
	}
	if n := h.do("GET", list+"/would-fail?on=true&without=2001:db8:1::/48", nil).want(t, 200); n.body["devices"] != 0.0 {
		t.Errorf("never seen, so none fails: %s", n.text)
	}
	h.do("DELETE", list+"?entry=2001:db8:1::/48", nil).want(t, 204)
}

func TestD16_RefusedEntriesNameTheField(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, _, _, _ := h.desk("1001")
	list := customer + "/allowlist"
	for entry, reason := range map[string]string{
		"Filiale": "address_malformed", "203.0.113.0-203.0.114.0": "range_too_large", "203.0.112.0/23": "range_too_large",
		"203.0.113.9-203.0.113.1": "range_reversed", "203.0.113.1-2001:db8::1": "range_mixed", "2001:db8::1-2001:db8::9": "range_ipv6",
		"2001:db8::7/48": "prefix_host_bits", "2000::/3": "prefix_too_short", "2001:db8::/129": "prefix_malformed", "0.0.0.0": "address_unusable",
	} {
		h.do("POST", list, map[string]any{"entry": entry}).refused(t, 422, reason).names(t, "body.entry")
		h.do("DELETE", list+"?entry="+url.QueryEscape(entry), nil).refused(t, 422, reason).names(t, "query.entry")
		h.do("GET", list+"/would-fail?without="+url.QueryEscape(entry), nil).refused(t, 422, reason).names(t, "query.without")
	}
	h.do("POST", list, map[string]any{"note": "Haus"}).refused(t, 422, "validation_failed").names(t, "body.entry")
	h.do("POST", list, map[string]any{"entry": "203.0.113.7-" + strings.Repeat("9", 100)}).refused(t, 422, "validation_failed").names(t, "body.entry")
	if l := h.do("GET", list, nil).want(t, 200); !strings.Contains(l.text, `"items":[]`) {
		t.Errorf("something refused is on the list: %s", l.text)
	}
}

func TestAPI_SecretsAreShownOnceAndNotInAnyObject(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, _, cpe := h.desk("1001")
	url := h.do("POST", cpe+"/first-access", nil, "Idempotency-Key", "one").want(t, 200).member("url")
	again := h.do("POST", cpe+"/first-access", nil, "Idempotency-Key", "one").want(t, 200).member("url")
	permanent := h.do("POST", cpe+"/url", nil).want(t, 200).member("url")
	credentials := h.do("POST", channel+"/credentials", nil).want(t, 200)
	if !strings.HasPrefix(url, "https://prov.test.example/") || url == again || len(key(url)) < 16 || len(key(permanent)) < 16 || credentials.member("password") == "" {
		t.Errorf("first access %q then %q, credentials %s", url, again, credentials.text)
	}
	for _, path := range []string{cpe, channel, customer + "/audit", "/v1/audit", cpe + "/history", "/v1/tokens", customer + "/channels"} {
		text := h.do("GET", path, nil).want(t, 200).text
		for _, secret := range []string{key(url), key(again), key(permanent), credentials.member("password"), h.token, "4711"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows a secret: %s", path, text)
			}
		}
	}
	if a := h.do("GET", customer+"/audit", nil); !strings.Contains(a.text, `"items":[{`) {
		t.Errorf("the audit log is empty: %s", a.text)
	}
}

// key is the secret part of a device's URL: its last element.
func key(url string) string { return last(strings.TrimSuffix(url, "/")) }
