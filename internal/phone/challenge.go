package phone

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// realm is what phones keep their password for.
const realm = "provisioning"

// challenge is the error of a request that does not show its device's HTTP
// credentials (P02): refuseFor answers it with 401.
type challenge struct {
	key    key
	device Device
	from   netip.Addr
	info   provision.Info
	stale  bool
}

func (challenge) Error() string { return "the device's HTTP credentials are missing" }

// ask answers with the challenge.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, c challenge) {
	nonce, silent := s.nonces.issue(c.key, c.from, s.cfg.Now())
	if silent {
		s.tellRefused(r, c.device, c.from, "it does not show its HTTP password: it may have been reset; let it prove itself anew")
	}
	s.count.challenged.Add(1)
	h := w.Header()
	h["Www-Authenticate"], h["Cache-Control"] = challenges(c.info.HTTPAuth, c.info.DigestSHA256, nonce, c.stale), noStore
	refuse(w, http.StatusUnauthorized)
}

// authorise demands the device's HTTP credentials, once it has them. It comes
// before anything that a request under the device's token may change.
func (s *Server) authorise(r *http.Request, k key, d Device, from netip.Addr) error {
	if !d.HTTP.Demanded || certificateOf(r).of(d) { // a certificate proves more than a password
		return nil
	}
	drv, err := s.cfg.Registry.Get(d.Driver)
	if err != nil {
		return internal("finding the driver", err)
	}
	info := drv.Info()
	a := authorization{schemes: info.HTTPAuth, login: d.HTTP, method: r.Method, target: r.RequestURI}
	v := unanswered
	for _, line := range r.Header["Authorization"] {
		if v = a.judge(line); v != unanswered {
			break
		}
	}
	if v == right && a.nonce != "" {
		v = s.nonces.take(k, from, a.nonce, a.count, s.cfg.Now())
	}
	switch v {
	case right:
		s.nonces.answered(k)
		if d.HTTP.PrevUser != "" && a.user == d.HTTP.User {
			s.cfg.Devices.HTTPUsed(r.Context(), d)
		}
		return nil
	case replayed: // the phone's own repetition, or somebody who has read along
		s.odd(r, d, from, oddReplay, "an answer to a challenge came a second time")
	case wrong:
		s.tellRefused(r, d, from, "a wrong HTTP password for its own directory")
	}
	return challenge{k, d, from, info, v == outdated || v == replayed}
}

// challenges are the WWW-Authenticate values, best first: phones take the first
// that they know (RFC 7616 section 3.7).
func challenges(schemes []string, sha256 bool, nonce string, stale bool) (list []string) {
	if slices.Contains(schemes, "digest") {
		end := `", nonce="` + nonce + `"`
		if stale {
			end += ", stale=true"
		}
		if sha256 {
			list = append(list, `Digest realm="`+realm+`", qop="auth", algorithm=SHA-256, opaque="`+realm+end)
		}
		list = append(list, `Digest realm="`+realm+`", qop="auth", algorithm=MD5, opaque="`+realm+end)
	}
	if slices.Contains(schemes, "basic") {
		list = append(list, `Basic realm="`+realm+`"`)
	}
	return list
}

type verdict int

const (
	unanswered verdict = iota // nothing that we asked for
	wrong
	outdated // right, but the nonce is no longer good, or was never given out
	replayed // right, and shown before
	right
)

// authorization judges one Authorization header against a device's credentials.
type authorization struct {
	schemes        []string
	login          telephony.HTTPLogin
	method, target string

	user, nonce string // of a right one; nonce "" for Basic
	count       uint32 // 0: the phone does not count (RFC 2069)
}

func (a *authorization) judge(line string) verdict {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch scheme = strings.ToLower(scheme); {
	case !slices.Contains(a.schemes, scheme):
		return unanswered
	case scheme == "basic":
		user, password, ok := (&http.Request{Header: http.Header{"Authorization": {line}}}).BasicAuth()
		if !ok {
			return unanswered
		}
		known, secret := a.password(user)
		return a.right(user, "", 0, subtle.ConstantTimeCompare([]byte(secret.Reveal()), []byte(password))&known)
	}
	return a.digest(rest)
}

// password is the one of a user of the device's; known is 0 for others.
func (a *authorization) password(user string) (known int, secret telephony.Secret) {
	if a.login.PrevUser != "" && subtle.ConstantTimeCompare([]byte(user), []byte(a.login.PrevUser)) == 1 {
		return 1, a.login.PrevPassword
	}
	return subtle.ConstantTimeCompare([]byte(user), []byte(a.login.User)), a.login.Password
}

func (a *authorization) right(user, nonce string, count uint32, ok int) verdict {
	if ok != 1 {
		return wrong
	}
	a.user, a.nonce, a.count = user, nonce, count
	return right
}

// digest judges RFC 7616 with and without qop=auth; the target must be the one that
// was asked for, so that an answer is good for one file.
func (a *authorization) digest(text string) verdict {
	p, ok := parseParams(text)
	if !ok || p["realm"] != realm || p["nonce"] == "" || !sameTarget(p["uri"], a.target) {
		return wrong
	}
	var sum func(string) string
	switch strings.ToUpper(p["algorithm"]) {
	case "SHA-256":
		sum = func(s string) string { return hexOf(sha256.New(), s) }
	case "", "MD5":
		sum = func(s string) string { return hexOf(md5.New(), s) }
	default:
		return wrong
	}
	known, secret := a.password(p["username"])
	ha1 := sum(p["username"] + ":" + realm + ":" + secret.Reveal())
	ha2 := sum(a.method + ":" + p["uri"])
	var want string
	var count uint64
	switch p["qop"] {
	case "auth":
		var err error
		if count, err = strconv.ParseUint(p["nc"], 16, 32); err != nil || count == 0 || p["cnonce"] == "" {
			return wrong
		}
		want = sum(ha1 + ":" + p["nonce"] + ":" + p["nc"] + ":" + p["cnonce"] + ":auth:" + ha2)
	case "":
		want = sum(ha1 + ":" + p["nonce"] + ":" + ha2)
	default:
		return wrong
	}
	return a.right(p["username"], p["nonce"], uint32(count), subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(p["response"])))&known)
}

func hexOf(h hash.Hash, s string) string {
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

// sameTarget also takes the whole URL, as some phones write it.
func sameTarget(said, asked string) bool {
	if said == asked {
		return true
	}
	rest, ok := strings.CutPrefix(said, "https://")
	if !ok {
		return false
	}
	_, path, _ := strings.Cut(rest, "/")
	return "/"+path == asked
}

// parseParams reads name=value pairs split by commas (RFC 9110 section 11.2); names
// in lower case. A name that comes twice is no honest phone's.
func parseParams(s string) (map[string]string, bool) {
	p := map[string]string{}
	for s = strings.TrimLeft(s, " \t,"); s != ""; s = strings.TrimLeft(s, " \t,") {
		name, rest, ok := strings.Cut(s, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := p[name]; !ok || twice || name == "" || len(p) >= 16 || strings.ContainsAny(name, "\", \t") {
			return nil, false
		}
		rest = strings.TrimLeft(rest, " \t")
		if !strings.HasPrefix(rest, `"`) {
			end := strings.IndexAny(rest, ", \t")
			if end < 0 {
				end = len(rest)
			}
			p[name], s = rest[:end], rest[end:]
			continue
		}
		var b strings.Builder
		i := 1
		for ; i < len(rest) && rest[i] != '"'; i++ {
			if rest[i] == '\\' && i+1 < len(rest) {
				i++
			}
			b.WriteByte(rest[i])
		}
		if i >= len(rest) {
			return nil, false
		}
		p[name], s = b.String(), rest[i+1:]
	}
	return p, true
}
