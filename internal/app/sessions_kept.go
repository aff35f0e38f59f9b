package app

import "tischlein/internal/telephony"

// Keep seals what a user's page shall have back after they have signed in again,
// for the time in which nobody is signed in: only they can have it opened.
func (s Sessions) Keep(userID string, what []byte) []byte {
	return s.key.Seal(telephony.Secret(what), keptFor(userID))
}

// Kept opens what Keep sealed for the session's user. It fails on another's.
func (s Sessions) Kept(x Session, sealed []byte) ([]byte, error) {
	what, err := s.key.Open(sealed, keptFor(x.UserID))
	return []byte(what.Reveal()), err
}

func keptFor(userID string) string { return "kept " + userID }
