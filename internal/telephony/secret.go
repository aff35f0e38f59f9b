package telephony

import "log/slog"

// Secret is a password, token or key. It hides itself from every way of
// printing it (X01); only Reveal gives the text.
type Secret string

const masked = "***"

// Reveal is the secret text, for the device itself or for a logged reveal.
func (s Secret) Reveal() string { return string(s) }

func (Secret) String() string               { return masked }
func (Secret) GoString() string             { return masked }
func (Secret) LogValue() slog.Value         { return slog.StringValue(masked) }
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }
