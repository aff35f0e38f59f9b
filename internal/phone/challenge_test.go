package phone

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// caller is a phone's HTTP client on a real TLS connection.
type caller struct {
	t    *testing.T
	addr string
	http *http.Client
}

func newCaller(t *testing.T, addr string, roots *x509.CertPool, certs ...tls.Certificate) *caller {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certs}}
	t.Cleanup(tr.CloseIdleConnections)
	return &caller{t, addr, &http.Client{Transport: tr, Timeout: 20 * time.Second}}
}

// get asks once; auth "" sends none.
func (c *caller) get(path, auth string) (*http.Response, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), "GET", "https://"+c.addr+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("User-Agent", yealinkUA)
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res, string(body)
}

func (c *caller) want(status int, path, auth string) (*http.Response, string) {
	c.t.Helper()
	res, body := c.get(path, auth)
	if res.StatusCode != status {
		c.t.Fatalf("%s with %q: %s, want %d", path, auth, res.Status, status)
	}
	if status >= 400 && body != "" {
		c.t.Fatalf("%s: a refusal with a body: %q", path, body)
	}
	return res, body
}

// nonceOf is the nonce of a challenge in that algorithm.
func nonceOf(t *testing.T, res *http.Response, algorithm string) (nonce string, stale bool) {
	t.Helper()
	for _, v := range res.Header.Values("WWW-Authenticate") {
		if strings.HasPrefix(v, "Digest ") && strings.Contains(v, "algorithm="+algorithm) {
			_, rest, _ := strings.Cut(v, `nonce="`)
			nonce, _, _ = strings.Cut(rest, `"`)
			return nonce, strings.Contains(v, "stale=true")
		}
	}
	t.Fatalf("no challenge in %s: %q", algorithm, res.Header.Values("WWW-Authenticate"))
	return "", false
}

// digest is what a phone answers (RFC 7616), nc 0 without qop (RFC 2069).
func digest(algorithm, user, password, uri, nonce string, nc int) string {
	sum := func(s string) string {
		if algorithm == "SHA-256" {
			return fmt.Sprintf("%x", sha256.Sum256([]byte(s)))
		}
		return fmt.Sprintf("%x", md5.Sum([]byte(s)))
	}
	ha1, ha2 := sum(user+":provisioning:"+password), sum("GET:"+uri)
	if nc == 0 {
		return fmt.Sprintf(`Digest username="%s", realm="provisioning", nonce="%s", uri="%s", response="%s"`, user, nonce, uri, sum(ha1+":"+nonce+":"+ha2))
	}
	return fmt.Sprintf(`Digest username="%s", realm="provisioning", nonce="%s", uri="%s", algorithm=%s, qop=auth, nc=%08x, cnonce="c0ffee", response="%s"`,
		user, nonce, uri, algorithm, nc, sum(fmt.Sprintf("%s:%s:%08x:c0ffee:auth:%s", ha1, nonce, nc, ha2)))
}

const (
	httpUser     = "gerät7"
	httpPassword = "Geheim-HTTP-2342"
	ownFile      = "/d/" + ownToken + "/" + yealinkMAC + ".cfg"
)

func demanding(t *testing.T) (*stage, *caller) {
	t.Helper()
	f := newFake("yealink", yealinkMAC)
	f.device.HTTP = telephony.HTTPLogin{Demanded: true, User: httpUser, Password: httpPassword}
	st := newStage(t, f)
	addr, _, roots := serve(t, st)
	return st, newCaller(t, addr, roots)
}

func TestP02_DirectoryDemandsTheDevicesCredentials(t *testing.T) {
	st, c := demanding(t)
	res, _ := c.want(401, ownFile, "")
	if len(st.fake.contacts) > 0 {
		t.Error("who shows no credentials changed where the device was seen")
	}
	nonce, _ := nonceOf(t, res, "MD5")
	if _, body := c.want(200, ownFile, digest("MD5", httpUser, httpPassword, ownFile, nonce, 1)); !strings.Contains(body, sipSecret) {
		t.Error("not the device's file")
	}
	boot := strings.TrimSuffix(ownFile, "cfg") + "boot"
	c.want(200, boot, digest("MD5", httpUser, httpPassword, boot, nonce, 2)) // one nonce for the chain
	c.want(200, ownFile, basic(httpUser, httpPassword))
	for _, bad := range []string{
		basic(httpUser, "x"), basic("x", httpPassword), basic("", ""), "Basic !", "Digest", "Bearer x",
		digest("MD5", httpUser, "x", ownFile, nonce, 3), digest("MD5", "x", httpPassword, ownFile, nonce, 3),
		digest("SHA-512", httpUser, httpPassword, ownFile, nonce, 3),
	} {
		c.want(401, ownFile, bad)
	}
	if len(st.fake.refused) != 1 || !strings.Contains(st.fake.refused[0], "wrong HTTP password") {
		t.Errorf("told: %q", st.fake.refused)
	}
	if strings.Contains(st.log.String(), httpPassword) {
		t.Error("the log holds a password")
	}
}

func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

func TestP02_ReplayedDigestIsRefused(t *testing.T) {
	_, c := demanding(t)
	fresh := func() string {
		res, _ := c.want(401, ownFile, "")
		n, _ := nonceOf(t, res, "MD5")
		return n
	}
	n := fresh()
	answer := digest("MD5", httpUser, httpPassword, ownFile, n, 5)
	c.want(200, ownFile, answer)
	for _, again := range []string{answer, digest("MD5", httpUser, httpPassword, ownFile, n, 4)} {
		res, _ := c.want(401, ownFile, again)
		if _, stale := nonceOf(t, res, "MD5"); !stale {
			t.Error("a phone would take its password for wrong")
		}
	}
	c.want(401, "/d/"+ownToken+"/"+yealinkMAC+".boot", answer) // for another file
	old := fresh()
	c.want(200, ownFile, digest("MD5", httpUser, httpPassword, ownFile, old, 0))
	c.want(401, ownFile, digest("MD5", httpUser, httpPassword, ownFile, old, 0)) // without a count: once
	c.want(401, ownFile, digest("MD5", httpUser, httpPassword, ownFile, "bm9uY2U", 1))
}

func TestP02_NonceIsBoundToDeviceSourceAndTime(t *testing.T) {
	n := newNonces(100)
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	here, there := netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("203.0.113.8")
	mine, other := key{1}, key{2}
	x, _ := n.issue(mine, here, now)
	n.issue(other, here, now)
	switch {
	case n.take(other, here, x, 1, now) == right:
		t.Error("another device's nonce was taken")
	case n.take(mine, there, x, 1, now) == right:
		t.Error("it was taken from another source")
	case n.take(mine, here, x, 1, now.Add(nonceLife+time.Second)) == right:
		t.Error("it never grows old")
	case newNonces(1).take(mine, here, x, 1, now) == right:
		t.Error("another process took it")
	case n.take(mine, here, x, 1, now) != right:
		t.Error("it was not taken")
	}
	// However many are used, none is forgotten in a way that lets it be used again.
	for i := range 3 * nonceUsed {
		at := now.Add(time.Duration(i+1) * time.Millisecond)
		y, _ := n.issue(mine, here, at)
		if n.take(mine, here, y, 1, at) != right {
			t.Fatalf("the %dth was not taken", i)
		}
	}
	if n.take(mine, here, x, 1, now) == right {
		t.Error("one that fell off the list is good again")
	}
	for i := range 1000 {
		n.issue(key{3, byte(i), byte(i >> 8)}, here, now)
	}
	if len(n.devices) > 100 {
		t.Errorf("%d devices are remembered, want 100", len(n.devices))
	}
}

func TestP02_SilentPhoneIsTold(t *testing.T) {
	st, c := demanding(t)
	for range nonceSilent - 1 {
		c.want(401, ownFile, "")
	}
	if len(st.fake.refused) > 0 {
		t.Fatalf("an ordinary first request was told: %q", st.fake.refused)
	}
	c.want(401, ownFile, "")
	if len(st.fake.refused) != 1 || !strings.Contains(st.fake.refused[0], "does not show its HTTP password") {
		t.Errorf("told: %q", st.fake.refused)
	}
}

// Whoever holds a device's URL and names another device is refused for that, and the
// portal shows it, also where it would first have been asked for a password.
func TestP04_AnotherDeviceIsNotAskedForThePassword(t *testing.T) {
	st, c := demanding(t)
	theirs := strings.TrimSuffix(ownFile, yealinkMAC+".cfg") + otherMAC + ".cfg"
	c.want(404, theirs, "") // before the device is loaded, and after
	c.want(200, ownFile, basic(httpUser, httpPassword))
	c.want(404, theirs, "")
	c.want(404, theirs, basic(httpUser, "x"))
	c.want(404, theirs, basic(httpUser, httpPassword))
	if len(st.fake.refused) != 1 || !strings.Contains(st.fake.refused[0], "the credential belongs to") {
		t.Errorf("told: %q", st.fake.refused)
	}
}

func TestP02_RotatedPasswordLeadsToTheNewOne(t *testing.T) {
	st, c := demanding(t)
	st.fake.device.HTTP = telephony.HTTPLogin{Demanded: true, User: "new", Password: "new-Geheim", PrevUser: httpUser, PrevPassword: httpPassword}
	st.fake.edit = func(d *telephony.Desired) { d.HTTPUser, d.HTTPPassword = "new", "new-Geheim" }
	if _, body := c.want(200, ownFile, basic(httpUser, httpPassword)); !strings.Contains(body, "new-Geheim") {
		t.Error("the old password does not lead to the new one")
	}
	seen := func() (used []string, fetches []Fetch) {
		defer st.fake.lock()()
		return st.fake.usedHTTP, st.fake.fetches
	}
	// What was sent is told after the phone has it.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		used, fetches := seen()
		if len(used) == 0 && len(fetches) == 1 && fetches[0].HTTPUser == "new" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("used %q, fetches %+v", used, fetches)
		}
	}
	c.want(200, ownFile, basic("new", "new-Geheim"))
	if used, _ := seen(); len(used) != 1 || used[0] != "new" {
		t.Errorf("used %q, want the new ones", used)
	}
	c.want(401, ownFile, basic("new", httpPassword))
}

func FuzzAuthorization(f *testing.F) {
	f.Add(digest("MD5", httpUser, httpPassword, ownFile, "n", 1))
	f.Add(basic(httpUser, "x"))
	f.Add(`Digest username="a\"b", nonce=x, nonce=y`)
	f.Fuzz(func(t *testing.T, line string) {
		a := authorization{schemes: []string{"basic", "digest"}, login: telephony.HTTPLogin{User: httpUser, Password: "never-guessed-0815"}, method: "GET", target: ownFile}
		if a.judge(line) == right {
			t.Errorf("%q was taken", line)
		}
	})
}
