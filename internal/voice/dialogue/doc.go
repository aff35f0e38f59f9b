// Package dialogue is the conversation with somebody who dialled the code for
// logging in or out (H02, H03, H06). It asks, listens, and says what happened; who
// may do what is decided behind Desk, and it knows neither SIP nor storage. What
// is typed is handed on and forgotten: nothing here is logged.
package dialogue
