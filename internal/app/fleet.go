package app

// Fleet says how far all devices have come (P10).
type Fleet struct{ *core }
