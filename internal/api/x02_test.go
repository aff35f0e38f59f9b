package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

// estate makes what a customer has; its ids by the names that the paths use.
func (h *house) estate(number string) map[string]string {
	h.Helper()
	customer, channel, extension, cpe := h.desk(number)
	e := map[string]string{"customer": last(customer), "channel": last(channel), "extension": last(extension), "cpe": last(cpe)}
	made := func(name, path string, body map[string]any) {
		h.Helper()
		e[name] = h.do("POST", path, body).want(h, 201).member("id")
	}
	made("trunk", customer+"/trunks", map[string]any{"name": "Geheim", "host": "trunk.test.example"})
	return e
}

var pathVariable = regexp.MustCompile(`\{(\w+)\}`)

// bodies are what operations need to be asked at all, by the end of their path.
func bodies(foreign map[string]string) map[string]any {
	return map[string]any{
		"PUT lost": map[string]any{"lost": true}, "POST extensions": map[string]any{"name": "x", "number": "77"}, "POST channels": map[string]any{"name": "x"},
		"POST site-tokens": map[string]any{"name": "x", "devices": 1, "addresses": []string{"192.0.2.0/24"}, "expires": "2099-01-01T00:00:00Z"},
		"POST trunks":      map[string]any{"host": "trunk.test.example", "name": "x"}, "POST numbers": map[string]any{"e164": "+4930123456"},
		"PUT link": map[string]any{"extension_id": foreign["extension"]}, "PUT links": map[string]any{"channel_id": foreign["channel"]},
		"POST change": map[string]any{"old_pin": "4711", "new_pin": "6093"}, "PUT pin": map[string]any{"pin": "6093"}, "PUT login": map[string]any{"number": "101", "pin": "4711"},
		"POST cpes": map[string]any{"driver": "linphone", "name": "x"}, "PUT attachment": map[string]any{"cpe_id": foreign["cpe"]},
		"POST allowlist": map[string]any{"entry": "192.0.2.0/24"}, "PUT messages": map[string]any{"new": 1, "old": 0},
	}
}

// Every operation, with other people's tokens, on what belongs to a customer that is
// not theirs: not found, or nothing for them at all. A new operation is in the
// description and thereby here.
func TestX02_NoOperationReachesAnotherCustomersObjects(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	own, foreign := h.estate("1001"), h.estate("2002")
	partner := h.do("POST", "/v1/partners", map[string]any{"name": "Nah"}).want(t, 201).member("id")
	h.do("PATCH", "/v1/customers/"+own["customer"], map[string]any{"partner_id": partner}).want(t, 200)
	tried := 0
	for _, who := range []map[string]any{
		{"name": "c", "role": "customer_admin", "customer_id": own["customer"]}, {"name": "p", "role": "partner_admin", "partner_id": partner},
	} {
		who["scopes"] = []string{"read", "write", "reveal", "link", "login", "push"}
		token := "Bearer " + h.do("POST", "/v1/tokens", who).want(t, 201).member("token")
		for path, item := range newServer(h.app, Options{}).routes().api.OpenAPI().Paths {
			if !strings.HasPrefix(path, "/v1/customers/{customer}") {
				continue
			}
			for method, op := range map[string]bool{"GET": item.Get != nil, "PUT": item.Put != nil, "POST": item.Post != nil, "PATCH": item.Patch != nil, "DELETE": item.Delete != nil} {
				if !op {
					continue
				}
				tried++
				h.try(method, path, token, foreign, foreign)
				if len(pathVariable.FindAllString(path, -1)) > 1 {
					h.try(method, path, token, own, foreign)
				}
			}
		}
	}
	if tried < 120 {
		t.Errorf("only %d were tried", tried)
	}
}

// try asks for what is below the customer of whole, with all else of parts.
func (h *house) try(method, path, token string, whole, parts map[string]string) {
	h.Helper()
	p := pathVariable.ReplaceAllStringFunc(path, func(v string) string {
		name := strings.Trim(v, "{}")
		if name == "customer" {
			return whole[name]
		}
		if id, ok := parts[name]; ok {
			return id
		}
		return "x"
	})
	var body any
	if method != "GET" && method != "DELETE" {
		if body = bodies(parts)[method+" "+last(path)]; body == nil {
			body = map[string]any{}
		}
	}
	if method == "DELETE" && last(path) == "allowlist" {
		p += "?entry=192.0.2.1"
	}
	a := h.do(method, p, body, "Authorization", token)
	if a.status != http.StatusNotFound && a.status != http.StatusForbidden {
		h.Errorf("%s %s as %s: %d, not found is expected: %s", method, path, p, a.status, a.text)
	}
	if strings.Contains(a.text, "80:5e:c0:12:20:02") || strings.Contains(a.text, "Geheim") {
		h.Errorf("%s %s tells of it: %s", method, p, a.text)
	}
}

// What is of no one customer tells only what is the asker's own, and takes no orders
// from who is no operator.
func TestX02_WhatIsOfAllCustomersShowsTheOwnOnly(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	own, foreign := h.estate("1001"), h.estate("2002")
	token := "Bearer " + h.do("POST", "/v1/tokens", map[string]any{"name": "c", "role": "customer_admin", "customer_id": own["customer"],
		"scopes": []string{"read", "write", "reveal", "link", "login", "push"}}).want(t, 201).member("token")
	tried := 0
	for path, item := range newServer(h.app, Options{}).routes().api.OpenAPI().Paths {
		if strings.HasPrefix(path, "/v1/customers/{customer}") || open[path] || path == "/v1/events" {
			continue
		}
		for method, op := range map[string]bool{"GET": item.Get != nil, "PUT": item.Put != nil, "PATCH": item.Patch != nil, "DELETE": item.Delete != nil} {
			if !op {
				continue
			}
			tried++
			p := pathVariable.ReplaceAllString(path, "yealink")
			var body any
			if method != "GET" && method != "DELETE" {
				body = map[string]any{}
			}
			a := h.do(method, p, body, "Authorization", token)
			for _, secret := range []string{foreign["customer"], foreign["cpe"], "80:5e:c0:12:20:02", "2002"} {
				if strings.Contains(a.text, secret) {
					t.Errorf("%s %s tells %s: %s", method, p, secret, a.text)
				}
			}
			if method != "GET" && a.status < 400 {
				t.Errorf("%s %s: %d %s", method, p, a.status, a.text)
			}
		}
	}
	if tried < 15 {
		t.Errorf("only %d were tried", tried)
	}
}
