package main

import (
	"strings"
	"testing"

	"github.com/icholy/digest"
)

// The response is checked by a digest implementation that is not ours.
func TestAuthorizationAgreesWithAnotherImplementation(t *testing.T) {
	for _, header := range []string{
		`Digest realm="sip.test", nonce="abc", qop="auth", algorithm=MD5`,
		`Digest realm="a realm, with comma", nonce="n/0=", opaque="o", algorithm=SHA-256, qop="auth-int,auth", stale=FALSE`,
		`Digest nonce="old", realm="sip.test"`,
	} {
		c, err := pickChallenge([][]byte{[]byte(header)}, "")
		if err != nil {
			t.Fatalf("%s: %v", header, err)
		}
		line := string(appendAuthorization(nil, "Authorization", "REGISTER", c, "u000001", "secret", "sip:sip.test"))
		got, err := digest.ParseCredentials(strings.TrimSuffix(strings.TrimPrefix(line, "Authorization: "), "\r\n"))
		if err != nil {
			t.Fatalf("%s: own header %q: %v", header, line, err)
		}
		asked, err := digest.ParseChallenge(header)
		if err != nil {
			t.Fatal(err)
		}
		want, err := digest.Digest(asked, digest.Options{
			Method: "REGISTER", URI: "sip:sip.test", Username: "u000001", Password: "secret", Count: 1, Cnonce: got.Cnonce,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got.Response != want.Response || got.Opaque != want.Opaque || got.Realm != want.Realm || got.QOP != want.QOP {
			t.Errorf("%s:\n got %v\nwant %v", header, got, want)
		}
	}
}

func TestPickChallenge(t *testing.T) {
	sha, md5 := []byte(`Digest realm="r",nonce="1",algorithm=SHA-256`), []byte(`Digest realm="r",nonce="2",algorithm=MD5`)
	odd := []byte(`Digest realm="r",nonce="3",algorithm=SHA-512-256`)
	for _, test := range []struct {
		offered [][]byte
		wanted  string
		nonce   string
	}{
		{[][]byte{sha, md5}, "", "1"},
		{[][]byte{sha, md5}, "MD5", "2"},
		{[][]byte{odd, md5}, "", "2"},
		{[][]byte{odd}, "", ""},
		{[][]byte{md5}, "SHA-256", ""},
		{[][]byte{[]byte(`Digest realm="r"`)}, "", ""},
		{[][]byte{[]byte(`Digest realm="unclosed`)}, "", ""},
		{[][]byte{[]byte(`Basic realm="r"`)}, "", ""},
		{nil, "", ""},
	} {
		c, err := pickChallenge(test.offered, test.wanted)
		if string(c.nonce) != test.nonce || (err == nil) != (test.nonce != "") {
			t.Errorf("%s, %q: nonce %q, %v; want nonce %q", test.offered, test.wanted, c.nonce, err, test.nonce)
		}
	}
}
