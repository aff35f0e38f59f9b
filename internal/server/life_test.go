package server

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// ask is one request to the API, which must succeed; it returns the answer.
func ask(t *testing.T, s *Server, token, method, path string, body any) map[string]any {
	t.Helper()
	var in bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&in).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	q, err := http.NewRequestWithContext(t.Context(), method, s.APIURL()+path, &in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	var out map[string]any
	if a.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(a.Body).Decode(&out); err != nil {
			t.Fatalf("%s %s: %s: %v", method, path, a.Status, err)
		}
	}
	if a.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %v", method, path, a.Status, out)
	}
	return out
}

// The whole way over the wire: what an administrator with curl and a phone does.
func TestS01_S05_WholeLifeOverTheAPI(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	text := func(m map[string]any, key string) string {
		t.Helper()
		v, ok := m[key].(string)
		if !ok || v == "" {
			t.Fatalf("no %s in %v", key, m)
		}
		return v
	}
	type body = map[string]any
	token := text(ask(t, s, "", "POST", "/v1/setup", body{"setup_token": s.SetupToken().Reveal(), "name": "first"}), "token")
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
	e := ask(t, s, token, "GET", channel+"/explanation", nil)
	if e["missing"] != nil {
		t.Errorf("something is missing: %v", e)
	}
	ask(t, s, token, "DELETE", channel+"/link", nil)
	d.shows(p, "Empfang")
	d.state(telephony.StateLoggedOut)
}
