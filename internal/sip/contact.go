package sip

// contact is the one Contact a REGISTER asks for.
type contact struct {
	star     bool
	none     bool // no Contact at all: the phone only asks
	uri      uri
	instance []byte // +sip.instance without its quotes
	expires  int64  // seconds; -1 = not given
}

const maxContactURI = 512

// parseContacts reads all Contact values. Several are allowed only when all but
// one are removals (a phone that clears its old address in the same request);
// status 0 means c is good.
func (m *message) parseContacts(header int64) (c contact, status int, reason string) {
	c.none = m.contacts == 0
	c.expires = -1
	found := false
	for i := 0; i < m.contacts; i++ {
		for rest, more := m.contact[i], true; more; {
			var value []byte
			var ok bool
			value, rest, more, ok = cutValue(rest, ',')
			if !ok {
				return c, 400, "Bad Contact"
			}
			if len(value) == 1 && value[0] == '*' {
				if found || m.contacts > 1 || more {
					return c, 400, "Contact * Must Stand Alone"
				}
				c.star, found = true, true
				continue
			}
			one, ok := parseContact(value)
			if c.star || !ok {
				return c, 400, "Bad Contact"
			}
			if !one.uri.sip() {
				return c, 400, "Contact Is No SIP URI"
			}
			if len(one.uri.raw) > maxContactURI {
				return c, 400, "Contact Too Long"
			}
			removal := one.expires == 0 || one.expires < 0 && header == 0
			switch {
			case !found:
				c, found = one, true
			case removal:
			case c.expires == 0 || c.expires < 0 && header == 0:
				c = one
			default:
				return c, 403, "Only One Contact per Device"
			}
		}
	}
	return c, 0, ""
}

func parseContact(value []byte) (c contact, ok bool) {
	n, ok := parseNameAddr(value)
	if !ok || n.uri.sip() && len(n.uri.host) == 0 {
		return c, false
	}
	c.uri, c.expires = n.uri, -1
	for p := n.params; len(p) > 0; {
		var name, v []byte
		name, v, p = cutParam(p)
		switch {
		case equalFold(name, "expires"):
			c.expires = expiresValue(v)
		case equalFold(name, "+sip.instance"):
			if c.instance, ok = unquote(v); !ok || len(c.instance) > 255 || !printable(c.instance) {
				return c, false
			}
		}
	}
	return c, true
}

// expiresValue reads an interval: too large is "very long", unreadable counts as
// not given and so gets the default, as RFC 3261 10.2.1.1 and 20.19 ask.
func expiresValue(v []byte) int64 {
	for _, ch := range v {
		if ch < '0' || ch > '9' {
			return -1
		}
	}
	if len(v) == 0 {
		return -1
	}
	n, ok := number(v, 1<<32-1)
	if !ok {
		return 1<<32 - 1
	}
	return int64(n)
}
