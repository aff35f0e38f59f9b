package phone

import (
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func TestP03_SiteTokenLeadsListedDevices(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	addr, _, roots := serve(t, st)
	c := newCaller(t, addr, roots)
	_, body := c.want(200, "/s/"+siteToken+"/"+yealinkMAC+".cfg", "")
	if !strings.Contains(body, baseURL) || strings.Contains(body, sipSecret) {
		t.Errorf("not a stage-1 file: %s", body)
	}
	for _, p := range []string{"/s/" + siteToken + "/" + otherMAC + ".cfg", "/s/" + siteToken + "/y000000000108.cfg", "/s/" + siteToken + "/", "/s/x/" + yealinkMAC + ".cfg",
		"/s/" + strings.ToUpper(siteToken) + "/" + yealinkMAC + ".cfg", "/s/" + siteToken + "/" + yealinkMAC + ".cfg?mac=" + otherMAC} {
		c.want(404, p, "")
	}
	if strings.Contains(st.log.String(), siteToken) {
		t.Error("the log holds the token")
	}
}

func TestP03_PINIsAskedForAtItsOwnURL(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	f.pins = []telephony.MAC{yealinkMAC}
	st := newStage(t, f)
	addr, _, roots := serve(t, st)
	c := newCaller(t, addr, roots)
	known, _ := c.want(401, "/n/"+yealinkMAC+".cfg", "")
	unknown, _ := c.want(401, "/n/"+otherMAC+".cfg", "")
	known.Header.Del("Date")
	unknown.Header.Del("Date")
	if a, b := known.Header, unknown.Header; len(a) != len(b) || a.Get("WWW-Authenticate") != b.Get("WWW-Authenticate") || !strings.HasPrefix(a.Get("WWW-Authenticate"), "Basic ") {
		t.Errorf("known %v, unknown %v", a, b)
	}
	for range 3 {
		c.want(401, "/n/"+otherMAC+".cfg", basic("", devicePIN))
	}
	if f.lookups > 0 {
		t.Error("a MAC without a PIN reached the database")
	}
	c.want(401, "/n/"+yealinkMAC+".cfg", basic("", "999999"))
	_, body := c.want(200, "/n/"+yealinkMAC+".cfg", basic("whoever", devicePIN))
	if !strings.Contains(body, baseURL) || strings.Contains(body, sipSecret) || strings.Contains(body, adminWord) {
		t.Errorf("not a stage-1 file: %s", body)
	}
	c.want(404, "/"+yealinkMAC+".cfg", basic("", devicePIN)) // nowhere else
	c.want(404, "/n", basic("", devicePIN))
	if strings.Contains(st.log.String(), devicePIN) {
		t.Error("the log holds the PIN")
	}
}

// Trying MACs at the PIN's URL is a scan like any other (P05).
func TestP05_MACsAreNotTriedAtThePINsURL(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	f.pins = []telephony.MAC{yealinkMAC}
	st := newStage(t, f, func(c *Config) { c.UnknownPerAddr = 3 })
	addr, _, roots := serve(t, st)
	c := newCaller(t, addr, roots)
	for _, mac := range []string{"805ec0000001", "805ec0000002", "805ec0000003"} {
		c.want(401, "/n/"+mac+".cfg", basic("", "000000"))
	}
	c.want(429, "/n/805ec0000004.cfg", basic("", "000000"))
	c.want(429, "/n/"+yealinkMAC+".cfg", basic("", devicePIN)) // must not stand out
}
