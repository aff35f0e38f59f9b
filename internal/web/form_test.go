package web

import (
	"errors"
	"net/http"
	"testing"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

func TestFormPutsRefusalsWhereTheyBelong(t *testing.T) {
	for _, c := range []struct {
		err     error
		status  int
		general string
		field   string
		back    bool // the error is nobody's input
	}{
		{err: telephony.Invalidf("mac", "mac_malformed", "x"), status: 422, field: "mac"},
		{err: telephony.Invalidf("other", "mac_malformed", "x"), status: 422, general: "Das ist keine MAC-Adresse. Erwartet werden zwölf Zeichen von 0 bis 9 und A bis F, gleich in welcher Schreibweise."},
		{err: telephony.Conflictf("channel_linked", "x").With("channel", "Empfang").With("holder", "Ada (101)"), status: 409, general: "Der Kanal Empfang ist schon mit Ada (101) verknüpft."},
		{err: telephony.Conflictf("extension_in_use", "x").With("devices", []string{"Empfang 2", "Bar"}), status: 409, general: "Die Nebenstelle ist in Benutzung an Empfang 2 und Bar."},
		{err: telephony.Conflictf("never_heard_of", "x"), status: 409, general: "Der jetzige Stand lässt das nicht zu. Laden Sie die Seite neu und sehen Sie nach."},
		{err: telephony.NotFoundf("channel"), back: true},
		{err: errors.New("disk full"), back: true},
		{err: &telephony.Error{Code: telephony.Unauthenticated, Reason: "session_unknown"}, back: true},
	} {
		f := &Form{words: text.For(text.German, nil), status: http.StatusUnprocessableEntity}
		back := f.Take(c.err, "mac")
		if (back != nil) != c.back {
			t.Errorf("%v is given back: %v", c.err, back)
			continue
		}
		if c.back {
			continue
		}
		if f.Status() != c.status || f.General != c.general || (f.Wrong("mac") != "") != (c.field == "mac") || f.OK() {
			t.Errorf("%v: %d %q %q", c.err, f.Status(), f.General, f.Errors)
		}
	}
}

func TestFillIsWhatAFormBeginsWith(t *testing.T) {
	f := Fill("name", "Empfang", "multi_login", true, "locked", false, "channels", []string{"a", "b"}, "ports", 2)
	if f.Value("name") != "Empfang" || !f.On("multi_login") || f.On("locked") || !f.Has("channels", "b") || f.Has("channels", "c") || f.Value("ports") != "2" {
		t.Errorf("%v", f.Values)
	}
}
