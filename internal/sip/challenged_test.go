package sip

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

// realms is the house that also hashes for other realms, with all of a user's
// secrets.
type realms struct {
	mu      sync.Mutex
	secrets map[string][]string
	asked   []string
	err     error
}

func (r *realms) HA1In(_ context.Context, realm, user string) ([]HA1, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, realm+" "+user)
	var hashes []HA1
	for _, secret := range r.secrets[user] {
		hashes = append(hashes, NewHA1(user, realm, secret))
	}
	return hashes, r.err
}

// proves reports whether a NOTIFY's credentials are made with that secret.
func proves(m msg, header, realm, user, secret string, strong bool) bool {
	a := m.get(header)
	ha1, ha2 := hashHex(strong, user+":"+realm+":"+secret), hashHex(strong, "NOTIFY:"+quoted(a, "uri"))
	parts := []string{ha1, quoted(a, "nonce"), ha2}
	if strings.Contains(a, "qop=auth") {
		parts = []string{ha1, quoted(a, "nonce"), "00000001", quoted(a, "cnonce"), "auth", ha2}
	}
	return quoted(a, "realm") == realm && quoted(a, "username") == user &&
		"NOTIFY "+quoted(a, "uri")+" SIP/2.0" == m.first && quoted(a, "response") == hashHex(strong, strings.Join(parts, ":"))
}

func TestC05_ChallengeInThePhonesOwnRealm(t *testing.T) {
	var log bytes.Buffer
	for _, transport := range everyTransport {
		for _, c := range []struct {
			code, ask, give, more string
			strong                bool
		}{
			{"401 Unauthorized", "WWW-Authenticate", "authorization", `, algorithm=MD5, qop="auth"`, false},
			{"401 Unauthorized", "WWW-Authenticate", "authorization", ``, false},
			{"401 Unauthorized", "WWW-Authenticate", "authorization", `, algorithm=SHA-256, qop="auth-int,auth"`, true},
			{"407 Proxy Authentication Required", "Proxy-Authenticate", "proxy-authorization", `, algorithm=SHA-256`, true},
		} {
			h, r := newHouse("alice"), &realms{secrets: map[string][]string{"alice": {"secret-alice"}}}
			s := start(t, h, func(cfg *Config) {
				cfg.Realms, cfg.Log = r, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			p := dialPhone(t, s, transport, "alice")
			want(t, p.register(300), 200)
			result := push(s, "alice")
			p.answer(p.read(), c.code, c.ask+`: Digest realm="Cisco 8851", nonce="n0nce"`+c.more+"\r\n")
			m := p.read()
			if !proves(m, c.give, "Cisco 8851", "alice", "secret-alice", c.strong) || m.get("cseq") != "2 NOTIFY" {
				t.Errorf("%s %s%s:\n%s", transport, c.code, c.more, m.raw)
			}
			select {
			case early := <-result:
				t.Errorf("delivered before the phone had said so: %+v", early)
			default:
			}
			p.answer(m, "200 OK", "")
			if got := <-result; got.Outcome != telephony.PushAnswered || got.Status != 200 {
				t.Errorf("%s: %+v", transport, got)
			}
			if err := s.Close(); err != nil { // it writes its last words to the log
				t.Fatal(err)
			}
			if len(r.asked) != 1 || r.asked[0] != "Cisco 8851 alice" {
				t.Errorf("asked for %q", r.asked)
			}
		}
	}
	ha1 := NewHA1("alice", "Cisco 8851", "secret-alice")
	for _, secret := range []string{"secret-alice", fmt.Sprintf("%x", ha1.MD5), fmt.Sprintf("%x", ha1.SHA256)} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// While a secret is changed, the phone knows the previous one: it must be told to
// fetch all the same.
func TestP14_ChallengeIsAnsweredWithThePreviousSecretToo(t *testing.T) {
	for _, realm := range []string{testRealm, "elsewhere"} {
		h := newHouse("alice")
		h.change("alice", func(c *Credential) {
			c.HA1 = []HA1{NewHA1("alice", testRealm, "new"), NewHA1("alice", testRealm, "secret-alice")}
		})
		s := start(t, h, func(cfg *Config) {
			cfg.Realms = &realms{secrets: map[string][]string{"alice": {"new", "secret-alice"}}}
		})
		p := dialPhone(t, s, "udp", "alice")
		want(t, p.register(300), 200)
		challenge := `WWW-Authenticate: Digest realm="` + realm + `", nonce="a"` + "\r\n"
		for _, last := range []struct {
			code    string
			outcome telephony.PushOutcome
		}{{"200 OK", telephony.PushAnswered}, {"401 Unauthorized", telephony.PushRefused}} {
			result := push(s, "alice")
			p.answer(p.read(), "401 Unauthorized", challenge)
			m := p.read()
			if !proves(m, "authorization", realm, "alice", "new", false) {
				t.Fatalf("%s, first:\n%s", realm, m.raw)
			}
			p.answer(m, "401 Unauthorized", challenge)
			m = p.read()
			if !proves(m, "authorization", realm, "alice", "secret-alice", false) || m.get("cseq") != "3 NOTIFY" {
				t.Fatalf("%s, second:\n%s", realm, m.raw)
			}
			p.answer(m, last.code, challenge) // there is no third secret to try
			if got := <-result; got.Outcome != last.outcome {
				t.Errorf("%s: %+v, want %s", realm, got, last.outcome)
			}
		}
	}
}

func TestC05_UnanswerableChallengesAreRefusals(t *testing.T) {
	h, r := newHouse("alice"), &realms{err: telephony.NotFoundf("channel")}
	s := start(t, h, func(cfg *Config) { cfg.Realms = r })
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	for _, challenge := range []string{
		"", "WWW-Authenticate: Basic realm=\"x\"\r\n",
		"WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", algorithm=SHA-512-256\r\n",
		"WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"\r\n",
		"WWW-Authenticate: Digest nonce=\"n\"\r\n",
		"WWW-Authenticate: Digest realm=\"elsewhere\", nonce=\"n\"\r\n", // nobody has that user's secret
	} {
		result := push(s, "alice")
		p.answer(p.read(), "401 Unauthorized", challenge)
		if got := <-result; got.Outcome != telephony.PushRefused || got.Status != 401 {
			t.Errorf("%q: %+v", challenge, got)
		}
	}
	if len(r.asked) != 1 {
		t.Errorf("asked for %q", r.asked)
	}
}
