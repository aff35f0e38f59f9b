package app

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// PortalSettings say how people sign in to the portal.
type PortalSettings struct {
	SessionIdle  time.Duration // without a request, 0 = 8 h
	SessionLife  time.Duration // whatever happens, 0 = 7 days
	SecondFactor []auth.Role   // roles that must have a second factor
}

func (p *PortalSettings) fill() {
	if p.SessionIdle <= 0 {
		p.SessionIdle = 8 * time.Hour
	}
	if p.SessionLife <= 0 {
		p.SessionLife = 7 * 24 * time.Hour
	}
}

// times are those of a role's sessions: an end user's are shorter, because they
// sit at phones and computers that others use too.
func (p PortalSettings) times(r auth.Role) auth.SessionTimes {
	t := auth.SessionTimes{Idle: p.SessionIdle, Life: p.SessionLife}
	if r == auth.User {
		t.Idle, t.Life = min(t.Idle, auth.OwnSessions.Idle), min(t.Life, auth.OwnSessions.Life)
	}
	return t
}

func (p PortalSettings) mustTOTP(r auth.Role) bool { return slices.Contains(p.SecondFactor, r) }

// SessionStage says what a session may do.
type SessionStage string

// The stages of a session.
const (
	SessionFull   SessionStage = "full"
	SessionSecond SessionStage = "second_factor" // the code is still due
	SessionEnrol  SessionStage = "enrol"         // the role must have a second factor: it may enrol and sign out
	SessionPIN    SessionStage = "pin"           // the PIN is the administrator's 0000: it may change it and sign out (D20)
)

// Session is who asks through the portal, as the cookie says.
type Session struct {
	ID        string
	UserID    string
	Token     telephony.Secret // the cookie's value; set by what makes a session only
	Stage     SessionStage
	Actor     auth.Actor // without role and scopes unless Stage is full
	Name      string
	Login     string
	Language  string // "" = the browser's
	Theme     string // "" = the system's, light, dark
	HasTOTP   bool
	MustTOTP  bool
	Flash     string // what the request before left
	UserAgent string
	Created   time.Time
	Expires   time.Time // at the latest
	Number    string    // of the end user's extension, "" for others
	ByPIN     bool      // signed in with number and PIN: there is no password
}

// SessionView is a session as its owner sees it.
type SessionView struct {
	ID        string
	Current   bool
	UserAgent string
	From      string
	Created   time.Time
	Seen      time.Time // to the minute
	Expires   time.Time
}

// session puts together what the rows say now: a changed role counts at once.
func (k *core) session(w storage.WebSession, u storage.PortalUser, from netip.Addr) Session {
	s := Session{ID: w.ID, UserID: u.ID, Stage: SessionFull, Name: u.Name, Login: u.Login, Language: u.Language, Theme: u.Theme,
		HasTOTP: u.HasTOTP, MustTOTP: k.settings.Portal.mustTOTP(u.Role) && !u.ByPIN(), Flash: w.Flash, UserAgent: w.UserAgent, Created: w.Created, Expires: w.Expires,
		Number: u.Number, ByPIN: u.ByPIN(), Actor: auth.Actor{Kind: "user", ID: u.ID, Name: u.Name, From: from}}
	switch {
	case w.Half:
		s.Stage = SessionSecond
	case s.MustTOTP && !s.HasTOTP:
		s.Stage = SessionEnrol
	case u.Role == auth.User && u.PINMustChange:
		s.Stage = SessionPIN
	default:
		s.Actor = userActor(u, from)
	}
	return s
}

func userActor(u storage.PortalUser, from netip.Addr) auth.Actor {
	return auth.UserActor(u.ID, u.Name, u.Role, u.PartnerOf, u.CustomerID, u.ExtensionID, from)
}

// open makes a session for a user; its token is known to nobody but the caller.
func (k *core) open(tx *storage.Tx, u storage.PortalUser, half bool, from netip.Addr, userAgent string) (Session, error) {
	life := k.settings.Portal.times(u.Role).Life
	if half {
		life = auth.HalfSession
	}
	token := auth.NewToken("")
	w := storage.WebSession{ID: storage.NewID(tx.Now), UserID: u.ID, Half: half, UserAgent: shown(userAgent, 300), Created: tx.Now, Seen: tx.Now, Expires: tx.Now.Add(life)}
	if from.IsValid() {
		w.Address = from.String()
	}
	if err := tx.InsertSession(w, auth.HashToken(token.Reveal())); err != nil {
		return Session{}, err
	}
	s := k.session(w, u, from)
	s.Token = token
	return s, nil
}

// shown makes foreign text storable on both databases: valid, without control
// characters, at most most bytes.
func shown(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), most)], ""))
	return strings.TrimSpace(s)
}

func sessionUnknown() error {
	return &telephony.Error{Code: telephony.Unauthenticated, Reason: "session_unknown", Message: "the session has ended; sign in again"}
}
