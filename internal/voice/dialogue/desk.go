package dialogue

import (
	"context"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// Desk is the device that the call comes from, bound to its channel by whoever
// implements it. Refusals are telephony.Errors; their reasons choose what is said.
type Desk interface {
	// Who tells who is logged in here.
	Who(ctx context.Context) (Here, error)
	// Login logs an extension in here. On a linked desk it refuses with
	// "hotdesking_off" before it looks at number and PIN.
	Login(ctx context.Context, a Attempt) (telephony.Party, error)
	// Logout ends the login here, or every hot-desk login of who is logged in here.
	Logout(ctx context.Context, everywhere bool) error
}

// Here is a desk as the conversation needs it.
type Here struct {
	Party     telephony.Party // who is logged in; no Number: nobody
	Linked    bool            // by an administrator's order: nobody can log in or out (S04)
	Elsewhere []Elsewhere     // the other devices of Party
}

// Elsewhere is another device at which somebody is logged in.
type Elsewhere struct {
	Name   string
	Linked bool // only an administrator can end it (S03, D10)
}

// Attempt is what a caller has typed.
type Attempt struct {
	Number   string
	PIN      telephony.Secret
	NewPIN   telephony.Secret // when the PIN must be changed (D20)
	TakeOver bool             // confirmed: end what stands in the way (H03, D02)
	Over     string           // for whom it was confirmed: the number of who sat here, or telephony.Nobody
}

// Session is what the conversation needs of a call's media; *voice.Session is one.
type Session interface {
	Play(clips ...voice.Clip) <-chan struct{}
	Digits() <-chan byte
	Name(language, name string) (voice.Clip, bool)
	Done() <-chan struct{}
	Err() error
}
