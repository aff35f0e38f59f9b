package telephony

import "time"

// AdministratorPIN is the one weak PIN: only an administrator may set it, and
// it must be changed at the next hot-desk login (D20).
const AdministratorPIN = "0000"

// The lock of D20: so many wrong PINs within the window lock hot-desk logins.
const (
	PINTries  = 3
	PINWindow = 5 * time.Minute
	PINLock   = 15 * time.Minute
)

// CheckPIN judges a PIN that is to be set for the extension with that number
// (D20). mustChange is true for the administrator's 0000.
func CheckPIN(field, pin, number string, administrator bool) (mustChange bool, err error) {
	if !digitsOnly(pin) || len(pin) < 4 || len(pin) > 8 {
		return false, Invalidf(field, "pin_malformed", "a PIN has 4 to 8 digits")
	}
	if pin == AdministratorPIN && administrator {
		return true, nil
	}
	switch {
	case allEqual(pin):
		return false, Invalidf(field, "pin_weak", "a PIN of equal digits is too easy to guess")
	case running(pin, 1), running(pin, 9):
		return false, Invalidf(field, "pin_weak", "a PIN of running digits is too easy to guess")
	case pin == number:
		return false, Invalidf(field, "pin_weak", "the PIN must not be the extension's own number")
	}
	return false, nil
}

func allEqual(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != s[0] {
			return false
		}
	}
	return true
}

// running reports whether each digit follows the last by step, modulo ten:
// 7890 and 2109 are as easy to guess as 1234.
func running(s string, step byte) bool {
	for i := 1; i < len(s); i++ {
		if (s[i-1]-'0'+step)%10 != s[i]-'0' {
			return false
		}
	}
	return true
}

// PINGuard counts wrong PINs for one extension (D20). Its zero value is open.
type PINGuard struct {
	Failures    []time.Time // the latest, oldest first, at most PINTries
	LockedUntil time.Time
}

// Locked reports whether hot-desk logins are refused at t.
func (g PINGuard) Locked(t time.Time) bool { return t.Before(g.LockedUntil) }

// Failed is the guard after a wrong PIN at t.
func (g PINGuard) Failed(t time.Time) PINGuard {
	var f []time.Time
	for _, x := range g.Failures {
		if t.Sub(x) < PINWindow {
			f = append(f, x)
		}
	}
	f = append(f, t)
	if len(f) >= PINTries {
		return PINGuard{LockedUntil: t.Add(PINLock)}
	}
	return PINGuard{Failures: f, LockedUntil: g.LockedUntil}
}
