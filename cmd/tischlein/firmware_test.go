package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func TestP12_FirmwareFromTheShell(t *testing.T) {
	k := newKeeping(t)
	_, err := k.app.CPEs.Create(t.Context(), administrator, telephony.CPE{CustomerID: k.customer.ID, Driver: "yealink", Model: "T46U", MAC: "805ec0123456"})
	k.ok(err)
	file := filepath.Join(t.TempDir(), "T46U-108.87.0.1.rom")
	k.ok(os.WriteFile(file, []byte("image"), 0o600))
	out := k.types("firmware", "add", file, "--driver", "yealink", "--model", "T46U", "--version", "108.87.0.1")
	id, _, _ := strings.Cut(out, " ")
	if !strings.Contains(out, "T46U-108.87.0.1.rom (5 bytes)") || !strings.Contains(k.types("firmware", "list"), id) {
		t.Errorf("%q", out)
	}
	out = k.types("firmware", "start", id, "T46U", "--percent", "100", "--customer", "1001", "--window", "22:00-05:00")
	rollout, _, _ := strings.Cut(out, " ")
	for action, says := range map[string]string{"pause": "paused", "resume": "running", "retry": "running"} {
		if out := k.types("firmware", action, rollout); !strings.Contains(out, says) {
			t.Errorf("%s: %q", action, out)
		}
	}
	k.types("firmware", "laggards", rollout)
	if out := k.types("firmware", "end", rollout) + k.types("firmware", "rollouts"); strings.Count(out, "ended") != 2 {
		t.Errorf("%q", out)
	}
}

func TestP10_FleetFromTheShell(t *testing.T) {
	k := newKeeping(t)
	_, err := k.app.CPEs.Create(t.Context(), administrator, telephony.CPE{CustomerID: k.customer.ID, Driver: "yealink", Model: "T46U", MAC: "805ec0123456", Name: "Empfang"})
	k.ok(err)
	for by, says := range map[string]string{"customer": "Gasthaus Adler", "model": "yealink T46U", "firmware": "yealink T46U"} {
		if out := k.types("fleet", "--by", by); !strings.Contains(out, says) || !strings.Contains(out, "0 of       1") || !strings.Contains(out, "1 never contacted") {
			t.Errorf("%s: %q", by, out)
		}
	}
	if out := k.types("fleet", "--laggards"); !strings.Contains(out, "Empfang") {
		t.Errorf("%q", out)
	}
}

// types types a command that is obeyed.
func (k *keeping) types(words ...string) string {
	k.Helper()
	out, err := k.run(words...)
	k.ok(err)
	return out
}
