package wire

// Contact is the one Contact a REGISTER asks for.
type Contact struct {
	Star     bool
	None     bool // no Contact at all: the phone only asks
	URI      URI
	Instance []byte // +sip.instance without its quotes
	Expires  int64  // seconds; -1 = not given
}

const maxContactURI = 512

// ParseContacts reads all Contact values. Several are allowed only when all but
// one are removals (a phone that clears its old address in the same request);
// status 0 means c is good.
func (m *Message) ParseContacts(header int64) (c Contact, status int, reason string) {
	c.None = m.Contacts == 0
	c.Expires = -1
	found := false
	for i := 0; i < m.Contacts; i++ {
		for rest, more := m.Contact[i], true; more; {
			var value []byte
			var ok bool
			value, rest, more, ok = cutValue(rest, ',')
			if !ok {
				return c, 400, "Bad Contact"
			}
			if len(value) == 1 && value[0] == '*' {
				if found || m.Contacts > 1 || more {
					return c, 400, "Contact * Must Stand Alone"
				}
				c.Star, found = true, true
				continue
			}
			one, ok := parseContact(value)
			if c.Star || !ok {
				return c, 400, "Bad Contact"
			}
			if !one.URI.SIP() {
				return c, 400, "Contact Is No SIP URI"
			}
			if len(one.URI.Raw) > maxContactURI {
				return c, 400, "Contact Too Long"
			}
			removal := one.Expires == 0 || one.Expires < 0 && header == 0
			switch {
			case !found:
				c, found = one, true
			case removal:
			case c.Expires == 0 || c.Expires < 0 && header == 0:
				c = one
			default:
				return c, 403, "Only One Contact per Device"
			}
		}
	}
	return c, 0, ""
}

func parseContact(value []byte) (c Contact, ok bool) {
	n, ok := ParseNameAddr(value)
	if !ok || n.URI.SIP() && len(n.URI.Host) == 0 {
		return c, false
	}
	c.URI, c.Expires = n.URI, -1
	for p := n.Params; len(p) > 0; {
		var name, v []byte
		name, v, p = cutParam(p)
		switch {
		case EqualFold(name, "expires"):
			c.Expires = ExpiresValue(v)
		case EqualFold(name, "+sip.instance"):
			if c.Instance, ok = unquote(v); !ok || len(c.Instance) > 255 || !Printable(c.Instance) {
				return c, false
			}
		}
	}
	return c, true
}

// ExpiresValue reads an interval: too large is "very long", unreadable counts as
// not given and so gets the default, as RFC 3261 10.2.1.1 and 20.19 ask.
func ExpiresValue(v []byte) int64 {
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
