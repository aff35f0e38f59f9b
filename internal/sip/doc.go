// Package sip is the registrar: it authenticates phones, knows where they are,
// keeps the way to them open and pushes check-syncs down it (C01-C06, C14).
//
// The messages that come by the hundred thousand (REGISTER, OPTIONS,
// keep-alives, answers to our NOTIFYs) are read and answered by this package's
// own readers; whatever else arrives on the same sockets is given to Calls, what
// needs a digest with the credential that proved it.
//
// It must not know the database, the rules of linking, or any vendor: what a
// channel may do comes through Credentials, what was observed goes to Observer.
package sip
