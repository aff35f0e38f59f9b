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

// answered is a text of an answer, which must have it.
func answered(t *testing.T, m map[string]any, key string) string {
	t.Helper()
	v, _ := m[key].(string)
	if v == "" {
		t.Fatalf("no %s in %v", key, m)
	}
	return v
}

// apiDesk is a place with a phone, made and linked over the API alone.
type apiDesk struct {
	*desk
	phone                                *phonesim.Phone
	token, channelPath, extension, cpeID string
	firstAccess                          string
}

func newAPIDesk(t *testing.T, s *Server) *apiDesk {
	t.Helper()
	type body = map[string]any
	w := &apiDesk{desk: &desk{t: t, s: s, actor: localAdministrator}, token: s.administrator(t)}
	made := func(path string, b body) string {
		t.Helper()
		return answered(t, ask(t, s, w.token, "POST", path, b), "id")
	}
	w.customer.ID = made("/v1/customers", body{"number": "1001", "name": "Gasthaus Adler"})
	customer := "/v1/customers/" + w.customer.ID
	w.channel.ID = made(customer+"/channels", body{"name": "Empfang"})
	w.channelPath = customer + "/channels/" + w.channel.ID
	w.extension = made(customer+"/extensions", body{"number": "101", "name": "Ada Wirt"})
	w.cpeID = made(customer+"/cpes", body{"name": "Telefon Empfang", "driver": "yealink", "mac": "00:15:65:12:34:09"})
	ask(t, s, w.token, "PUT", w.channelPath+"/attachment", body{"cpe_id": w.cpeID})
	w.firstAccess = answered(t, ask(t, s, w.token, "POST", customer+"/cpes/"+w.cpeID+"/first-access", nil), "url")
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	w.phone = f.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: "001565123409", ProvisioningURL: w.firstAccess})
	w.phone.PowerOn(t.Context())
	w.shows(w.phone, "Empfang")
	ask(t, s, w.token, "PUT", w.channelPath+"/link", body{"extension_id": w.extension})
	w.shows(w.phone, "Ada Wirt")
	w.state(telephony.StateLoggedIn)
	return w
}

// The whole way over the wire: what an administrator with curl and a phone does.
func TestS01_S05_WholeLifeOverTheAPI(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	w := newAPIDesk(t, s)
	e := ask(t, s, w.token, "GET", w.channelPath+"/explanation", nil)
	if e["missing"] != nil {
		t.Errorf("something is missing: %v", e)
	}
	ask(t, s, w.token, "DELETE", w.channelPath+"/link", nil)
	w.shows(w.phone, "Empfang")
	w.state(telephony.StateLoggedOut)
}
