// Package voice is media and speech: it answers an SDP offer, sends prompts and
// receives digits by RTP (RFC 3550, 3551), for as many sessions as there are
// people at a code at once. It knows neither SIP nor who is allowed what, keeps
// no digit after handing it on, and logs nothing: a digit may be part of a PIN.
//
// One goroutine, the pacer, serves all sessions. Every 20 ms it reads what has
// come for a session, without waiting, and sends it one packet; a session has no
// goroutine and no timer of its own.
package voice
