package presence

import (
	"encoding/xml"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

func states(list []Line) string {
	var b strings.Builder
	for _, l := range list {
		fmt.Fprintf(&b, "%s=%s ", l.ID, l.State)
	}
	return strings.TrimSpace(b.String())
}

func TestC12_ACallBelongsToWhoPutItLast(t *testing.T) {
	changes := 0
	b := NewBoard(func(string) { changes++ })
	setup, dialog, second := new(int), new(string), new(bool)
	for i, step := range []struct {
		do   func()
		want string
		n    int
	}{
		{func() { b.Put("x", setup, Line{ID: "1", State: Trying}) }, "1=trying", 1},
		{func() { b.Put("x", setup, Line{ID: "1", State: Trying}) }, "1=trying", 1}, // nothing new
		{func() { b.Put("x", setup, Line{ID: "1", State: Early}) }, "1=early", 2},
		{func() { b.Put("x", dialog, Line{ID: "1", RemoteTag: "t", State: Confirmed}) }, "1=confirmed", 3},
		{func() { b.Clear("x", setup) }, "1=confirmed", 3},                            // no longer its
		{func() { b.Put("x", setup, Line{ID: "1", State: Early}) }, "1=confirmed", 3}, // came late
		{func() { b.Put("x", second, Line{ID: "1", RemoteTag: "u", State: Confirmed}) }, "1=confirmed 1-u=confirmed", 4},
		{func() { b.Clear("x", dialog) }, "1-u=confirmed", 5},
		{func() { b.Clear("x", second) }, "", 6},
		{func() { b.Put("", setup, Line{ID: "2", State: Early}) }, "", 6}, // nobody's
	} {
		step.do()
		if got := states(b.Lines("x")); got != step.want || changes != step.n {
			t.Errorf("step %d: %q after %d changes, want %q after %d", i, got, changes, step.want, step.n)
		}
	}
}

func TestC12_AnEndedCallIsSaidToHaveEndedOnce(t *testing.T) {
	before := []Line{{ID: "1", State: Early}, {ID: "2", State: Confirmed}}
	all := Since(before, []Line{{ID: "2", State: Confirmed}})
	if got := states(all); got != "2=confirmed 1=terminated" {
		t.Errorf("got %q", got)
	}
	if got := states(Since(all, nil)); got != "2=terminated" {
		t.Errorf("then %q", got)
	}
}

func TestC12_ExtensionsDoNotWaitForEachOther(t *testing.T) {
	b := NewBoard(func(string) {})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			x := fmt.Sprint("x", i%2)
			for j := range 200 {
				b.Put(x, i, Line{ID: fmt.Sprint(i, j), State: Early})
				b.Lines(x)
				b.Clear(x, i)
			}
		})
	}
	all.Wait()
	if len(b.Lines("x0"))+len(b.Lines("x1")) != 0 {
		t.Error("calls are left over")
	}
}

func TestC12_TheDocumentIsOne(t *testing.T) {
	got := string(Document("102", "example.test", 7, []Line{{
		ID: "1", CallID: "c@h", LocalTag: "l", RemoteTag: "r", State: Early,
		Local: telephony.Party{Number: "102", Name: "Bernd"}, Remote: telephony.Party{Number: "#9", Name: `A <&"> B`},
	}}))
	want := `<?xml version="1.0" encoding="UTF-8"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:102@example.test">` +
		`<dialog id="1" call-id="c@h" local-tag="l" remote-tag="r" direction="recipient"><state>early</state>` +
		`<local><identity display="Bernd">sip:102@example.test</identity><target uri="sip:102@example.test"></target></local>` +
		`<remote><identity display="A &lt;&amp;&#34;&gt; B">sip:%239@example.test</identity><target uri="sip:%239@example.test"></target></remote></dialog></dialog-info>
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(Summary("101", "example.test", 2, 8)); got != "Messages-Waiting: yes\r\nMessage-Account: sip:101@example.test\r\nVoice-Message: 2/8 (0/0)\r\n" {
		t.Errorf("got %q", got)
	}
	if got := string(Summary("101", "example.test", 0, 8)); !strings.HasPrefix(got, "Messages-Waiting: no\r\n") {
		t.Errorf("got %q", got)
	}
}

// FuzzC12_Document writes what callers may be called and what their phones make
// up: it stays one document with the same words in it.
func FuzzC12_Document(f *testing.F) {
	f.Add("c@h", "tag", "#102", `Erika "<&`)
	f.Add("\x00\x1b", "]]>", "\xff", "\ufffe\r\n")
	f.Fuzz(func(t *testing.T, callID, tag, number, name string) {
		b := Document(number, "example.test", 1, []Line{{ID: "1", CallID: callID, RemoteTag: tag, Remote: telephony.Party{Number: number, Name: name}, State: Early}})
		var d document
		if err := xml.Unmarshal(b, &d); err != nil || len(d.Dialogs) != 1 || d.Dialogs[0].State != Early {
			t.Fatalf("%v: %s", err, b)
		}
	})
}
