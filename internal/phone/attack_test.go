package phone

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"strconv"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// Certificates that all sign each other must not cost a signature for each way
// through them: anybody may show them.
func TestP05_ManyWaysThroughAChainAreNotAllTried(t *testing.T) {
	old := newMaker(t, cn("Snom Phone 1"), nil)
	hostile := newMaker(t, cn("each other"), nil)
	var between []*x509.Certificate
	for range 7 { // the same name and key, so each is signed by each
		between = append(between, hostile.cert)
	}
	leaf, err := x509.ParseCertificate(hostile.phone(pkix.Name{CommonName: yealinkMAC}).Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	m := Maker{Vendor: "yealink", CAs: []*x509.Certificate{old.cert}, Legacy: true}
	left := 1 << 20
	if m.legacy(leaf, between, time.Now(), 4, &left) {
		t.Fatal("it was believed")
	}
	if 1<<20-left < 2000 {
		t.Fatalf("the chain is none: it has %d ways only", 1<<20-left)
	}
	left = legacySignatures
	if m.legacy(leaf, between, time.Now(), 4, &left) || left != 0 {
		t.Errorf("%d signatures are left", left)
	}
	// An honest chain has few.
	issuing := newMaker(t, cn("Snom Issuing"), old)
	mine, err := x509.ParseCertificate(issuing.phone(cn(yealinkMAC)).Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	left = legacySignatures
	if !m.legacy(mine, []*x509.Certificate{issuing.cert}, time.Now(), 4, &left) || left < legacySignatures-4 {
		t.Errorf("an honest chain: %d signatures left", left)
	}
}

// One device that varies what is odd must not silence what is told of all others.
func TestP04_ADeviceThatPlaysSilencesNobody(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.Uploads, c.UploadMost = &shelf{}, 100 })
	for i := range 5000 {
		a := own("x" + strconv.Itoa(i) + ".log")
		a.method, a.header = "PUT", map[string][]string{"Content-Range": {"bytes 0-1/2"}}
		st.want(400, a)
	}
	if !st.refusals.pass("another device", st.clock) {
		t.Error("what is refused of another device is not told")
	}
}

// A token that nobody has costs one look-up, however often it is shown; one that was
// made meanwhile is found.
func TestP05_InventedTokensAreRefusedFromMemory(t *testing.T) {
	for door, token := range map[string]string{"d": ownToken, "f": firstToken, "s": siteToken} {
		f := newFake("yealink", yealinkMAC)
		st := newStage(t, f)
		asked := 0
		f.onAsked = func() { asked++ }
		f.absent = true
		a := ask{path: "/" + door + "/" + token + "/" + yealinkMAC + ".cfg", ua: yealinkUA}
		for range 5 {
			st.want(404, a)
		}
		if asked != 1 {
			t.Errorf("/%s/: %d look-ups, want one", door, asked)
		}
		f.absent = false
		st.Changed("cpe1")
		st.want(200, a)
	}
}

// asked is for whom a token is looked for.
func (f *fake) asked() error {
	if f.onAsked != nil {
		f.onAsked()
	}
	if f.absent {
		return telephony.NotFoundf("device")
	}
	return nil
}

func TestP05_InventedPagesAreRefusedFromMemory(t *testing.T) {
	o := &office{}
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.Keys = o })
	for range 5 {
		st.want(404, ask{path: "/k/" + strings.Repeat("x", 38) + "/1/login"})
	}
	if o.asked != 1 {
		t.Errorf("%d look-ups, want one", o.asked)
	}
}
