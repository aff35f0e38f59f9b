package auth_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func key(t *testing.T, b byte) *auth.Key {
	t.Helper()
	k, err := auth.NewKey(bytes.Repeat([]byte{b}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestP14_SealedSecretsOpenForTheirRowAndKeyOnly(t *testing.T) {
	k := key(t, 1)
	sealed := k.Seal("geheim", "sip 1")
	if s, err := k.Open(sealed, "sip 1"); err != nil || s.Reveal() != "geheim" {
		t.Fatalf("%q, %v", s.Reveal(), err)
	}
	if bytes.Contains(sealed, []byte("geheim")) || bytes.Equal(sealed, k.Seal("geheim", "sip 1")) {
		t.Fatal("the sealed text tells something")
	}
	if _, err := k.Open(sealed, "sip 2"); err == nil {
		t.Fatal("opened for another row")
	}
	if _, err := key(t, 2).Open(sealed, "sip 1"); err == nil {
		t.Fatal("opened with another key")
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := k.Open(bad, "sip 1"); err == nil {
			t.Fatalf("opened although byte %d was changed", i)
		}
		if _, err := k.Open(sealed[:i], "sip 1"); err == nil {
			t.Fatalf("opened although cut to %d bytes", i)
		}
	}
}

func TestD20_PINHashNeedsThePepper(t *testing.T) {
	k := key(t, 1)
	hash := k.HashPIN("4711")
	if !k.VerifyPIN("4711", hash) || k.VerifyPIN("4712", hash) {
		t.Fatal("the PIN is judged wrongly")
	}
	if key(t, 2).VerifyPIN("4711", hash) {
		t.Fatal("the database alone is enough to guess the PIN")
	}
	if bytes.Equal(hash, k.HashPIN("4711")) {
		t.Fatal("two hashes of one PIN are equal")
	}
	if k.VerifyPIN("4711", nil) || k.VerifyPIN("", nil) {
		t.Fatal("an unknown number was let in")
	}
}

func TestP14_KeyFileIsMadeOnceForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	k, err := auth.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(path); err != nil || i.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", i.Mode(), err)
	}
	again, err := auth.LoadKey(path)
	if err != nil || !bytes.Equal(k.Check(), again.Check()) {
		t.Fatalf("another key the second time: %v", err)
	}
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.LoadKey(path); err == nil {
		t.Fatal("a broken key file was accepted")
	}
}

func TestS03_OnlyAdministratorsMayLink(t *testing.T) {
	for _, r := range auth.Roles {
		a := auth.Actor{Role: r, Scopes: auth.Scopes}
		want := r == auth.OperatorAdmin || r == auth.PartnerAdmin || r == auth.CustomerAdmin
		if a.Can(auth.ScopeLink) != want || a.Administrator() != want {
			t.Errorf("%s: may link %v, administrator %v, want %v", r, a.Can(auth.ScopeLink), a.Administrator(), want)
		}
		if (auth.Actor{Role: r}).Can(auth.ScopeRead) {
			t.Errorf("%s reads without the scope", r)
		}
	}
}

func TestD24_NobodySeesBeyondTheirReach(t *testing.T) {
	c := telephony.Customer{ID: "c", PartnerID: "p"}
	direct := telephony.Customer{ID: "d"}
	for _, x := range []struct {
		a    auth.Actor
		c, d bool
	}{
		{auth.Actor{Role: auth.OperatorSupport}, true, true},
		{auth.Actor{Role: auth.PartnerAdmin, PartnerID: "p"}, true, false},
		{auth.Actor{Role: auth.PartnerAdmin}, false, false},
		{auth.Actor{Role: auth.CustomerAdmin, CustomerID: "d", PartnerID: "p"}, false, true},
		{auth.Actor{Role: auth.User, CustomerID: "c"}, true, false},
		{auth.Actor{Role: "none", CustomerID: "c", PartnerID: "p"}, false, false},
	} {
		if x.a.Sees(c) != x.c || x.a.Sees(direct) != x.d {
			t.Errorf("%+v: sees %v, %v", x.a, x.a.Sees(c), x.a.Sees(direct))
		}
	}
}
