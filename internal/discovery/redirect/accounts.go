package redirect

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/goccy/go-yaml"

	"tischlein/internal/telephony"
)

// Account is what one service knows us by. Which members a service needs is said
// in docs/discovery.md.
type Account struct {
	URL      string `yaml:"url"`       // other than the maker's: for tests and regions
	TokenURL string `yaml:"token_url"` // where tokens are given, if that is elsewhere

	ID       string           `yaml:"id"`
	Secret   telephony.Secret `yaml:"secret"`
	User     string           `yaml:"user"`
	Password telephony.Secret `yaml:"password"`

	Account string `yaml:"account"` // company, organisation or tenant
	Site    string `yaml:"site"`
	Profile string `yaml:"profile"`
	Setting string `yaml:"setting"`
}

// Accounts are ours, by service.
type Accounts map[string]Account

type kind struct {
	url, tokenURL string // the maker's
	needs         []string
	make          func(conn, Account) Redirector
}

var kinds = map[string]kind{
	YealinkRPS:      {url: "https://api-dm.yealink.com:8443", needs: []string{"id", "secret"}, make: newYealink},
	SnomSRAPS:       {url: "https://secure-provisioning.snom.com/api/v1", needs: []string{"id", "secret", "account", "profile", "setting"}, make: newSnom},
	GrandstreamGDMS: {url: "https://www.gdms.cloud/oapi", needs: []string{"id", "secret", "user", "password", "site"}, make: newGrandstream},
	PolyLens: {url: "https://api.silica-prod01.io.lens.poly.com/graphql", tokenURL: "https://login.lens.poly.com/oauth/token",
		needs: []string{"id", "secret", "account"}, make: newPoly},
	GigasetRedirect: {url: "https://prov.gigaset.net/apxml/rpc.do", needs: []string{"user", "password", "profile"}, make: newGigaset},
}

// ReadAccounts reads the file with our accounts, which nobody else may read.
func ReadAccounts(file string) (Accounts, error) {
	i, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading the redirect accounts: %w", err)
	}
	if i.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("reading the redirect accounts: %s can be read by others (%v); chmod 600", file, i.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the redirect accounts: %w", err)
	}
	a := Accounts{}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&a); err != nil {
		return nil, errors.New("reading the redirect accounts: " + file + " is not the YAML that docs/discovery.md describes") // err shows secrets
	}
	return a, a.check()
}

func (a Accounts) check() error {
	for name, x := range a {
		k, ok := kinds[name]
		if !ok {
			return fmt.Errorf("redirect accounts: there is no service %q", name)
		}
		have := map[string]string{
			"id": x.ID, "secret": x.Secret.Reveal(), "user": x.User, "password": x.Password.Reveal(),
			"account": x.Account, "site": x.Site, "profile": x.Profile, "setting": x.Setting,
		}
		for _, n := range k.needs {
			if have[n] == "" {
				return fmt.Errorf("redirect accounts: %s needs %s", name, n)
			}
		}
		for _, s := range []string{x.URL, x.TokenURL} {
			if u, err := url.Parse(s); s != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1") {
				return fmt.Errorf("redirect accounts: %s: %q is not an https URL", name, s)
			}
		}
	}
	return nil
}

// Services opens a client for each account. Nothing is asked before it is used.
func (a Accounts) Services(timeout time.Duration) (map[string]Redirector, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	out := map[string]Redirector{}
	for name, x := range a {
		k := kinds[name]
		if x.URL == "" {
			x.URL = k.url
		}
		if x.TokenURL == "" {
			x.TokenURL = k.tokenURL
		}
		out[name] = k.make(conn{client: &http.Client{Timeout: timeout, CheckRedirect: stay}}, x)
	}
	return out, nil
}

// stay keeps credentials where they belong.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
