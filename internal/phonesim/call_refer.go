package phonesim

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// replacesOf is another call as a Replaces header names it, from the far side's
// point of view (RFC 3891).
func replacesOf(c *Call) string {
	return fmt.Sprintf("%s;to-tag=%s;from-tag=%s", c.callID, c.remoteTag, c.localTag)
}

// refer asks the other side to call somebody else (RFC 3515).
func (c *Call) refer(uri, replaces string) error {
	to := "<" + uri
	if replaces != "" {
		to += "?Replaces=" + url.QueryEscape(replaces)
	}
	c.s.Referred = 0
	c.request("REFER", []string{"Refer-To: " + to + ">", "Referred-By: " + c.from}, "", nil, func(m *message) {
		if m == nil {
			c.s.Referred = 408
		} else if m.status >= 300 {
			c.s.Referred = m.status
		}
	})
	return nil
}

// notified hears how the transfer that we asked for goes.
func (c *Call) notified(m *message, say func(int, string)) {
	if event, _, _ := strings.Cut(m.get("event"), ";"); strings.TrimSpace(event) != "refer" {
		say(489, "Bad Event")
		return
	}
	say(200, "OK")
	line, _, _ := strings.Cut(string(m.body), "\r\n")
	if f := strings.Fields(line); len(f) > 1 {
		if n, _ := strconv.Atoi(f[1]); n >= 200 {
			c.s.Referred = n
			if n < 300 && c.s.Phase == Up {
				c.hangUp()
			}
		}
	}
}

// referred calls whom the other side named, and tells it how that went.
func (c *Call) referred(m *message, say func(int, string)) {
	_, to := nameAddr(m.get("refer-to"))
	uri, headers, _ := strings.Cut(to, "?")
	u, ok := parseURI(uri)
	if !ok || u.user == "" {
		say(400, "Bad Refer-To")
		return
	}
	say(202, "Accepted")
	d := Dialling{Number: u.user}
	if values, err := url.ParseQuery(headers); err == nil && values.Get("Replaces") != "" {
		d.Headers = []string{"Replaces: " + values.Get("Replaces"), "Require: replaces"}
	}
	if by := m.get("referred-by"); by != "" {
		d.Headers = append(d.Headers, "Referred-By: "+by)
	}
	tell := func(line, state string) {
		if c.s.Phase == Up {
			c.request("NOTIFY", []string{"Event: refer", "Subscription-State: " + state}, "message/sipfrag;version=2.0", []byte("SIP/2.0 "+line+"\r\n"), nil)
		}
	}
	tell("100 Trying", "active;expires=60")
	next, err := c.a.dial(d)
	if err != nil {
		tell("503 Service Unavailable", "terminated;reason=noresource")
		return
	}
	next.then = append(next.then, func() {
		tell(fmt.Sprintf("%d %s", next.s.Status, next.s.Phrase), "terminated;reason=noresource")
	})
}

// replacedBy is our call that an INVITE is to take the place of, nil for none.
func (a *agent) replacedBy(m *message) *Call {
	v := m.get("replaces")
	if v == "" {
		return nil
	}
	id, params, _ := strings.Cut(v, ";")
	for _, c := range a.calls {
		if c.callID == id && c.localTag == param(";"+params, "to-tag") && c.remoteTag == param(";"+params, "from-tag") {
			return c
		}
	}
	return nil
}
