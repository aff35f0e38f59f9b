package auth

import (
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tischlein/internal/telephony"
)

// SessionTimes are the two ends of a session: after so long without a request,
// and after so long whatever happens.
type SessionTimes struct {
	Idle time.Duration
	Life time.Duration
}

// OwnSessions are the longest that sessions of end users last.
var OwnSessions = SessionTimes{Idle: time.Hour, Life: 12 * time.Hour}

// HalfSession is how long the second factor may take after the password.
const HalfSession = 5 * time.Minute

// SeenEvery is how often a session in use is noted: not with every request,
// which would make every read a write.
const SeenEvery = time.Minute

// Alive reports whether a session that was last seen then, and ends there at the
// latest, is still one.
func (t SessionTimes) Alive(seen, expires, now time.Time) bool {
	return now.Before(expires) && now.Before(seen.Add(t.Idle))
}

// UserActor is who acts through a portal session.
func UserActor(id, name string, r Role, partnerID, customerID, extensionID string, from netip.Addr) Actor {
	return Actor{Kind: "user", ID: id, Name: name, Role: r, Scopes: ScopesOf(r),
		PartnerID: partnerID, CustomerID: customerID, ExtensionID: extensionID, From: from}
}

// Login checks what somebody signs in with, an e-mail address or a name: 3 to
// 128 letters, digits and . _ - + @ '. Unicode look-alikes of one letter become
// that letter.
func Login(field, s string) (string, error) {
	if !utf8.ValidString(s) || len(s) > 1024 {
		return "", malformed(field)
	}
	s = norm.NFKC.String(strings.TrimSpace(s))
	if n := utf8.RuneCountInString(s); n < 3 || n > 128 {
		return "", malformed(field)
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+@'", r) {
			return "", malformed(field)
		}
	}
	return s, nil
}

func malformed(field string) error {
	return telephony.Invalidf(field, "login_malformed", "an e-mail address or a name of 3 to 128 letters, digits and . _ - + @ is needed")
}

// LoginKey is the form in which logins are compared; what can be none has the
// key of no user. It is safe to store whatever was typed.
func LoginKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), 512)], "\uFFFD"))
	return telephony.Fold(norm.NFKC.String(s))
}
