package phone

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// badAsk is one request that a device may send and should not.
type badAsk struct {
	ask    string // but for the last line break; the long way has a header more
	status int
	close  bool   // the connection ends with it
	odd    string // the line in the device's history, "" = none
	deny   string // the line that says it was refused, "" = none
	device func(*Device)
}

func path(p string) string { return "GET " + p + " HTTP/1.1\r\n" + hostLine }

var badAsks = map[string]badAsk{
	"no such file":              {ask: path("/d/" + ownToken + "/wallpaper.jpg"), status: 404, odd: "a file that there is not"},
	"no such token":             {ask: path("/d/" + strings.Repeat("y", 32) + "/" + yealinkMAC + ".cfg"), status: 404},
	"DELETE":                    {ask: strings.Replace(path(ownFile), "GET", "DELETE", 1), status: 405, close: true, odd: "the method DELETE"},
	"a method in lower case":    {ask: strings.Replace(path(ownFile), "GET", "get", 1), status: 405, close: true, odd: "the method get"},
	"a giant upload":            {ask: strings.Replace(path("/d/"+ownToken+"/a.log"), "GET", "PUT", 1) + "Content-Length: 99999999999\r\n", status: 413, close: true, odd: "larger than uploads may be"},
	"a range without an end":    {ask: path(ownFile) + "Range: bytes=-\r\n", status: 200},
	"a thousand ranges":         {ask: path(ownFile) + "Range: bytes=" + strings.Repeat("1-0,", 1000) + "9-\r\n", status: 200},
	"HTTP/1.0":                  {ask: strings.Replace(path(ownFile), "HTTP/1.1", "HTTP/1.0", 1), status: 200, close: true},
	"dots":                      {ask: path("/d/" + ownToken + "/../../etc/passwd"), status: 404},
	"escaped dots":              {ask: path("/d/" + ownToken + "/%2e%2e/%2e%2e/etc/passwd"), status: 404},
	"an encoded slash":          {ask: path("/d/" + ownToken + "/..%2f..%2fetc%2fpasswd"), status: 404},
	"a slash in the token":      {ask: path("/d/" + ownToken[:16] + "%2f" + ownToken[16:] + "/x.cfg"), status: 404},
	"another's file":            {ask: path("/d/" + ownToken + "/" + otherMAC + ".cfg"), status: 404, deny: "80:5e:c0:65:43:21"},
	"another in the User-Agent": {ask: strings.Replace(path(ownFile), yealinkUA, yealinkUA+" 80:5e:c0:65:43:21", 1), status: 404, deny: "80:5e:c0:65:43:21"},
	"a pending device's token elsewhere": {ask: path(ownFile), status: 404, deny: "not confirmed yet",
		device: func(d *Device) { d.Only = netip.MustParseAddr("198.51.100.1") }},
	"a wrong password":                   {ask: path(ownFile) + "Authorization: " + basic(httpUser, "x") + "\r\n", status: 401, deny: "wrong HTTP password", device: demands},
	"no password":                        {ask: path(ownFile), status: 401, device: demands},
	"another's file before its password": {ask: path("/d/" + ownToken + "/" + otherMAC + ".cfg"), status: 404, deny: "80:5e:c0:65:43:21", device: demands},
}

func demands(d *Device) {
	d.HTTP = telephony.HTTPLogin{Demanded: true, User: httpUser, Password: httpPassword}
}

// Whichever way a request takes, the short one or net/http's, and whether the device
// was in memory before or not, the answer is the same, says nothing, and the
// device's history has its line.
func TestP13_BadRequestsAreAnsweredAlikeOnBothWays(t *testing.T) {
	for name, bad := range badAsks {
		for _, warm := range []bool{false, true} {
			for way, header := range map[string]string{"short": "", "long": "X-Long-Way: 1\r\n"} {
				t.Run(fmt.Sprint(name, "/", way, "/warm=", warm), func(t *testing.T) {
					s := newSender(t)
					if warm {
						s.wants(http.StatusOK, asked("GET", yealinkMAC+".cfg", "", ""))
					}
					if bad.device != nil {
						s.fake.mu.Lock()
						bad.device(&s.fake.device)
						s.fake.mu.Unlock()
						s.st.Changed(s.fake.device.ID)
					}
					s.fake.mu.Lock()
					s.fake.refused = nil
					s.fake.mu.Unlock()
					r := s.wants(bad.status, bad.ask+header+"\r\n")
					if bad.close && !r.Close {
						t.Error("the connection stays open")
					}
					if bad.odd != "" {
						s.told(t, bad.odd)
					}
					s.fake.mu.Lock()
					defer s.fake.mu.Unlock()
					if said := fmt.Sprint(s.fake.refused); bad.deny == "" && len(s.fake.refused) > 0 || !strings.Contains(said, bad.deny) {
						t.Errorf("refusals: %s, want %q", said, bad.deny)
					}
					s.mu.Lock()
					defer s.mu.Unlock()
					if bad.odd == "" && len(s.shelf.odd) > 0 {
						t.Errorf("the history has %v", s.shelf.odd)
					}
				})
			}
		}
	}
}

// An answer to a challenge is good for one request, on either way and across them; what
// comes a second time stands in the device's history (P02).
func TestP02_ReplayedDigestsStandInTheHistoryOnBothWays(t *testing.T) {
	for first, header := range map[string]string{"short": "", "long": "X-Long-Way: 1\r\n"} {
		for second, again := range map[string]string{"short": "", "long": "X-Long-Way: 1\r\n"} {
			t.Run(first+" then "+second, func(t *testing.T) {
				s := newSender(t)
				demands(&s.fake.device)
				nonce, _ := nonceOf(t, s.wants(http.StatusUnauthorized, asked("GET", yealinkMAC+".cfg", header, "")), "MD5")
				proof := "Authorization: " + digest("MD5", httpUser, httpPassword, ownFile, nonce, 1) + "\r\n"
				s.wants(http.StatusOK, asked("GET", yealinkMAC+".cfg", proof+header, ""))
				if _, stale := nonceOf(t, s.wants(http.StatusUnauthorized, asked("GET", yealinkMAC+".cfg", proof+again, "")), "MD5"); !stale {
					t.Error("a phone would take its password for wrong")
				}
				s.told(t, "came a second time")
			})
		}
	}
}
