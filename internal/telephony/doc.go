// Package telephony is the domain: customers, channels, extensions, CPEs, links
// and logins, and the rules that decide what may happen to them, as pure
// functions. It does no I/O: no SQL, no network, no clock, no context.
package telephony
