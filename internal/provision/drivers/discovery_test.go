package drivers

import (
	"crypto/tls"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/provision"
)

const tlsPage = "../../../docs/tls.md"

const tlsHead = `# What phones can do in TLS

Made from what the drivers know; a test keeps it fresh (` + "`go test ./internal/provision/drivers -run TLSTable -update`" + `).
` + "`tischlein doctor`" + ` does each row's handshake with the running server.

Makers publish little of this. *Sure* rows are said by the maker or by code that works with such phones, the others are what
is commonly found: try one phone before you trust a row. Old firmware knows TLS 1.0 or 1.1 only and an RSA key only, and
cannot come in by the usual door, where TLS 1.2 is the least: update it first, in a network of your own, or open the door for
old phones (` + "`legacy_listen`" + `), which has another name and a certificate of its own.

Whatever a phone believes, its clock must be right: one that starts in 1970 finds every certificate not yet valid. Give it
NTP by DHCP (option 42).

| maker (driver) | firmware | TLS | keys of our certificate | name in the hello | whom it believes | certificate of its own | |
|---|---|---|---|---|---|---|---|
`

func tlsTable() string {
	var b strings.Builder
	b.WriteString(tlsHead)
	for _, vendor := range slices.Sorted(maps.Keys(discoveries)) {
		found, _ := Discovery(vendor)
		if vendor == "acme" { // there for tests alone
			continue
		}
		for _, p := range found.TLS {
			versions := strings.TrimPrefix(tls.VersionName(p.Min), "TLS ")
			if p.Max != p.Min {
				versions += "–" + strings.TrimPrefix(tls.VersionName(p.Max), "TLS ")
			}
			name, client, sure := "yes", p.Client, ""
			if p.NoSNI {
				name = "no"
			}
			if client == "" {
				client = "none known"
			}
			if p.Sure {
				sure = "sure"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", "`"+vendor+"`", p.Firmware, versions, strings.Join(p.Keys, ", "), name, p.Roots, client, sure)
		}
	}
	return b.String()
}

func TestP11_TLSTableIsFresh(t *testing.T) {
	if *update {
		if err := os.WriteFile(tlsPage, []byte(tlsTable()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(tlsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != tlsTable() {
		t.Error("docs/tls.md is stale; go test ./internal/provision/drivers -run TLSTable -update writes it")
	}
}

// Whoever makes desk phones says how they find us.
func TestP11_EveryMakerOfDeskPhonesSaysHowItsPhonesFindUs(t *testing.T) {
	for _, d := range All().Drivers() {
		i := d.Info()
		found, ok := Discovery(i.Vendor)
		if !i.Fetches() || len(i.OUIs) == 0 && !ok {
			continue // softphones
		}
		if !ok || len(found.DHCP) == 0 || len(found.TLS) == 0 {
			t.Errorf("%s: %+v", i.Vendor, found)
			continue
		}
		for _, a := range found.DHCP {
			if a.Option == 0 || a.Sub > 0 && a.Option != 43 || len(a.Classes) == 0 && len(i.OUIs) == 0 {
				t.Errorf("%s: %+v", i.Vendor, a)
			}
		}
		if found.PnP && len(i.OUIs) == 0 {
			t.Errorf("%s asks by SIP-PnP, and is known by nothing", i.Vendor)
		}
		for _, p := range found.TLS {
			if p.Firmware == "" || p.Min > p.Max || len(p.Keys) == 0 || p.Roots == "" || p.Old != (p.Min < tls.VersionTLS12) {
				t.Errorf("%s: %+v", i.Vendor, p)
			}
			if slices.Equal(p.Keys, []string{provision.KeyRSA}) && len(p.Config().CipherSuites) == 0 {
				t.Errorf("%s %s imitates no key", i.Vendor, p.Firmware)
			}
		}
	}
}
