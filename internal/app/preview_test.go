package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// takes has a device fetch all that it should have.
func (h *house) takes(x telephony.CPE) {
	h.Helper()
	dev := app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver}
	_, rev, err := h.app.Devices.Desired(bg, dev)
	h.ok(err)
	h.app.Devices.Fetched(bg, app.Fetch{Device: dev, Revision: rev, From: home, At: h.clock()})
	h.flush()
}

func (h *house) diff(x telephony.CPE) []app.FileDiff {
	h.Helper()
	l, err := h.app.CPEs.Diff(bg, h.admin, h.cust.ID, x.ID)
	h.ok(err)
	if len(l) == 0 {
		h.Fatal("no file")
	}
	return l
}

// changed are the lines that differ, with their sign.
func changed(files []app.FileDiff) string {
	var b strings.Builder
	for _, f := range files {
		for _, l := range f.Lines {
			if l.Op != ' ' {
				b.WriteString(string(l.Op) + l.Text + "\n")
			}
		}
	}
	return b.String()
}

func (h *house) secretsOf(x telephony.CPE) []telephony.Secret {
	h.Helper()
	d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver})
	h.ok(err)
	return provision.SecretsOf(d)
}

func TestP08_PreviewMasksAndRevealIsAudited(t *testing.T) {
	both(t, func(h *house) {
		_, x := h.desk("Empfang", "01")
		secrets := h.secretsOf(x)
		files, err := h.app.CPEs.Preview(bg, h.support(), h.cust.ID, x.ID, "", false)
		h.ok(err)
		all := ""
		for _, f := range files {
			all += f.Body
			if f.Revealed || f.Name == "" || f.Body == "" {
				t.Errorf("%+v", f)
			}
		}
		if !strings.Contains(all, "***") {
			t.Error("nothing is masked")
		}
		for _, s := range secrets {
			if strings.Contains(all, s.Reveal()) {
				t.Error("X01: a secret stands in the preview")
			}
		}
		_, err = h.app.CPEs.Preview(bg, h.support(), h.cust.ID, x.ID, "", true)
		h.refused(err, telephony.Forbidden, "scope_missing")
		h.pass(time.Second)
		plain, err := h.app.CPEs.Preview(bg, h.admin, h.cust.ID, x.ID, string(provision.KindConfig), true)
		h.ok(err)
		if len(plain) != 1 || !plain[0].Revealed || !strings.Contains(plain[0].Body, secrets[len(secrets)-1].Reveal()) {
			t.Error("the reveal does not show the SIP secret")
		}
		done := h.audits(app.AuditQuery{ObjectID: x.ID, Action: "reveal_file"})
		if len(done) != 2 || done[0].Outcome != "done" || done[1].Outcome != "refused" {
			t.Errorf("the log tells %+v", done)
		}
		_, err = h.app.CPEs.Preview(bg, h.admin, h.cust.ID, x.ID, "nonsense", false)
		h.refused(err, telephony.NotFound, "")
		none := h.device(telephony.CPE{Driver: "generic", Name: "Fremd"})
		if l, err := h.app.CPEs.Preview(bg, h.admin, h.cust.ID, none.ID, "", false); err != nil || len(l) != 0 {
			t.Errorf("D27: %v, %v", l, err)
		}
	})
}

func TestP08_DiffShowsWhatThePhoneHasNotTaken(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		for _, f := range h.diff(x) {
			if !f.Taken.IsZero() || f.Same || len(f.Lines) == 0 || f.Lines[0].Op != '+' {
				t.Errorf("never taken, and yet %+v", f)
			}
		}
		h.takes(x)
		at := h.clock()
		for _, f := range h.diff(x) {
			if !f.Same || !f.Taken.Equal(at) || changed([]app.FileDiff{f}) != "" {
				t.Errorf("just taken, and yet %s", changed([]app.FileDiff{f}))
			}
		}
		h.pass(time.Minute)
		h.link(ch, h.extension("21", false))
		d := changed(h.diff(x))
		gone := 0 // the keys of a free desk, whose addresses are secrets (H06)
		for _, line := range strings.Split(d, "\n") {
			if strings.HasPrefix(line, "-") && strings.Contains(line, "***") && strings.Contains(line, "/login") {
				gone++
			}
		}
		if !strings.Contains(d, "Person 21") || !strings.Contains(d, "-") || strings.Count(d, "***") != gone {
			t.Errorf("the link shows as:\n%s", d)
		}
		h.takes(x)
		if d := changed(h.diff(x)); d != "" {
			t.Errorf("taken, and yet:\n%s", d)
		}
	})
}

// TestP08_ASecretThatChangedShowsAsChanged and is not kept as it was.
func TestP08_ASecretThatChangedShowsAsChanged(t *testing.T) {
	both(t, func(h *house) {
		_, x := h.desk("Empfang", "01")
		h.takes(x)
		before := h.secretsOf(x)
		h.rotate(x)
		d := changed(h.diff(x))
		if strings.Count(d, "***") < 4 {
			t.Errorf("the rotation shows as:\n%s", d)
		}
		for _, s := range append(before, h.secretsOf(x)...) {
			if strings.Contains(d, s.Reveal()) {
				t.Error("X01: a secret stands in the comparison")
			}
		}
	})
}

// TestX01_KeptFilesHoldNoSecret reads what lies in the database.
func TestX01_KeptFilesHoldNoSecret(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.link(ch, h.extension("21", false))
		h.takes(x)
		secrets := h.secretsOf(x)
		h.ok(h.db.View(context.Background(), func(tx *storage.Tx) error {
			files, err := tx.ServedFiles(h.cust.ID, x.ID)
			if len(files) == 0 {
				t.Error("nothing is kept")
			}
			return err
		}))
		h.rotate(x)
		kept := h.diff(x) // what is kept stands there as '-' and ' '
		text := ""
		for _, f := range kept {
			for _, l := range f.Lines {
				if l.Op != '+' {
					text += l.Text + "\n"
				}
			}
		}
		if !strings.Contains(text, "Person 21") {
			t.Fatal("the kept file is not the one that was taken")
		}
		for _, s := range secrets {
			if strings.Contains(text, s.Reveal()) {
				t.Error("a secret lies in the database in the clear")
			}
		}
	})
}

// TestP08_WhatTheRecordsHaveLeftBehindIsNotKept: only a fetch of the present
// revision is, because only its secrets are known.
func TestP08_WhatTheRecordsHaveLeftBehindIsNotKept(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		dev := app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver}
		_, rev, err := h.app.Devices.Desired(bg, dev)
		h.ok(err)
		h.link(ch, h.extension("21", false))
		h.app.Devices.Fetched(bg, app.Fetch{Device: dev, Revision: rev, From: home, At: h.clock()})
		gone := h.cpe("805ec0000009")
		h.ok(h.app.CPEs.Delete(bg, h.admin, h.cust.ID, gone.ID, 0))
		h.app.Devices.Fetched(bg, app.Fetch{Device: app.Device{ID: gone.ID, CustomerID: h.cust.ID, Driver: "yealink"}, Revision: rev, From: home, At: h.clock()})
		h.flush()
		for _, f := range h.diff(x) {
			if !f.Taken.IsZero() {
				t.Errorf("kept: %+v", f)
			}
		}
		h.takes(x)
		if d := changed(h.diff(x)); d != "" {
			t.Errorf("not kept afterwards:\n%s", d)
		}
	})
}

func TestU06_ScreenShowsWhoSitsThere(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.link(ch, h.extension("21", false))
		h.ok(h.app.Registrar.Apply(bg, []telephony.Binding{{ChannelID: ch.ID, CustomerID: h.cust.ID, SIPUser: ch.SIPUser, Registered: h.clock(), Expires: h.clock().Add(time.Hour)}}, nil))
		s, err := h.app.CPEs.Screen(bg, h.support(), h.cust.ID, x.ID)
		h.ok(err)
		if len(s.Lines) != 1 || !strings.Contains(s.Lines[0].Label, "Person 21") || s.Lines[0].Signal != provision.SignalUp || s.Header.Time != "10:00" {
			t.Errorf("%+v", s)
		}
		h.ok(h.app.Registrar.Apply(bg, nil, []string{ch.ID}))
		if s, err = h.app.CPEs.Screen(bg, h.support(), h.cust.ID, x.ID); err != nil || s.Lines[0].Signal != provision.SignalDown {
			t.Errorf("%+v, %v", s, err)
		}
		_, err = h.app.CPEs.Screen(bg, auth.Actor{Role: auth.CustomerAdmin, Scopes: auth.Scopes, CustomerID: "another"}, h.cust.ID, x.ID)
		h.refused(err, telephony.NotFound, "")
	})
}
