package phonesim

import (
	"context"
	"strconv"
	"time"
)

// generic is a device into which somebody typed credentials (D27). Its settings
// hold them under plain names; it never fetches.
type generic struct{}

func init() { makers[Generic] = maker{generic{}, "generic", "1.0"} }

func (generic) httpAgent(c *Config) string { return "Generic/" + c.Firmware }
func (generic) sipAgent(c *Config) string  { return "Generic/" + c.Firmware }

func (generic) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

func (generic) provisioningURL(settings) string               { return "" }
func (generic) setProvisioningURL(settings, string)           {}
func (generic) httpCredentials(settings) (string, string)     { return "", "" }
func (generic) walk(context.Context, *chain)                  {}
func (generic) apply(settings, []document, func(string) bool) {}
func (generic) relevant(string) bool                          { return true }
func (generic) checkSync(settings, string) action             { return ignore }
func (generic) traits() traits                                { return traits{} }
func (generic) pollAfter(settings, time.Time) time.Duration   { return 0 }
func (generic) language(settings) string                      { return "" }

// typeIn stores what a person entered.
func (generic) typeIn(s settings, c Credentials) {
	s.set("registrar", c.Registrar)
	s.set("transport", c.Transport)
	s.set("user", c.User)
	s.set("auth_user", c.AuthUser)
	s.set("password", c.Password)
	s.set("realm", c.Realm)
	s.set("display", c.Display)
	if c.Expires > 0 {
		s.set("expires", strconv.Itoa(c.Expires))
	}
}

func (generic) account(s settings) account {
	reg, ok := parseURI(s.get("registrar"))
	if !ok || s.get("user") == "" {
		return account{}
	}
	a := account{active: true, user: s.get("user"), display: s.get("display"), host: reg.host, port: reg.port,
		expires: s.number("expires", 3600)}
	a.transport = s.or("transport", reg.transport)
	if a.transport == "" {
		a.transport = "udp"
	}
	a.domain = hostPort(reg.host, reg.port, a.transport)
	a.secrets = secrets{user: s.or("auth_user", a.user), password: s.get("password"), realm: s.get("realm")}
	return a
}

func (generic) idle(_ settings, a account) []string { return []string{a.display, a.user} }
