package call

import (
	"errors"
	"strings"

	siplib "github.com/emiago/sipgo/sip"
)

// got hears the answer to a NOTIFY.
func (n *subscription) got(last bool) func(*siplib.Response) {
	return func(res *siplib.Response) {
		if res.StatusCode < 200 {
			return
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		n.asking = false
		if last || forgotten(res.StatusCode) {
			n.leave()
			return
		}
		n.next()
	}
}

// forgotten reports whether the phone has no such subscription any more (RFC 6665
// 4.2.2); any other refusal may be one of this state alone.
func forgotten(status int) bool {
	switch status {
	case 404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604:
		return true
	}
	return false
}

// lost hears that a NOTIFY has no answer. Whose connection is gone is told when it
// comes back; who is silent is not there.
func (n *subscription) lost(last bool) func(error) {
	return func(err error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.asking = false
		if n.s.ctx.Err() != nil {
			return // it is we who do not wait any longer
		}
		if last || !errors.Is(err, errNoFlow) && !errors.Is(err, siplib.ErrTransactionTransport) {
			n.leave()
			return
		}
		back := n.due // it has come back already, or there is more to tell
		n.due, n.anyway = true, true
		if back {
			n.next()
		}
	}
}

// leave ends it without a word. n is locked.
func (n *subscription) leave() {
	if !n.gone && n.over == "" {
		n.drop()
	}
	n.gone = true
}

// eventOf is an Event header.
func eventOf(event, id string) string {
	if id == "" {
		return event
	}
	return event + ";id=" + id
}

// readEvent takes an Event header apart; other parameters do not change what is
// asked for.
func readEvent(v string) (event, id string) {
	event, params, _ := strings.Cut(v, ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(name, "id") && len(value) <= 64 {
			id = value
		}
	}
	return strings.ToLower(strings.TrimSpace(event)), id
}
