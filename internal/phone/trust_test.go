package phone

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tischlein/internal/telephony"
)

func TestP01_MACAloneGetsNoSecret(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.RootCA = "" })
	for _, p := range []string{yealinkMAC + ".cfg", yealinkMAC + ".boot", "y000000000108.cfg", "p/" + yealinkMAC + ".cfg", "000413123456.xml", ""} {
		st.want(404, bare(p))
	}
	if len(st.fake.contacts) > 0 || st.fake.lookups > 0 {
		t.Error("a MAC alone reached the database")
	}
}

func TestP02_NothingButPointerOverPlainHTTP(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	f.armed = []telephony.MAC{yealinkMAC}
	st := newStage(t, f)
	body := st.want(200, ask{path: "/" + yealinkMAC + ".cfg", ua: yealinkUA, plain: true})
	if !strings.Contains(body, "https://prov.example.net/p/") || secretIn(body) != "" {
		t.Errorf("not a pointer: %s", body)
	}
	if again := st.want(200, ask{path: "/" + otherMAC + ".cfg", ua: yealinkUA, plain: true}); again != body {
		t.Error("the pointer is not constant")
	}
	for _, p := range []string{"/d/" + ownToken + "/" + yealinkMAC + ".cfg", "/f/" + firstToken + "/" + yealinkMAC + ".cfg", "/ca.crt", "/"} {
		st.want(404, ask{path: p, ua: yealinkUA, plain: true})
	}
	st.want(405, ask{method: "PUT", path: "/" + yealinkMAC + ".cfg", plain: true})
	if f.lookups+f.reads+len(f.contacts) > 0 || f.first.IsValid() || f.claimed.IsValid() {
		t.Error("plain HTTP reached the devices")
	}
}

func TestP02_TokenServesTheDevice(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	body := st.want(200, own(yealinkMAC+".cfg"))
	if !strings.Contains(body, sipSecret) || !strings.Contains(body, "Anna Schmidt") {
		t.Errorf("not the device's file: %s", body)
	}
	st.want(404, ask{path: "/d/" + strings.Repeat("x", 32) + "/" + yealinkMAC + ".cfg"})
	if st.fake.done != 1 {
		t.Errorf("first access ended %d times, want once", st.fake.done)
	}
}

func TestP03_FirstAccessLeadsToOwnDirectory(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	for _, file := range []string{yealinkMAC + ".boot", yealinkMAC + ".cfg", yealinkMAC + ".cfg"} {
		body := st.want(200, first(file))
		if !strings.Contains(body, baseURL) || strings.Contains(body, sipSecret) || strings.Contains(body, adminWord) {
			t.Errorf("%s is not a stage-1 file: %s", file, body)
		}
	}
	elsewhere := first(yealinkMAC + ".cfg")
	elsewhere.from = "198.51.100.9"
	st.want(404, elsewhere)
	if len(st.fake.fetches) > 0 {
		t.Error("a stage-1 file counts as a fetch")
	}
	st.want(200, own(yealinkMAC+".boot"))
	st.want(200, first(yealinkMAC+".boot")) // cut off in mid-chain it begins again
	st.want(200, own(yealinkMAC+".cfg"))
	st.want(404, first(yealinkMAC+".cfg")) // it died with the first chain by the other
}

func TestP03_FirstAccessOfApplicationIsItsFile(t *testing.T) {
	st := newStage(t, newFake("linphone", ""))
	a := first("")
	a.ua = "Linphone-Desktop/5.2.6"
	if body := st.want(200, a); !strings.Contains(body, sipSecret) {
		t.Errorf("no account: %s", body)
	}
	if len(st.fake.fetches) != 1 || len(st.fake.contacts) != 1 {
		t.Errorf("fetches %d, contacts %d, want one each", len(st.fake.fetches), len(st.fake.contacts))
	}
	a.path = "/d/" + ownToken + "/"
	st.want(200, a)
	if n := len(st.fake.fetches); n != 2 || st.fake.fetches[1].Firmware != "5.2.6" {
		t.Errorf("own directory: %d fetches, %+v", n, st.fake.fetches)
	}
}

func TestP03_ArmedGetsPendingTokenOnce(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	f.armed = []telephony.MAC{yealinkMAC}
	st := newStage(t, f)
	st.want(404, bare("y000000000108.cfg")) // names nobody
	a := bare("nonsense.bin")
	a.ua = yealinkUA + " " + telephony.MAC(yealinkMAC).Colon()
	st.want(404, a)
	a = bare("y000000000108.boot")
	a.ua = yealinkUA + " " + telephony.MAC(yealinkMAC).Colon()
	st.want(404, a)
	if f.claimed.IsValid() {
		t.Fatal("a file that does not exist used up the claim")
	}
	for _, file := range []string{yealinkMAC + ".boot", "p/" + yealinkMAC + ".cfg"} {
		body := st.want(200, bare(file))
		if !strings.Contains(body, baseURL) || strings.Contains(body, sipSecret) || strings.Contains(body, adminWord) {
			t.Errorf("%s: %s", file, body)
		}
	}
	second := bare(yealinkMAC + ".cfg")
	second.from = "198.51.100.9"
	st.want(404, second)

	// Pending: at its own address only, as long as it is.
	thief := own(yealinkMAC + ".cfg")
	thief.from = "198.51.100.9"
	st.want(404, thief)
	st.want(200, own(yealinkMAC+".cfg"))
	st.want(404, thief)
	if len(f.refused) != 1 || !strings.Contains(f.refused[0], site) {
		t.Errorf("refusals: %q, want one that names the address", f.refused)
	}
	f.device.Only = netip.Addr{}
	st.Changed("cpe1")
	st.want(200, thief)
}

func TestP03_SnomIsLedFromTheModelsFile(t *testing.T) {
	st := newStage(t, newFake("snom", "000413123456"))
	st.fake.device.Model = "D785"
	a := first("snomD785.htm")
	a.ua = "Mozilla/4.0 (compatible; snomD785-SIP 10.1.54.13 2010.12-00004-g9ba52f5 000413123456 SXM:0)"
	if body := st.want(200, a); !strings.Contains(body, baseURL+"000413123456.xml") || strings.Contains(body, sipSecret) {
		t.Errorf("not led on: %s", body)
	}
	a.path = "/d/" + ownToken + "/000413123456.xml"
	if body := st.want(200, a); !strings.Contains(body, sipSecret) {
		t.Errorf("not its file: %s", body)
	}
	if len(st.fake.fetches) != 1 || st.fake.fetches[0].Firmware != "10.1.54.13" {
		t.Errorf("fetches: %+v", st.fake.fetches)
	}
	a.ua = strings.Replace(a.ua, "000413123456", "000413654321", 1)
	st.want(404, a)
}

func TestP03_ArmedIsReadAfterChanged(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	for range 3 {
		st.want(404, bare(yealinkMAC+".cfg"))
	}
	if f.reads != 1 {
		t.Errorf("armed MACs were read %d times for three requests", f.reads)
	}
	f.armed = []telephony.MAC{yealinkMAC}
	st.Changed("cpe1")
	st.want(200, bare(yealinkMAC+".cfg"))
}

func TestP04_CredentialNamesOneDevice(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	for range 2 { // cold, then from memory
		a := own(yealinkMAC + ".cfg")
		a.ua = yealinkUA + " " + telephony.MAC(otherMAC).Colon()
		for _, a := range []ask{own(otherMAC + ".cfg"), own("x.cfg?mac=" + otherMAC), a} {
			st.want(404, a)
		}
		if n := len(st.fake.refused); n != 1 {
			t.Errorf("%d refusals told, want one: repetitions are to be held back", n)
		}
		if st.want(200, own(yealinkMAC+".cfg")) == "" {
			t.Error("empty file")
		}
	}
	if !strings.Contains(st.fake.refused[0], "80:5e:c0:65:43:21") {
		t.Errorf("the refusal does not name the other device: %q", st.fake.refused[0])
	}
	st.clock = st.clock.Add(refusalPause)
	st.want(404, own(otherMAC+".cfg"))
	if len(st.fake.refused) != 2 {
		t.Error("a refusal after the pause was not told")
	}
}

func TestP04_WhatDoesNotFitIsStillTheDevice(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	config := st.want(200, own(yealinkMAC+".cfg"))
	a := own("snom785.htm") // another vendor's word for a common file: this one has none
	a.ua = "Mozilla/4.0 (compatible; snomD785-SIP 10.1.54.13)"
	st.want(404, a)
	a.path = "/d/" + ownToken + "/" + strings.ToUpper(yealinkMAC) + ".xml"
	for _, b := range []ask{own("whatever.cfg"), own(""), a} {
		if st.want(200, b) != config {
			t.Errorf("%s: not the device's file", b.path)
		}
	}
	st.want(404, own("favicon.ico"))
	st.want(404, own(yealinkMAC+"-local.cfg"))
}

func TestP05_UnknownIsIdentical(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	dump := func(mac string) string {
		rec := st.do(bare(mac + ".cfg"))
		return fmt.Sprint(rec.Code, rec.Header(), rec.Body)
	}
	if a, b := dump(yealinkMAC), dump(otherMAC); a != b {
		t.Errorf("known: %s\nunknown: %s", a, b)
	}
	if st.fake.lookups > 0 || st.fake.reads > 1 {
		t.Error("unknown phones cost the database something")
	}
}

func TestP05_ManyPhonesBehindOneAddressAreNoScan(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	mac := func(n int) string { return fmt.Sprintf("805ec0%06x.cfg", n) }
	for range 20 { // retries are no further names
		for n := range 300 {
			st.want(404, bare(mac(n)))
		}
	}
	for n := 300; n < 1000; n++ {
		st.want(404, bare(mac(n)))
	}
	rec := st.do(bare(mac(1000)))
	if rec.Code != 429 || rec.Header().Get("Retry-After") == "" || rec.Body.Len() > 0 {
		t.Errorf("a scan: %d %v", rec.Code, rec.Header())
	}
	st.want(200, own(yealinkMAC+".cfg")) // token holders are never limited
	neighbour := bare(mac(1000))
	neighbour.from = "203.0.113.11"
	st.want(404, neighbour)
	st.clock = st.clock.Add(st.cfg.UnknownWindow)
	st.want(404, bare(mac(1000)))
}

func TestP05_ScanFromWholeNetIsLimited(t *testing.T) {
	for net, addr := range map[string]string{"v4": "203.0.113.%d", "v6": "2001:db8::%x"} {
		t.Run(net, func(t *testing.T) {
			f := newFake("yealink", yealinkMAC)
			f.armed = []telephony.MAC{yealinkMAC}
			st := newStage(t, f)
			for n := range 4000 {
				a := bare(fmt.Sprintf("805ec0%06x.cfg", n))
				a.from = fmt.Sprintf(addr, 1+n%200)
				st.want(404, a)
			}
			a := bare("805ec0ffffff.cfg")
			a.from = fmt.Sprintf(addr, 250)
			st.want(429, a)
			a.path = "/" + yealinkMAC + ".cfg" // armed: must not stand out
			st.want(429, a)
		})
	}
}

func TestP05_TrustAnchorIsForAnybody(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) {
		c.RootCA = testCA
		c.Registry = only(t, "yealink")
	})
	if body := st.want(200, bare("ca.crt")); body != testCA {
		t.Errorf("got %q", body)
	}
}

func TestP05_AScanWaitsForEachRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.UnknownPerAddr, c.ScanPause = 1, time.Second })
		scan := func(mac string) (status int, took time.Duration) {
			begin := time.Now()
			rec := st.do(ask{path: "/" + mac + ".cfg", ua: yealinkUA})
			return rec.Code, time.Since(begin)
		}
		if status, took := scan("805ec0000001"); status != 404 || took > 0 {
			t.Errorf("the first unknown MAC: %d after %s", status, took)
		}
		if status, took := scan("805ec0000002"); status != 429 || took != time.Second {
			t.Errorf("one too many: %d after %s", status, took)
		}
		begin := time.Now()
		st.want(200, own(yealinkMAC+".cfg"))
		if took := time.Since(begin); took > 0 {
			t.Errorf("a known phone beside it waits %s", took)
		}
	})
}
