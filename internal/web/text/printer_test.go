package text

import (
	"context"
	"testing"
	"time"
)

func TestU01_TheBrowsersLanguageIsFound(t *testing.T) {
	for header, want := range map[string]Language{
		"": German, "*": German, "fr-FR,fr;q=0.9": German, "nonsense;;q=": German,
		"de-AT,en;q=0.5": German, "en-US,en;q=0.9,de;q=0.8": English, "nl-BE": Dutch,
		"fr;q=0.9,nl;q=0.8,en;q=0.2": Dutch, "en;q=0.1,nl;q=0.7": Dutch,
	} {
		if got := Match(header); got != want {
			t.Errorf("%q gives %s, want %s", header, got, want)
		}
	}
}

func TestU01_PluralsNumbersAndClocksFollowTheLanguage(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 3, 23, 5, 9, 0, time.UTC)
	for l, want := range map[Language][8]string{
		German:  {"vor 1 Minute", "vor 1.234 Minuten", "04.11.2026", "04.11.2026, 00:05", "1.234.567", "Anna, Ben und Cleo", "1,5 s", "00:05:09"},
		English: {"1 minute ago", "1,234 minutes ago", "4 Nov 2026", "4 Nov 2026, 00:05", "1,234,567", "Anna, Ben and Cleo", "1.5 s", "00:05:09"},
		Dutch:   {"1 minuut geleden", "1.234 minuten geleden", "04-11-2026", "04-11-2026, 00:05", "1.234.567", "Anna, Ben en Cleo", "1,5 s", "00:05:09"},
	} {
		p := For(l, berlin)
		got := [8]string{
			p.N("common.minutes_ago", 1), p.N("common.minutes_ago", 1234), p.Date(at), p.DateTime(at), p.Number(1234567),
			p.And([]string{"Anna", "Ben", "Cleo"}), p.Took(1500 * time.Millisecond), p.ExactClock(at),
		}
		if got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	if got := For(German, nil).DateTime(time.Time{}); got != "" {
		t.Errorf("never is %q", got)
	}
}

func TestSinceIsRoughAndThenADate(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := For(German, nil)
	for ago, want := range map[time.Duration]string{
		-time.Second: "gerade eben", 30 * time.Second: "gerade eben", 5 * time.Minute: "vor 5 Minuten",
		time.Hour: "vor 1 Stunde", 50 * time.Hour: "vor 2 Tagen", 8 * 24 * time.Hour: "15.11.2026",
	} {
		if got := p.Since(now.Add(-ago), now); got != want {
			t.Errorf("%v ago is %q, want %q", ago, got, want)
		}
	}
}

func TestMissingTextIsSeen(t *testing.T) {
	p := For(English, nil)
	if got := p.T("common.nothing_of_the_kind"); got != "⟦common.nothing_of_the_kind⟧" || p.Has("common.nothing_of_the_kind") || !p.Has("common.state_failed") {
		t.Errorf("%q", got)
	}
	if got := For(German, nil).T("common.shown", "Shown", float64(1234567)); got != "1.234.567 angezeigt" {
		t.Errorf("a count from JSON is %q", got)
	}
	if got := T(With(context.Background(), p), "common.save"); got != "Save" {
		t.Errorf("the context's printer says %q", got)
	}
	if got := T(context.Background(), "common.save"); got != "Speichern" {
		t.Errorf("without a printer it is %q", got)
	}
	if l, ok := Known("fr"); ok || l != German {
		t.Errorf("French is known as %s", l)
	}
}
