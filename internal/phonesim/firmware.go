package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// action is what a check-sync makes a phone do.
type action int

const (
	ignore action = iota
	fetch
	reboot
)

// asked is what a check-sync makes of its parameter "reboot" where no setting has a say.
func asked(rebootParam string) action {
	if strings.EqualFold(rebootParam, "true") {
		return reboot
	}
	return fetch
}

// firmware is a vendor's behaviour. Implementations are stateless: what a phone
// remembers is in its settings.
type firmware interface {
	naming
	provisioning
	habits
	face
}

// naming is how a phone calls itself on the wire.
type naming interface {
	httpAgent(c *Config) string
	sipAgent(c *Config) string
	// contact is the whole Contact value but for Expires; instance may be empty.
	contact(uri, line, instance string) string
}

// provisioning is how it gets its files.
type provisioning interface {
	provisioningURL(s settings) string
	setProvisioningURL(s settings, url string)
	// httpCredentials are the ones a file delivered, or empty.
	httpCredentials(s settings) (user, password string)
	// walk asks for the vendor's files in the vendor's order, without touching
	// the phone's settings, and remembers what it understood in the chain.
	walk(ctx context.Context, c *chain)
	// apply merges what walk found. It runs with the phone locked.
	apply(s settings, docs []document, keep func(key string) bool)
}

// habits are what a phone does without being asked, or when asked to.
type habits interface {
	checkSync(s settings, rebootParam string) action
	// pollAfter is the pause to the next unasked fetch, 0 for never.
	pollAfter(s settings, now time.Time) time.Duration
	traits() traits
}

// face is what the settings mean to SIP and to the person in front.
type face interface {
	account(s settings) account
	language(s settings) string
	// idle is the idle screen without the status line.
	idle(s settings, a account) []string
	// relevant says whether the phone itself acts on a key (compact fleets keep
	// only those).
	relevant(key string) bool
}

// cordless is a firmware of a base with several handsets, or of an adapter with
// several sockets.
type cordless interface {
	ofHandset(n int) firmware
}

type traits struct {
	restartsOnNewURL bool // a changed provisioning URL starts a new chain at once
	skipsUnchanged   bool // hashes its files and does not apply the same twice
	followsRedirects bool
	restartsOnChange bool // starts anew with files that changed while it ran
}

// until is how long it is to that time of day ("03:00"), 0 where it is none.
func until(clock string, now time.Time) time.Duration {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	next := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next.Sub(now)
}

// document is one file that was fetched and understood. body is what the
// vendor's parser made of it.
type document struct {
	url  string
	body any
}

// merge is apply for files that are settings by their names: what they do not mention
// stays as it is.
func merge(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for k, v := range d.body.(map[string]string) {
			if keep(k) {
				s.set(k, v)
			}
		}
	}
}

// account is the SIP account that a phone's settings describe. It is comparable:
// a difference is what makes a phone register anew.
type account struct {
	active bool

	domain    string // of the AOR, and the REGISTER's Request-URI: host[:port]
	user      string
	display   string
	host      string // where packets go: registrar or outbound proxy
	port      int    // 0: by transport
	transport string // "udp", "tcp", "tls"
	expires   int

	secrets secrets
}

// sameLogin says whether two accounts differ in nothing that needs a new login.
func (a account) sameLogin(b account) bool {
	a.display, a.expires = b.display, b.expires
	return a == b
}

func (a account) sipPort() int {
	switch {
	case a.port > 0:
		return a.port
	case a.transport == "tls":
		return 5061
	}
	return 5060
}

func (a account) aor() string { return fmt.Sprintf("sip:%s@%s", a.user, a.domain) }

// hostPort adds the port to an AOR's domain only where it is not the usual one.
func hostPort(host string, port int, transport string) string {
	if port == 0 || (port == 5060 && transport != "tls") || (port == 5061 && transport == "tls") {
		return host
	}
	return fmt.Sprintf("%s:%d", host, port)
}

// maker is a vendor's firmware and its usual phone.
type maker struct {
	firmware        firmware
	model, revision string
}

// makers is filled by each vendor's own file.
var makers = map[Vendor]maker{}

// Vendors are all firmwares that exist, in order.
func Vendors() []Vendor { return slices.Sorted(maps.Keys(makers)) }

func firmwareOf(v Vendor) (firmware, bool) {
	m, ok := makers[v]
	return m.firmware, ok
}

// factory fills what a phone of this vendor is, where the caller left it open.
func (c Config) factory() Config {
	m := makers[c.Vendor]
	c.Model, c.Firmware = cmp.Or(c.Model, m.model), cmp.Or(c.Firmware, m.revision)
	c.Language = cmp.Or(c.Language, "de")
	return c
}
