package app

import (
	"context"
	"net/netip"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// find reads the session that a cookie bears, with its user.
func (k *core) find(tx *storage.Tx, cookie string) (w storage.WebSession, u storage.PortalUser, err error) {
	if w, err = tx.SessionByHash(auth.HashToken(cookie)); err == nil {
		u, err = tx.PortalUser(w.UserID)
	}
	gone := u.Disabled || u.Role == auth.User && u.Number == "" || !k.settings.Portal.times(u.Role).Alive(w.Seen, w.Expires, tx.Now)
	if telephony.CodeOf(err) == telephony.NotFound || err == nil && gone {
		err = sessionUnknown()
	}
	return w, u, err
}

// Authenticate says whose session a cookie bears. That it is in use is noted at
// most once a minute.
func (s Sessions) Authenticate(ctx context.Context, cookie string, from netip.Addr) (Session, error) {
	x, stale, err := s.look(ctx, cookie, from)
	if err != nil || !stale {
		return x, err
	}
	address := ""
	if from.IsValid() {
		address = from.String()
	}
	err = s.db.Update(ctx, func(tx *storage.Tx) error { return tx.TouchSession(x.ID, address) })
	if telephony.CodeOf(err) == telephony.NotFound {
		err = sessionUnknown() // ended meanwhile
	}
	if err != nil {
		return Session{}, err
	}
	return x, nil
}

// Peek is Authenticate for what a page asks by itself: nobody uses the session, so
// it does not live longer for that.
func (s Sessions) Peek(ctx context.Context, cookie string, from netip.Addr) (Session, error) {
	x, _, err := s.look(ctx, cookie, from)
	return x, err
}

// look reads a session; stale says that its use should be noted.
func (s Sessions) look(ctx context.Context, cookie string, from netip.Addr) (x Session, stale bool, err error) {
	if cookie == "" || len(cookie) > 256 {
		return x, false, sessionUnknown()
	}
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		w, u, err := s.find(tx, cookie)
		x, stale = s.session(w, u, from), tx.Now.Sub(w.Seen) >= auth.SeenEvery
		return err
	})
	if err != nil {
		return Session{}, false, err
	}
	return x, stale, nil
}

// SecondFactor makes a full session of a half one, by a one-time code or a
// recovery code. The token is a new one.
func (s Sessions) SecondFactor(ctx context.Context, cookie, code string, from netip.Addr, userAgent string) (done Session, err error) {
	var u storage.PortalUser
	half := func(tx *storage.Tx) (w storage.WebSession, err error) {
		if w, u, err = s.find(tx, cookie); err == nil && !w.Half {
			err = sessionUnknown()
		}
		return w, err
	}
	if err := s.db.View(ctx, func(tx *storage.Tx) error { _, err := half(tx); return err }); err != nil {
		return done, err
	}
	subject := storage.SecondSubject(u.ID)
	if err := s.attempt(ctx, subject, from); err != nil {
		return done, err
	}
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		w, err := half(tx)
		if err != nil {
			return err
		}
		how, err := s.checkCode(tx, u.ID, code)
		if err != nil {
			return err
		}
		if err := tx.ClearGuard(subject); err != nil {
			return err
		}
		if err := tx.DeleteSession(u.ID, w.ID); err != nil {
			return err
		}
		if done, err = s.open(tx, u, false, from, userAgent); err != nil {
			return err
		}
		return s.entered(tx, u, from, how)
	})
	if wrongCode(err) {
		return Session{}, s.failed(ctx, u, from, subject, telephony.ReasonOf(err), err)
	}
	if err == nil {
		s.sources.GiveBack(from)
	}
	return done, err
}

// SignOut ends the session. One that has ended already is no error.
func (s Sessions) SignOut(ctx context.Context, x Session) error {
	err := s.db.Update(ctx, func(tx *storage.Tx) error {
		u, err := tx.PortalUser(x.UserID)
		if err != nil {
			return err
		}
		if err := tx.DeleteSession(x.UserID, x.ID); err != nil {
			return err
		}
		return audit(tx, userActor(u, x.Actor.From), u.CustomerID, "sign_out", "user", u.ID, nil, nil)
	})
	if telephony.CodeOf(err) == telephony.NotFound {
		return nil
	}
	return err
}

// List lists the user's own sessions, newest first.
func (s Sessions) List(ctx context.Context, x Session) (l []SessionView, err error) {
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		rows, err := tx.Sessions(x.UserID)
		l = nil
		for _, w := range rows {
			if !w.Half && s.settings.Portal.times(x.Actor.Role).Alive(w.Seen, w.Expires, tx.Now) {
				l = append(l, SessionView{ID: w.ID, Current: w.ID == x.ID, UserAgent: w.UserAgent, From: w.Address, Created: w.Created, Seen: w.Seen, Expires: w.Expires})
			}
		}
		return err
	})
	return l, err
}

// Revoke ends one of the user's own sessions; somebody else's is not found.
func (s Sessions) Revoke(ctx context.Context, x Session, id string) error {
	return s.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		if err := tx.DeleteSession(u.ID, id); err != nil {
			return err
		}
		return audit(tx, x.Actor, u.CustomerID, "end_session", "user", u.ID, nil, map[string]string{"session": id})
	})
}

// RevokeOthers ends all of the user's sessions but this one.
func (s Sessions) RevokeOthers(ctx context.Context, x Session) (n int, err error) {
	err = s.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		ended, err := tx.DeleteSessions(u.ID, x.ID)
		if err != nil {
			return err
		}
		n = int(ended)
		return audit(tx, x.Actor, u.CustomerID, "end_sessions", "user", u.ID, nil, map[string]int{"ended": n})
	})
	return n, err
}

// LeaveFlash leaves a text for the session's next page, at most 2,000 bytes.
func (s Sessions) LeaveFlash(ctx context.Context, x Session, text string) error {
	return s.db.Update(ctx, func(tx *storage.Tx) error { return tx.SetFlash(x.ID, shown(text, 2000)) })
}

// TakeFlash reads the text that was left, and clears it.
func (s Sessions) TakeFlash(ctx context.Context, x Session) (string, error) {
	if x.Flash == "" {
		return "", nil
	}
	return x.Flash, s.db.Update(ctx, func(tx *storage.Tx) error { return tx.SetFlash(x.ID, "") })
}

// own runs a change of one's own things; the session must be full.
func (k *core) own(ctx context.Context, x Session, f func(tx *storage.Tx, u storage.PortalUser) error) error {
	if x.Stage != SessionFull {
		return auth.Denied(auth.ScopeRead)
	}
	return k.db.Update(ctx, func(tx *storage.Tx) error {
		u, err := tx.PortalUser(x.UserID)
		if telephony.CodeOf(err) == telephony.NotFound {
			return sessionUnknown()
		}
		if err != nil {
			return err
		}
		return f(tx, u)
	})
}
