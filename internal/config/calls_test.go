package config

import "testing"

func TestC11_SettingsOfCallsAreChecked(t *testing.T) {
	for ports, ok := range map[string]bool{"": true, "16384-16999": true, "2000 - 3000": true, "16384": false, "3000-2000": false, "80-90": false, "1024-70000": false, "a-b": false} {
		first, last, err := Config{RTPPorts: ports}.Speech()
		if (err == nil) != ok || ok && ports != "" && (first == 0 || last <= first) {
			t.Errorf("%q: %d %d %v", ports, first, last, err)
		}
	}
	for at, ok := range map[string]bool{"": true, "127.0.0.1:22222": true, "relay.example:22222": true, "[::1]:22222": true, ":22222": false, "relay.example": false, "relay:0": false, "a/b:1": false} {
		wrong := false
		Config{MediaRelay: at}.validateCalls(func(string, string, ...any) { wrong = true })
		if wrong == ok {
			t.Errorf("%q", at)
		}
	}
	for url, ok := range map[string]bool{"": true, "https://h.example/location": true, "http://h.example/location": false, "h/location": false, "https://": false} {
		wrong := false
		Config{EmergencyLocationURL: url}.validateCalls(func(string, string, ...any) { wrong = true })
		if wrong == ok {
			t.Errorf("%q", url)
		}
	}
}
