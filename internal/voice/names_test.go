package voice

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "speaker")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// made waits until nothing is being made.
func made(n *names) {
	n.one <- struct{}{}
	<-n.one
}

func TestNamesAreMadeOnceAndNobodyWaits(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wav"), wav(8000, 1, sine(8000, 500, 8000), 16000), 0o600); err != nil {
		t.Fatal(err)
	}
	n := newNames(program(t, fmt.Sprintf("cat >/dev/null; echo run >> %[1]s/runs; cat %[1]s/wav\n", dir)))
	defer n.close()
	if _, ok := n.get("de", "Erika Weber"); ok {
		t.Fatal("a name that nobody has made")
	}
	made(n)
	for range 3 {
		if c, ok := n.get("de", "Erika Weber"); !ok || c.Duration() < 900*time.Millisecond {
			t.Fatalf("%v %v", c.Duration(), ok)
		}
	}
	if runs, _ := os.ReadFile(filepath.Join(dir, "runs")); string(runs) != "run\n" {
		t.Errorf("%q", runs)
	}
	n.most = 100_000
	for i := range 20 { // 8 kB each: more than are kept
		n.get("de", fmt.Sprint("Name ", i))
		made(n)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.bytes > n.most || len(n.known) != n.order.Len() || len(n.known) < 10 {
		t.Errorf("%d bytes of %d names are kept", n.bytes, len(n.known))
	}
}

func TestASpeakerThatHangsIsEnded(t *testing.T) {
	n := newNames(program(t, "exec sleep 600\n"))
	if _, ok := n.get("en", "Erika"); ok {
		t.Error("a name of nothing")
	}
	if _, ok := n.get("en", "Jan"); ok { // busy: not waited for, not remembered
		t.Error("a name of nothing")
	}
	n.close() // ends it at once
	if n.running.Wait(); len(n.one) != 0 {
		t.Error("it still runs")
	}
	if _, ok := n.get("en", "Karl"); ok || len(n.known) != 1 {
		t.Errorf("%d names after the end", len(n.known))
	}
}

func TestNamesHoldNoInstructions(t *testing.T) {
	for in, want := range map[string]string{
		"Erika Weber":            "Erika Weber",
		"Dr. Jean-Luc O’Neill":   "Dr. Jean-Luc O’Neill",
		"[[h@'loU]] <break/>":    "h 'loU break",
		"a\nb\x00c\r\n":          "a b c",
		"  ":                     "",
		"--voices":               "--voices", // by standard input, where it is text
		string(make([]rune, 99)): "",
	} {
		if got := speakable(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := newNames("off").program; got != "" {
		t.Errorf("off runs %q", got)
	}
	if got := newNames("no-such-program-here").program; got != "" {
		t.Errorf("a missing program is %q", got)
	}
}
