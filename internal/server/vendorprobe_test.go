package server

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// probe asks one driver.
type probe struct {
	t    *testing.T
	drv  provision.Driver
	info provision.Info
}

const (
	none       = "–"
	probePages = "https://phones.example.net/k/pagespagespagespagespages/"
	probeToken = "https://phones.example.net/d/tokentokentokentokentoken/"
)

// desired is a free desk of that model; edit changes it.
func (p probe) desired(model string, edit func(*telephony.Desired)) telephony.Desired {
	d := telephony.Desired{
		Driver: p.info.Vendor, Model: model, DeviceName: "Empfang", BaseURL: probeToken, RefetchSeconds: 86400,
		SIP:           telephony.SIPServer{Realm: "sip.example.net", Host: "sip.example.net", Port: 5060, Transport: "udp", Expires: 300, KeepAlive: 25},
		AdminPassword: "Geheim-4711", Language: "de", TimeZone: "Europe/Berlin", LoginCode: "90177", LogoutCode: "90277", Hotdesking: true,
		Lines: []telephony.Line{{Port: 1, State: telephony.LineFree, SIPUser: "c7k2m9x4q1", Secret: "sip-0815", Language: "de"}},
	}
	if len(p.info.OUIs) > 0 {
		d.MAC = telephony.MAC(p.info.OUIs[0] + "aabbcc")
	}
	edit(&d)
	return d
}

// files are all that a device may have.
func (p probe) files(d telephony.Desired) map[provision.FileKind]provision.File {
	p.t.Helper()
	found := map[provision.FileKind]provision.File{}
	for _, kind := range p.info.Kinds {
		f, err := p.drv.Render(d, kind)
		if err != nil && telephony.CodeOf(err) != telephony.NotFound {
			p.t.Fatalf("%s %s %s: %v", p.info.Vendor, d.Model, kind, err)
		}
		if err == nil {
			found[kind] = f
		}
	}
	return found
}

// holds reports whether every text stands in some file of that model.
func (p probe) holds(model string, edit func(*telephony.Desired), texts ...string) bool {
	var all []byte
	for _, f := range p.files(p.desired(model, edit)) {
		all = append(all, f.Body...)
	}
	for _, s := range texts {
		if !bytes.Contains(all, []byte(s)) {
			return false
		}
	}
	return true
}

// first is the model that stands in for unknown ones.
func (p probe) first() string { return p.info.Models[0].Name }

func (p probe) proven() []string {
	places, keys := 0, 0
	for _, m := range p.info.Models {
		places, keys = max(places, m.Ports), max(keys, m.Keys)
	}
	var walked []string
	for _, row := range slices.Sorted(maps.Keys(makers)) {
		vendor, kind, _ := strings.Cut(row, " ")
		if vendor != p.info.Vendor {
			continue
		}
		text, m := "yes", makers[row]
		if m.model != "" {
			text = cmp.Or(m.model, kind)
		}
		if m.same {
			text = "*" + text + "*"
		}
		walked = append(walked, text)
	}
	goldens, err := os.ReadDir("../provision/drivers/testdata/" + p.info.Vendor)
	if err != nil && p.info.Fetches() {
		p.t.Fatal(err)
	}
	return []string{fmt.Sprint(len(p.info.Models)), fmt.Sprint(places), number(keys), cmp.Or(strings.Join(walked, ", "), none), number(len(goldens))}
}

func (p probe) provisioned() []string {
	if !p.info.Fetches() {
		return []string{none, none, "registering", none, none, none, none}
	}
	ca, der := probeCA(p.t)
	d := p.desired(p.first(), func(d *telephony.Desired) { d.SIP.RootCA = ca })
	found := p.files(d)
	name := func(kind provision.FileKind) string {
		n := strings.NewReplacer(string(d.MAC), "{mac}", d.MAC.Upper(), "{MAC}").Replace(found[kind].Name)
		if n == "" || d.MAC == "" {
			return "its own URL"
		}
		return "`" + n + "`"
	}
	var chain, beside []string
	handed := false
	for _, kind := range p.info.Kinds {
		f, ok := found[kind]
		if !ok {
			continue
		}
		handed = handed || carries(f.Body, der)
		if !slices.Contains(p.info.Chain, kind) {
			beside = append(beside, name(kind))
		}
	}
	for _, kind := range p.info.Chain {
		chain = append(chain, name(kind))
	}
	files := strings.Join(chain, ", ")
	if len(beside) > 0 {
		files += "; " + strings.Join(beside, ", ")
	}
	stage, leads, early := p.stageOne(ca, der)
	open, params := 0, p.drv.(provision.Catalogued).Catalogue().Params()
	for _, q := range params {
		if q.Open {
			open++
		}
	}
	auth, firmware := none, none
	if p.holds(p.first(), func(d *telephony.Desired) { d.HTTPUser, d.HTTPPassword = "d-5f3a9c", "http-2342" }, "d-5f3a9c", "http-2342") {
		auth = strings.Join(p.info.HTTPAuth, ", ")
	}
	if n := p.count(func(m provision.Model) bool {
		return p.holds(m.Name, func(d *telephony.Desired) {
			d.Firmware = telephony.Firmware{Version: "99.1.2.3", URL: "https://phones.example.net/w/0123abcd/image-99.1.2.3.rom"}
		}, "/w/0123abcd")
	}); n != "" {
		firmware = n
	}
	return []string{files, stage, p.trust(leads, auth), yes(handed || early), auth, firmware, fmt.Sprintf("%d of %d", open, len(params))}
}

// stageOne is what a device gets before it has its own directory.
func (p probe) stageOne(ca, der string) (text string, leads, handed bool) {
	one, ok := p.drv.(provision.StageOne)
	if !ok {
		return none, false, false
	}
	points := false
	for _, kind := range []provision.FileKind{provision.KindBoot, provision.KindCommon, provision.KindConfig, provision.KindTrust} {
		b := provision.Bootstrap{MAC: p.desired("", func(*telephony.Desired) {}).MAC, Model: p.first(), RootCA: ca, StageURL: "https://phones.example.net/p/"}
		if f, err := one.RenderStageOne(b, kind); err == nil {
			handed = handed || carries(f.Body, der)
		}
		b.TokenURL = probeToken
		if f, err := one.RenderStageOne(b, kind); err == nil {
			leads = leads || bytes.Contains(f.Body, []byte("tokentokentokentokentoken"))
		}
		_, err := one.PlainPointer(kind, "https://phones.example.net/p/")
		points = points || err == nil
	}
	var parts []string
	for what, is := range map[string]bool{"1 our CA": handed, "2 its directory": leads, "3 from HTTP to HTTPS": points} {
		if is {
			parts = append(parts, what)
		}
	}
	slices.Sort(parts)
	for n := range parts {
		parts[n] = parts[n][2:]
	}
	return cmp.Or(strings.Join(parts, ", "), none), leads, handed
}

// trust: (b) is what every walk begins with. A MAC can be armed where a phone has one
// and its first file leads on; a PIN can be typed where it takes a password for its
// server.
func (p probe) trust(leads bool, auth string) string {
	var ways []string
	hardware := len(p.info.OUIs) > 0
	if p.info.ClientCert {
		ways = append(ways, "a")
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(makers)), func(row string) bool { v, _, _ := strings.Cut(row, " "); return v == p.info.Vendor }) {
		ways = append(ways, "b")
	}
	if hardware && leads {
		ways = append(ways, "c")
	}
	if hardware && leads && strings.Contains(auth, "basic") {
		ways = append(ways, "d")
	}
	return cmp.Or(strings.Join(ways, " "), none)
}

func (p probe) atWork() []string {
	over := strings.Join(p.info.Transports, ", ")
	fetch, restart := none, none
	if n, ok := p.drv.(provision.Notifier); ok {
		fetch = "`" + n.CheckSync() + "`"
		if e := n.Reboot(); e != "" {
			restart = "`" + e + "`"
		}
		for row, m := range makers {
			if row == p.info.Vendor && m.wary {
				fetch += ", if it can prove itself"
			}
			if row == p.info.Vendor && m.changes {
				fetch += ", restarting if anything changed"
			}
		}
	}
	if !p.info.Fetches() {
		return []string{over, fetch, restart, "its code", none, none}
	}
	for n, t := range p.info.Transports {
		takes := p.count(func(m provision.Model) bool {
			_, err := p.drv.Render(p.desired(m.Name, func(d *telephony.Desired) { d.SIP.Transport = t }), provision.KindConfig)
			return err == nil
		})
		if n == 0 {
			over = ""
		}
		if takes != "yes" {
			t += " (" + cmp.Or(takes, "none") + ")"
		}
		over = strings.TrimPrefix(over+", "+t, ", ")
	}
	forms, dials, shows := 0, 0, 0
	for _, m := range p.info.Models {
		switch paged := func(d *telephony.Desired) { d.PagesURL = probePages }; {
		case p.info.XMLBrowser && p.holds(m.Name, paged, probePages+"1/login"):
			forms++
		case m.Keys > 0 && p.holds(m.Name, paged, "90177"):
			dials++
		case p.holds(m.Name, paged, "90177"):
			shows++
		}
	}
	people := p.count(func(m provision.Model) bool {
		return p.holds(m.Name, func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Name, d.Hotdesking = telephony.LineLinked, "Anna", false
			d.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyWatch, Label: "Jan", Value: "10277"}, {Kind: telephony.KeyDial, Label: "Taxi", Value: "19410"}}
		}, "10277", "19410")
	})
	var login []string
	for _, l := range []struct {
		n    int
		what string
	}{{forms, "form"}, {dials, "dials"}, {shows, "shows"}} {
		if l.n > 0 {
			login = append(login, fmt.Sprintf("%s %d", l.what, l.n))
		}
	}
	poll := none
	if n := p.info.PollMin; n > 0 {
		poll = fmt.Sprintf("every %d h", n/3600)
		if n < 3600 {
			poll = fmt.Sprintf("every %d min", n/60)
		}
	}
	return []string{over, fetch, restart, cmp.Or(strings.Join(login, ", "), none), cmp.Or(people, none), poll}
}

func (p probe) said() []string {
	return []string{yes(p.info.ClientCert), yes(p.info.DigestSHA256), yes(p.info.DialUnregistered),
		map[provision.Evidence]string{provision.EvidenceDisplay: "display name", provision.EvidenceRegister: "registration", provision.EvidenceNone: "fetch"}[p.info.Evidence]}
}

// count says on how many models something is so: "yes" on all, "" on none.
func (p probe) count(is func(provision.Model) bool) string {
	n := 0
	for _, m := range p.info.Models {
		if is(m) {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case len(p.info.Models):
		return "yes"
	}
	return fmt.Sprintf("%d of %d models", n, len(p.info.Models))
}

// carries: as PEM, as DER in base64, or with breaks of its own.
func carries(body []byte, der string) bool {
	return strings.Contains(strings.Join(strings.Fields(string(body)), ""), der)
}

func probeCA(t *testing.T) (text, der string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})), base64.StdEncoding.EncodeToString(raw)
}
