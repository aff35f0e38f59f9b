package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func printDHCP(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var c struct {
		DHCP dhcpCmd `cmd:"" name:"dhcp"`
	}
	k, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse(append([]string{"dhcp"}, args...)); err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = c.DHCP.print(t.Context(), &b)
	return b.String(), err
}

func TestP11_SnippetsComeFromTheConfiguration(t *testing.T) {
	for _, server := range []string{"dnsmasq", "isc", "kea"} {
		got, err := printDHCP(t, server, "--public-host", "phones.example", "--phone-listen", ":9443")
		if err != nil || !strings.Contains(got, "https://phones.example:9443/") || !strings.Contains(got, "tischlein-snom") || !strings.Contains(got, "tischlein-yealink") {
			t.Errorf("%s: %v\n%s", server, err, got)
		}
	}
	got, err := printDHCP(t, "isc", "--site-url", "https://phones.example/s/abc/", "--vendor", "snom")
	if err != nil || !strings.Contains(got, `"https://phones.example/s/abc/"`) || strings.Contains(got, "yealink") {
		t.Errorf("%v\n%s", err, got)
	}
	for _, wrong := range [][]string{{"bind"}, {"isc", "--vendor", "acme"}, {"isc", "--site-url", "ftp://x/"}, {"kea", "--phone-listen", "x"}} {
		if got, err := printDHCP(t, wrong...); err == nil {
			t.Errorf("%q: %s", wrong, got)
		}
	}
}

func TestP11_ReservationHoldsTheDevicesFirstAccessURL(t *testing.T) {
	api := http.NewServeMux()
	answer := func(pattern string, body any) {
		api.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer tsl-x" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	type object = map[string]any
	answer("GET /v1/customers", object{"items": []object{{"id": "c1", "number": "1001"}}})
	answer("GET /v1/customers/c1/cpes", object{"items": []object{{"id": "d1", "name": "Empfang", "driver": "yealink", "mac": "00:15:65:12:34:56"}, {"id": "d2", "name": "Küche", "driver": "linphone"}}})
	answer("POST /v1/customers/c1/cpes/d1/first-access", object{"url": "https://phones.example/f/secret/"})
	s := httptest.NewServer(api)
	defer s.Close()
	common := []string{"dnsmasq", "--site-url", "https://phones.example/", "--url", s.URL, "--token", "tsl-x", "--vendor", "snom", "--cpe"}
	got, err := printDHCP(t, append(common, "1001/001565123456")...)
	if err != nil || !strings.Contains(got, "dhcp-host=00:15:65:12:34:56,") || !strings.Contains(got, `66,"https://phones.example/f/secret/"`) {
		t.Errorf("%v\n%s", err, got)
	}
	for _, wrong := range []string{"1001", "1001/zz", "1002/001565123456", "1001/001565000000"} {
		if got, err := printDHCP(t, append(common, wrong)...); err == nil {
			t.Errorf("%s: %s", wrong, got)
		}
	}
	if _, err := printDHCP(t, "isc", "--site-url", "https://phones.example/", "--cpe", "1001/001565123456"); err == nil || !strings.Contains(err.Error(), "--token") {
		t.Error(err)
	}
}
