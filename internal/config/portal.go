package config

import (
	"net/url"
	"slices"
	"time"
)

// orOff reads nothing as off: a Config that is made in Go need not name what it
// does without.
func orOff(addr string) string {
	if addr == "" {
		return Off
	}
	return addr
}

// HasPortal reports whether there is a portal at all.
func (c Config) HasPortal() bool { return orOff(c.PortalListen) != Off }

var portalRoles = []string{"operator_admin", "operator_support", "partner_admin", "customer_admin"}

func (c Config) validatePortal(bad func(field, why string, args ...any)) {
	if !c.HasPortal() {
		return
	}
	if c.PortalBaseURL != "" {
		u, err := url.Parse(c.PortalBaseURL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			bad("portal_base_url", "%q is not scheme and host, such as https://portal.example", c.PortalBaseURL)
		}
	}
	if n := len([]rune(c.PortalServiceName)); n > 40 {
		bad("portal_service_name", "has %d characters, at most 40 fit into the menu", n)
	}
	if d := c.PortalSessionIdle; d != 0 && (d < 5*time.Minute || d > 7*24*time.Hour) {
		bad("portal_session_idle", "%v is not between 5m and 168h", d)
	}
	if d := c.PortalSessionLife; d != 0 && (d < time.Hour || d > 90*24*time.Hour) {
		bad("portal_session_life", "%v is not between 1h and 2160h", d)
	}
	for _, r := range c.PortalSecondFactor {
		if !slices.Contains(portalRoles, r) {
			bad("portal_second_factor", "%q is none of operator_admin, operator_support, partner_admin, customer_admin", r)
		}
	}
}
