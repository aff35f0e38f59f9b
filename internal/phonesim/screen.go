package phonesim

import (
	"slices"
	"strings"
)

// words are what phones say of themselves, per language.
type words struct {
	booting, loading, registered, trying, refused, failed, noAccount string
}

var languages = map[string]words{
	"de": {"Startet …", "Konfiguration wird geladen …", "Registriert", "Registrierung läuft …",
		"Registrierung abgelehnt", "Nicht registriert", "Kein Konto"},
	"en": {"Starting …", "Loading configuration …", "Registered", "Registering …",
		"Registration refused", "Not registered", "No account"},
	"nl": {"Opstarten …", "Configuratie wordt geladen …", "Geregistreerd", "Registreren …",
		"Registratie geweigerd", "Niet geregistreerd", "Geen account"},
}

// vocabulary reads "de", "German" (Yealink) and "Deutsch" (Snom) alike.
func vocabulary(names ...string) words {
	for _, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		switch {
		case strings.HasPrefix(n, "de") || strings.HasPrefix(n, "german"):
			return languages["de"]
		case strings.HasPrefix(n, "en"):
			return languages["en"]
		case strings.HasPrefix(n, "nl") || strings.HasPrefix(n, "dutch") || strings.HasPrefix(n, "ned"):
			return languages["nl"]
		}
	}
	return languages["de"]
}

// Screen is what the phone shows, line by line, the status last. Off, it shows
// nothing.
func (p *Phone) Screen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines()
}

func (p *Phone) lines() []string {
	w := vocabulary(p.fw.language(p.settings), p.cfg.Language)
	switch p.state.Power {
	case Off:
		return nil
	case Booting:
		return []string{w.booting}
	case Provisioning:
		return []string{w.loading}
	}
	if p.page != nil {
		return p.page.paint()
	}
	var out []string
	for _, l := range append(p.fw.idle(p.settings, p.want), p.status(w)) {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func (p *Phone) status(w words) string {
	a := p.agent
	switch {
	case p.state.Registered:
		return w.registered
	case !p.want.active:
		return w.noAccount
	case a == nil || a.phase == opening || a.phase == trying:
		return w.trying
	case a.phase == stopped:
		return w.refused
	}
	return w.failed
}

// redraw tells listeners if the screen changed.
func (p *Phone) redraw() {
	if p.cfg.OnEvent == nil && p.fleet.cfg.OnEvent == nil {
		return
	}
	lines := p.lines()
	if now := strings.Join(lines, "\n"); now != p.screen {
		p.screen = now
		p.emit(Event{Kind: ScreenChanged, Screen: lines})
	}
}
