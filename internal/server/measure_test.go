package server

import (
	"crypto/x509"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// figures are the lines of the metrics as an operator's token reads them.
func figures(t *testing.T, s *Server, token string) string {
	t.Helper()
	a := s.send(t, token, http.MethodGet, "/metrics", "")
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s %v", a.Status, err)
	}
	return string(b)
}

// A phone's life from its box to a link shows in the figures, and nothing of whose
// it was does.
func TestU13_X01_MetricsTellWhatHappenedAndHoldNoSecret(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	type body = map[string]any
	text := func(m map[string]any, key string) string {
		t.Helper()
		v, _ := m[key].(string)
		if v == "" {
			t.Fatalf("no %s in %v", key, m)
		}
		return v
	}
	token := s.administrator(t)
	customer := "/v1/customers/" + text(ask(t, s, token, "POST", "/v1/customers", body{"number": "1001", "name": "Gasthaus Adler"}), "id")
	channel := customer + "/channels/" + text(ask(t, s, token, "POST", customer+"/channels", body{"name": "Empfang"}), "id")
	extension := text(ask(t, s, token, "POST", customer+"/extensions", body{"number": "101", "name": "Ada Wirt"}), "id")
	cpe := text(ask(t, s, token, "POST", customer+"/cpes", body{"name": "Telefon Empfang", "driver": "yealink", "mac": "00:15:65:12:34:09"}), "id")
	ask(t, s, token, "PUT", channel+"/attachment", body{"cpe_id": cpe})
	url := text(ask(t, s, token, "POST", customer+"/cpes/"+cpe+"/first-access", nil), "url")
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	p := f.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: "001565123409", ProvisioningURL: url})
	p.PowerOn(t.Context())
	d := &desk{t: t, s: s, actor: localAdministrator}
	d.customer.ID, d.channel.ID = customer[len("/v1/customers/"):], channel[len(customer+"/channels/"):]
	d.shows(p, "Empfang")
	ask(t, s, token, "PUT", channel+"/link", body{"extension_id": extension})
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)

	var have string
	for _, line := range []string{
		`tischlein_link_seconds_count 1`, `tischlein_sip_bindings 1`, `tischlein_pushes_total\{outcome="answered"\} [1-9]`,
		`tischlein_sip_registers_total\{result="new"\} [1-9]`, `tischlein_sip_registers_total\{result="challenged"\} [1-9]`,
		`tischlein_phone_fetches_total [1-9]`, `tischlein_phone_files_total [1-9]`, `tischlein_records_up 1`, `tischlein_devices_behind 0`,
		`tischlein_push_queue\{lane="bulk"\} 0`, `tischlein_push_queue_late_seconds\{lane="interactive"\} 0`, `tischlein_calls\{state="active"\} 0`,
		`tischlein_phone_refusals_total\{kind="scan"\} 0`, `go_goroutines [1-9]`, `process_open_fds [1-9]`,
	} {
		wanted := regexp.MustCompile("(?m)^" + line)
		deadline := time.Now().Add(10 * time.Second)
		for have = figures(t, s, token); !wanted.MatchString(have); have = figures(t, s, token) {
			if time.Now().After(deadline) {
				t.Fatalf("%s is missing in\n%s", line, have)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	first := url[strings.Index(url, "/f/")+3:]
	credentials := ask(t, s, token, "POST", channel+"/credentials", nil)
	for what, secret := range map[string]string{
		"the token": token, "the first-access token": strings.Trim(first, "/"), "the SIP password": text(credentials, "password"), "the SIP user": text(credentials, "user"),
		"the MAC": "001565123409", "the customer": "Gasthaus", "the customer's id": d.customer.ID, "the channel": "Empfang", "the channel's id": d.channel.ID,
		"the person": "Wirt", "the extension's id": extension, "the device's id": cpe,
	} {
		if strings.Contains(strings.ToLower(have), strings.ToLower(secret)) {
			t.Errorf("the metrics hold %s", what)
		}
	}
	for _, label := range regexp.MustCompile(`tischlein_\w+\{(\w+)=`).FindAllStringSubmatch(have, -1) {
		switch label[1] {
		case "result", "cause", "reason", "kind", "outcome", "path", "state", "lane", "status", "le":
		default:
			t.Errorf("a label %q: is it one of a device or a customer?", label[1])
		}
	}
}
