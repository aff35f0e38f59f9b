package phonesim

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// challenge is one WWW-Authenticate or Proxy-Authenticate value (RFC 7616, RFC 7617).
type challenge struct {
	scheme    string // "digest", "basic"
	realm     string
	nonce     string
	opaque    string
	algorithm string // as offered; empty means MD5
	qopAuth   bool   // auth is among the offered qualities
	qopOther  bool   // qop stands there but without auth: unusable
	stale     bool
	proxy     bool // came as Proxy-Authenticate
}

// secrets is what an account can prove itself with.
type secrets struct {
	user, password string
	ha1, ha1Alg    string // instead of the password, bound to one algorithm
	realm          string // empty: any
}

// digester answers challenges and counts uses of a nonce.
type digester struct {
	c   challenge
	set bool
	nc  uint32
}

// parseChallenge reads one header value: scheme, then name=value pairs.
func parseChallenge(v string) (challenge, bool) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(v), " ")
	c := challenge{scheme: strings.ToLower(scheme)}
	if c.scheme != "digest" && c.scheme != "basic" {
		return c, false
	}
	for _, kv := range splitQuoted(rest, ',') {
		k, val, ok := strings.Cut(kv, "=")
		if !ok {
			continue
		}
		val = unquote(strings.TrimSpace(val))
		switch strings.ToLower(strings.TrimSpace(k)) {
		case "realm":
			c.realm = val
		case "nonce":
			c.nonce = val
		case "opaque":
			c.opaque = val
		case "algorithm":
			c.algorithm = val
		case "stale":
			c.stale = strings.EqualFold(val, "true")
		case "qop":
			c.qopOther = true
			for _, q := range strings.Split(val, ",") {
				if strings.EqualFold(strings.TrimSpace(q), "auth") {
					c.qopAuth, c.qopOther = true, false
				}
			}
		}
	}
	return c, c.scheme == "basic" || c.nonce != ""
}

// choose takes the topmost challenge that the phone can answer (RFC 8760 2.4).
func choose(cs []challenge, md5Only bool, s secrets) (challenge, bool) {
	for _, c := range cs {
		if c.scheme != "digest" || c.qopOther || (s.realm != "" && s.realm != c.realm) {
			continue
		}
		alg := algorithmName(c.algorithm)
		if newHash(alg) == nil || (md5Only && alg != "MD5") {
			continue
		}
		if s.ha1 != "" && algorithmName(s.ha1Alg) != alg {
			continue
		}
		return c, true
	}
	return challenge{}, false
}

func algorithmName(a string) string {
	if a == "" {
		return "MD5"
	}
	return strings.ToUpper(a)
}

func newHash(alg string) hash.Hash {
	switch alg {
	case "MD5":
		return md5.New()
	case "SHA-256":
		return sha256.New()
	}
	return nil
}

func digestHex(alg, s string) string {
	h := newHash(alg)
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

// take adopts a challenge; a new nonce starts counting at 1 again.
func (d *digester) take(c challenge) {
	if !d.set || d.c.nonce != c.nonce {
		d.nc = 0
	}
	d.c, d.set = c, true
}

// answer gives header name and value for a request, and counts the nonce.
func (d *digester) answer(method, uri string, s secrets) (name, value string) {
	alg := algorithmName(d.c.algorithm)
	ha1 := s.ha1
	if ha1 == "" {
		ha1 = digestHex(alg, s.user+":"+d.c.realm+":"+s.password)
	}
	ha2 := digestHex(alg, method+":"+uri)
	d.nc++
	var b strings.Builder
	fmt.Fprintf(&b, `Digest username="%s", realm="%s", nonce="%s", uri="%s"`,
		quoteEscape(s.user), quoteEscape(d.c.realm), d.c.nonce, uri)
	if d.c.qopAuth {
		nc, cnonce := fmt.Sprintf("%08x", d.nc), randomHex(8)
		resp := digestHex(alg, strings.Join([]string{ha1, d.c.nonce, nc, cnonce, "auth", ha2}, ":"))
		fmt.Fprintf(&b, `, response="%s", qop=auth, nc=%s, cnonce="%s"`, resp, nc, cnonce)
	} else {
		fmt.Fprintf(&b, `, response="%s"`, digestHex(alg, ha1+":"+d.c.nonce+":"+ha2))
	}
	if d.c.algorithm != "" {
		b.WriteString(", algorithm=" + d.c.algorithm)
	}
	if d.c.opaque != "" {
		fmt.Fprintf(&b, `, opaque="%s"`, d.c.opaque)
	}
	if d.c.proxy {
		return "Proxy-Authorization", b.String()
	}
	return "Authorization", b.String()
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

func quoteEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}

// unquote strips quotes and their backslash escapes, if there are any.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// splitQuoted splits at sep outside of quotes and angle brackets.
func splitQuoted(s string, sep byte) []string {
	var out []string
	start, quoted, angle := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case quoted:
		case s[i] == '<':
			angle++
		case s[i] == '>' && angle > 0:
			angle--
		case s[i] == sep && angle == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(out, strings.TrimSpace(s[start:]))
}
