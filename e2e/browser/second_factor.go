package browser

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as authenticator apps speak it
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// Code is what an authenticator app shows: RFC 6238, six digits of SHA-1 over 30-second steps.
func Code(secret string, at time.Time) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		panic(err)
	}
	step := make([]byte, 8)
	binary.BigEndian.PutUint64(step, uint64(at.Unix()/30))
	m := hmac.New(sha1.New, key)
	m.Write(step)
	sum := m.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&0xf:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1e6)
}

// SecondFactor gives somebody an authenticator app, and its secret. The code of the present step is used up by it.
func (w *World) SecondFactor(p Person) (secret string) {
	w.t.Helper()
	e, err := w.App().Profile.EnrolTOTP(w.t.Context(), p.session, "Tischlein")
	w.ok(err)
	_, err = w.App().Profile.ConfirmTOTP(w.t.Context(), p.session, Code(e.Secret.Reveal(), time.Now()))
	w.ok(err)
	return e.Secret.Reveal()
}

// HalfWay is the person after the right password, with the code still due.
func (w *World) HalfWay(p Person) Person {
	w.t.Helper()
	var err error
	p.session, err = w.App().Sessions.SignIn(w.t.Context(), app.SignIn{Login: p.Login, Password: Password, From: here, UserAgent: "test"})
	w.ok(err)
	return p
}

// Invited is the path of a new person's one-time link.
func (w *World) Invited(name, login string, role auth.Role) string {
	w.t.Helper()
	_, link, err := w.App().Users.Create(w.t.Context(), operator, app.UserSpec{Name: name, Login: login, Role: role})
	w.ok(err)
	return welcome(link.Token)
}

// FirstAdmin is the path of the link that the server prints at its very first start.
func (w *World) FirstAdmin() string { return welcome(w.SetupToken()) }

func welcome(token telephony.Secret) string { return "/welcome/" + token.Reveal() }
