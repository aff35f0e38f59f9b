package phonesim

import (
	"strings"
	"time"
)

// alerted is a firmware that knows other events than check-sync.
type alerted interface {
	// obeys says what an event (lower case, without parameters) makes the phone do;
	// known is false for what it answers with 489.
	obeys(s settings, event, rebootParam string) (do action, known bool)
}

// guarded is a firmware that lets only those push it who know its account's secret.
type guarded interface {
	// guards is the realm in which it challenges a NOTIFY, "" = it asks nobody.
	guards(s settings, event string) string
}

// notify knows message-summary and what the firmware obeys; RFC 6665 4.1.3 wants
// 489 for others.
func (p *Phone) notify(m *message) (int, string, []sipHeader, func()) {
	event := m.get("event")
	name, _, _ := strings.Cut(event, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	do, known := ignore, name == "check-sync"
	if a, ok := p.fw.(alerted); ok {
		do, known = a.obeys(p.settings, name, param(event, "reboot"))
	} else if known {
		do = p.fw.checkSync(p.settings, param(event, "reboot"))
	}
	if !known && name != "message-summary" {
		return 489, "Bad Event", []sipHeader{{"Allow-Events", "check-sync, message-summary"}}, nil
	}
	if g, ok := p.fw.(guarded); ok && known {
		if realm := g.guards(p.settings, name); realm != "" && !p.proven(m, realm) {
			p.state.Challenges++
			p.nonce = randomHex(16)
			return 401, "Unauthorized", []sipHeader{{"WWW-Authenticate",
				`Digest realm="` + realm + `", nonce="` + p.nonce + `", algorithm=MD5, qop="auth"`}}, nil
		}
	}
	now := time.Now()
	p.state.Notifies++
	p.state.LastNotify, p.state.LastNotifyAt = event, now
	p.fleet.counts.notifies.Add(1)
	p.emit(Event{Kind: NotifyCame, Detail: event})
	return 200, "OK", nil, func() {
		switch do {
		case fetch:
			p.told(trigger{pushed: now})
		case reboot:
			p.told(trigger{pushed: now, reboot: true})
		}
	}
}

// proven reports whether a NOTIFY answers the phone's last challenge with the
// account's own user and password (RFC 7616 3.4). A nonce is good for one try.
func (p *Phone) proven(m *message, realm string) bool {
	scheme, rest, _ := strings.Cut(m.get("authorization"), " ")
	nonce, own := p.nonce, p.want.secrets
	p.nonce = ""
	if !strings.EqualFold(scheme, "digest") || nonce == "" || own.password == "" {
		return false
	}
	got := map[string]string{}
	for _, kv := range splitQuoted(rest, ',') {
		k, v, _ := strings.Cut(kv, "=")
		got[strings.ToLower(strings.TrimSpace(k))] = unquote(strings.TrimSpace(v))
	}
	if got["username"] != own.user || got["realm"] != realm || got["nonce"] != nonce || got["uri"] != m.uri ||
		got["qop"] != "auth" || got["nc"] == "" || got["cnonce"] == "" {
		return false
	}
	ha1, ha2 := digestHex("MD5", own.user+":"+realm+":"+own.password), digestHex("MD5", m.method+":"+m.uri)
	return strings.ToLower(got["response"]) == digestHex("MD5",
		strings.Join([]string{ha1, nonce, got["nc"], got["cnonce"], "auth", ha2}, ":"))
}
