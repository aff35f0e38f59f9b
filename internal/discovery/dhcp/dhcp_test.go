package dhcp

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

// makers are all whose phones ask DHCP, with OUIs as their drivers have them.
func makers(t *testing.T) (out []Vendor) {
	t.Helper()
	for _, d := range drivers.All().Drivers() {
		i := d.Info()
		if found, ok := drivers.Discovery(i.Vendor); ok && len(found.DHCP) > 0 {
			out = append(out, Vendor{Key: i.Vendor, Name: i.Name, OUIs: i.OUIs, DHCP: found.DHCP})
		}
	}
	if len(out) < 2 {
		t.Fatalf("only %d makers", len(out))
	}
	return out
}

// odd are kinds of answers that must come out right whichever drivers there are.
var odd = []Vendor{
	{Key: "by-mac", Name: "By MAC", OUIs: []string{"000b82", "c074ad"}, DHCP: []provision.DHCP{{Option: 160}}},
	{Key: "plain43", Name: "Plain 43", OUIs: []string{"0c383e"}, DHCP: []provision.DHCP{{Classes: []string{"plain"}, Option: 43}}},
	{Key: "nested43", Name: "Nested 43", DHCP: []provision.DHCP{{Classes: []string{"nestedA", "nestedB"}, Option: 43, Sub: 2}, {Classes: []string{"other"}, Option: 43, Sub: 66}}},
	{Key: "default", Name: "Default URL", DHCP: []provision.DHCP{{Classes: []string{"default"}, Option: 114}}},
}

func snippet(t *testing.T) Snippet {
	s := Snippet{URL: "https://phones.example:8443/", Vendors: append(makers(t), odd...)}
	for i, v := range s.Vendors {
		s.Hosts = append(s.Hosts, Host{
			Name: "Empfang \"1\"\n} # */", MAC: telephony.MAC("00156500000" + string("0123456789abcdef"[i])), DHCP: v.DHCP[0],
			URL: telephony.Secret("https://phones.example:8443/f/" + strings.Repeat("Ab-_", 8) + "/"),
		})
	}
	return s
}

// The servers themselves read what is written for them.
func TestP11_SnippetsAreTakenByTheRealServers(t *testing.T) {
	for server, check := range map[Server]func(file string) *exec.Cmd{
		Dnsmasq: func(f string) *exec.Cmd { return exec.Command("dnsmasq", "--test", "--conf-file="+f) },
		Kea:     func(f string) *exec.Cmd { return exec.Command("kea-dhcp4", "-t", f) },
		ISC:     func(f string) *exec.Cmd { return exec.Command("dhcpd", "-t", "-cf", f) },
	} {
		all := snippet(t)
		for name, s := range map[string]Snippet{"everything": all, "no host": {URL: all.URL, Vendors: all.Vendors}, "hosts alone": {URL: all.URL, Hosts: all.Hosts}} {
			t.Run(string(server)+" "+name, func(t *testing.T) {
				written, err := s.Write(server)
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.TempDir(), "snippet")
				if err := os.WriteFile(file, []byte(written), 0o644); err != nil {
					t.Fatal(err)
				}
				cmd := check(file)
				cmd.Env = append(os.Environ(), "PATH=/usr/sbin:/sbin:"+os.Getenv("PATH"))
				if cmd.Err != nil { // sbin is not in everybody's PATH
					cmd = exec.Command("/usr/sbin/"+cmd.Args[0], cmd.Args[1:]...)
				}
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, out, written)
				}
			})
		}
	}
}

func TestP11_SnippetsNameEachMakersOption(t *testing.T) {
	s := snippet(t)
	for server, want := range map[Server][]string{
		Dnsmasq: {
			"dhcp-vendorclass=set:tischlein-yealink,yealink", `dhcp-option-force=tag:tischlein-yealink,tag:!tischlein-own,66,"https://phones.example:8443/"`,
			"dhcp-mac=set:tischlein-by-mac,c0:74:ad:*:*:*", `,vendor:nestedB,2,"https`,
		},
		Kea: {`"test": "substring(option[60].hex,0,4) == 'snom'"`, `"code": 66`, "substring(pkt4.mac,0,3) == 0xc074ad"},
		ISC: {`substring(option vendor-class-identifier, 0, 7) = "yealink"`, `option tftp-server-name "https://phones.example:8443/";`, "option tischlein-160 code 160 = text;"},
	} {
		written, err := s.Write(server)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(written, w) {
				t.Errorf("%s: %q is missing in\n%s", server, w, written)
			}
		}
		if !strings.Contains(written, "SECRET") {
			t.Errorf("%s does not say that first-access URLs are secrets", server)
		}
	}
	plain, err := Snippet{URL: s.URL, Vendors: s.Vendors}.Write(Dnsmasq)
	if err != nil || strings.Contains(plain, "/f/") || strings.Contains(plain, "SECRET") {
		t.Errorf("without hosts there is no secret: %v\n%s", err, plain)
	}
}

// octets are how Kea takes what stands in option 43.
var octets = regexp.MustCompile(`\b(?:[0-9a-f]{2}){15,}\b`)

func fromHex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		return s
	}
	return string(b)
}

// P01: what goes out by DHCP holds no secret but the first-access URLs that were asked
// for (P03 b), each in its own device's reservation and nowhere else.
func TestP01_SnippetsHoldNoSecretButADevicesOwnReservation(t *testing.T) {
	url, word := regexp.MustCompile(`https://[^"'\s;]+`), regexp.MustCompile(`[A-Za-z0-9_]{20,}`) // options and classes have hyphens
	s := snippet(t)
	own := map[string]telephony.MAC{}
	for i := range s.Hosts {
		s.Hosts[i].URL = telephony.Secret("https://phones.example:8443/f/" + strings.Repeat(string(rune('A'+i)), 32) + "/")
		own[s.Hosts[i].URL.Reveal()] = s.Hosts[i].MAC
	}
	for _, server := range []Server{Dnsmasq, Kea, ISC} {
		for name, c := range map[string]Snippet{"all": s, "the same for everybody": {URL: s.URL, Vendors: s.Vendors}} {
			written, err := c.Write(server)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			at := telephony.MAC("")
			for line := range strings.Lines(octets.ReplaceAllStringFunc(written, fromHex)) {
				plain := strings.ReplaceAll(strings.ToLower(line), ":", "")
				for _, h := range c.Hosts {
					if strings.Contains(plain, string(h.MAC)) {
						at = h.MAC
					}
				}
				for _, u := range url.FindAllString(line, -1) {
					seen[u] = true
					if u != s.URL && (own[u] == "" || own[u] != at) {
						t.Errorf("%s, %s: %s stands at %q", server, name, u, at)
					}
				}
				if w := word.FindString(url.ReplaceAllString(line, "")); w != "" {
					t.Errorf("%s, %s: %q may be a secret", server, name, w)
				}
			}
			if want := len(c.Hosts) + 1; len(seen) != want {
				t.Errorf("%s, %s: %d addresses, want %d", server, name, len(seen), want)
			}
		}
	}
}

func TestP11_SnippetsCannotBeBrokenOutOf(t *testing.T) {
	for _, u := range []string{
		"http://phones.example/", "https://phones.example/\"\ndhcp-script=/bin/sh", "https://a:b@phones.example/", "https://phones.example/ x",
		"https://phones.example/a,b", "https:///x", "", "https://phones.example/" + strings.Repeat("a", 250),
	} {
		for _, server := range []Server{Dnsmasq, Kea, ISC} {
			if _, err := (Snippet{URL: u}).Write(server); telephony.CodeOf(err) != telephony.Invalid {
				t.Errorf("%s, %q: %v", server, u, err)
			}
		}
	}
	if _, err := (Snippet{URL: "https://x.example/"}).Write("bind"); telephony.CodeOf(err) != telephony.Invalid {
		t.Error(err)
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("https://phones.example/", "Empfang")
	f.Add("https://phones.example/%22", "}\n*/")
	f.Fuzz(func(t *testing.T, u, name string) {
		s := Snippet{URL: u, Vendors: odd, Hosts: []Host{{Name: name, MAC: "001565000001", DHCP: odd[0].DHCP[0], URL: telephony.Secret(u)}}}
		calm := Snippet{URL: "https://x.example/", Vendors: odd, Hosts: []Host{{Name: "x", MAC: "001565000001", DHCP: odd[0].DHCP[0], URL: "https://x.example/"}}}
		for _, server := range []Server{Dnsmasq, Kea, ISC} {
			got, err := s.Write(server)
			if err != nil {
				continue
			}
			want, err := calm.Write(server)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Count([]byte(got), []byte("\n")) != bytes.Count([]byte(want), []byte("\n")) {
				t.Errorf("%s: %q, %q made another line:\n%s", server, u, name, got)
			}
		}
	})
}
