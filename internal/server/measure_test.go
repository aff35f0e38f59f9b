package server

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
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
	w := newAPIDesk(t, s)

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
		for have = figures(t, s, w.token); !wanted.MatchString(have); have = figures(t, s, w.token) {
			if time.Now().After(deadline) {
				t.Fatalf("%s is missing in\n%s", line, have)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	first := w.firstAccess[strings.Index(w.firstAccess, "/f/")+3:]
	credentials := ask(t, s, w.token, "POST", w.channelPath+"/credentials", nil)
	for what, secret := range map[string]string{
		"the token": w.token, "the first-access token": strings.Trim(first, "/"), "the SIP password": answered(t, credentials, "password"), "the SIP user": answered(t, credentials, "user"),
		"the MAC": "001565123409", "the customer": "Gasthaus", "the customer's id": w.customer.ID, "the channel": "Empfang", "the channel's id": w.channel.ID,
		"the person": "Wirt", "the extension's id": w.extension, "the device's id": w.cpeID,
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
