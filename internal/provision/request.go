package provision

import (
	"net/url"
	"strings"

	"tischlein/internal/telephony"
)

// Request is what a phone's HTTP request says about the phone.
type Request struct {
	Method    string
	Host      string
	Path      string // decoded, below the token or the stage-1 root
	Query     string // raw
	UserAgent string
	CertCN    string            // subject CN of a client certificate that was verified
	Header    map[string]string // canonical names; only what drivers ask for
}

// Writes reports whether the phone sends something instead of fetching it (P13).
func (r Request) Writes() bool { return r.Method == "PUT" || r.Method == "POST" }

// Source is where a MAC was found.
type Source string

// The sources, in the order of their weight.
const (
	FromCertificate Source = "certificate"
	FromPath        Source = "path"
	FromQuery       Source = "query"
	FromUserAgent   Source = "user-agent"
)

// Candidate is one MAC that a request names.
type Candidate struct {
	MAC  telephony.MAC
	From Source
}

// Candidates are the MACs in a request, weightiest source first, each pair of
// MAC and source once.
func Candidates(r Request) []Candidate {
	var found []Candidate
	add := func(from Source, macs ...telephony.MAC) {
		for _, m := range macs {
			c := Candidate{m, from}
			seen := false
			for _, f := range found {
				seen = seen || f == c
			}
			if !seen {
				found = append(found, c)
			}
		}
	}
	add(FromCertificate, wholeOrWithin(r.CertCN)...)
	add(FromPath, FindMACs(r.Path)...)
	// A query that cannot be decoded names nobody: it is foreign text.
	if q, err := url.ParseQuery(r.Query); err == nil {
		for _, key := range []string{"mac", "address"} {
			for _, v := range q[key] {
				add(FromQuery, wholeOrWithin(v)...)
			}
		}
	}
	if !serialInBrackets(r.UserAgent) {
		add(FromUserAgent, FindMACs(r.UserAgent)...)
	}
	return found
}

// wholeOrWithin also takes the notations that are too weak to be searched for
// inside other text, such as 805e.c012.3456.
func wholeOrWithin(s string) []telephony.MAC {
	if m, err := telephony.ParseMAC(s); err == nil {
		return []telephony.MAC{m}
	}
	return FindMACs(s)
}

// serialInBrackets: Linksys sets and Cisco ATAs put a serial number where others
// put the MAC, and it may well consist of twelve hexadecimal digits. Only a pair
// of brackets is MAC and serial.
func serialInBrackets(ua string) bool {
	for _, p := range []string{"Linksys/", "Cisco/SPA", "Cisco/ATA"} {
		if strings.HasPrefix(ua, p) {
			return !strings.Contains(ua, ")(")
		}
	}
	return false
}

// FindMACs are the MACs inside a text, in order of appearance: twelve
// hexadecimal digits, bare or in pairs split by one of ":" and "-", that touch
// no other such digit. File names such as 000000000000.cfg and
// y000000000028.cfg name nobody (telephony.ParseMAC).
func FindMACs(s string) []telephony.MAC {
	var found []telephony.MAC
	for i := 0; i < len(s); {
		n, ok := hexChain(s[i:])
		if i > 0 && n > 2 && strings.EqualFold(s[i-1:i+3], "mac:") {
			n, ok = 3, false // a label that ends in hexadecimal digits
		}
		if n == 13 && i > 1 && strings.EqualFold(s[i-2:i+1], "ata") {
			n = 1 // Cisco's adapters ask for ATA<MAC>.cnf.xml
		}
		if ok {
			if m, err := telephony.ParseMAC(s[i : i+n]); err == nil {
				found = append(found, m)
			}
		}
		i += max(n, 1)
	}
	return found
}

// hexChain measures what s begins with: a run of hexadecimal digits, or a chain
// of pairs with one separator. ok is true for twelve digits in either form; a
// chain of another length is something else and skipped as a whole.
func hexChain(s string) (n int, ok bool) {
	run := hexRun(s)
	if run != 2 || len(s) < 3 || (s[2] != ':' && s[2] != '-') {
		return run, run == 12
	}
	n = 2
	for n+2 < len(s) && s[n] == s[2] && hexRun(s[n+1:]) == 2 {
		n += 3
	}
	return n, n == 17
}

func hexRun(s string) int {
	n := 0
	for n < len(s) && isHex(s[n]) {
		n++
	}
	return n
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
