package phone

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tischlein/internal/peer"
	"tischlein/internal/telephony"
)

// maker is a certificate authority as a maker of phones has one.
type maker struct {
	t    *testing.T
	cert *x509.Certificate
	key  crypto.Signer
}

func newMaker(t *testing.T, subject pkix.Name, signer *maker) *maker {
	t.Helper()
	m := &maker{t: t}
	var err error
	if m.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if signer == nil {
		signer = m
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: subject, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2044, 3, 9, 0, 0, 0, 0, time.UTC)}
	parent := signer.cert
	if parent == nil {
		parent = tmpl
	}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, parent, m.key.Public(), signer.key)
	if err != nil {
		t.Fatal(err)
	}
	if m.cert, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return m
}

// phone makes a device's certificate; more follow it in the chain it shows.
func (m *maker) phone(subject pkix.Name, more ...*x509.Certificate) tls.Certificate {
	m.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		m.t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: subject,
		NotBefore: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, m.cert, key.Public(), m.key)
	if err != nil {
		m.t.Fatal(err)
	}
	c := tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
	for _, x := range more {
		c.Certificate = append(c.Certificate, x.Raw)
	}
	return c
}

// sha1 signs a certificate anew as old makers did.
func (m *maker) sha1(c tls.Certificate) tls.Certificate {
	m.t.Helper()
	x, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		m.t.Fatal(err)
	}
	type algorithm struct {
		OID asn1.ObjectIdentifier
		P   asn1.RawValue
	}
	alg := algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, asn1.NullRawValue}
	tbs := strings.Replace(string(x.RawTBSCertificate), string(must(m.t, algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, asn1.NullRawValue})), string(must(m.t, alg)), 1)
	sum := sha1.Sum([]byte(tbs))
	sig, err := rsa.SignPKCS1v15(rand.Reader, m.key.(*rsa.PrivateKey), crypto.SHA1, sum[:])
	if err != nil {
		m.t.Fatal(err)
	}
	raw := must(m.t, struct {
		TBS asn1.RawValue
		Alg algorithm
		Sig asn1.BitString
	}{asn1.RawValue{FullBytes: []byte(tbs)}, alg, asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}})
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: c.PrivateKey}
}

func must(t *testing.T, v any) []byte {
	t.Helper()
	b, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cn(name string) pkix.Name { return pkix.Name{CommonName: name} }

// The forms in which makers write a MAC into their certificates, and what is none.
func TestP03_CertificatesInTheMakersForms(t *testing.T) {
	root := newMaker(t, pkix.Name{CommonName: "Phone Root CA", Organization: []string{"Maker"}}, nil)
	issuing := newMaker(t, cn("Equipment Issuing CA 3"), root)
	stranger := newMaker(t, cn("Phone Root CA"), nil)
	expired := issuing.phone(cn(yealinkMAC), issuing.cert)
	for name, x := range map[string]struct {
		vendor, mac string
		cert        tls.Certificate
		want        int
	}{
		"yealink, colons":         {"yealink", yealinkMAC, issuing.phone(cn("80:5E:C0:12:34:56"), issuing.cert), 200},
		"yealink, bare":           {"yealink", yealinkMAC, issuing.phone(cn("805EC0123456"), issuing.cert), 200},
		"yealink, generic":        {"yealink", yealinkMAC, issuing.phone(cn("Yealink Phone"), issuing.cert), 404},
		"snom, bare":              {"snom", "000413123456", root.phone(pkix.Name{CommonName: "000413123456", Organization: []string{"Snom Technology AG"}}), 200},
		"cisco, name with more":   {"yealink", yealinkMAC, root.phone(pkix.Name{CommonName: "CP-8851-3PCC-SEP805EC0123456"}), 200},
		"cisco, L":                {"yealink", yealinkMAC, root.phone(pkix.Name{OrganizationalUnit: []string{"SPA504G"}, Locality: []string{"805ec0123456"}, SerialNumber: "CBT123"}), 200},
		"two MACs":                {"yealink", yealinkMAC, root.phone(cn(yealinkMAC + " " + otherMAC)), 404},
		"another device's":        {"yealink", yealinkMAC, root.phone(cn(otherMAC)), 404},
		"another maker's CA":      {"yealink", yealinkMAC, stranger.phone(cn(yealinkMAC)), 404},
		"intermediate left out":   {"yealink", yealinkMAC, issuing.phone(cn(yealinkMAC)), 404},
		"SHA-1, not asked for":    {"yealink", yealinkMAC, root.sha1(root.phone(cn(yealinkMAC))), 404},
		"its clock is wrong, too": {"yealink", yealinkMAC, expired, 200},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(x.vendor, telephony.MAC(x.mac))
			st := newStage(t, f, func(c *Config) {
				c.Makers = []Maker{{Vendor: x.vendor, CAs: []*x509.Certificate{root.cert}}}
			})
			addr, _, roots := serve(t, st)
			path := "/" + x.mac + ".cfg"
			if x.vendor == "snom" {
				path = "/" + x.mac + ".xml"
			}
			_, body := newCaller(t, addr, roots, x.cert).want(x.want, path, "")
			if strings.Contains(body, sipSecret) || strings.Contains(body, adminWord) {
				t.Error("a secret at stage 1")
			}
			if x.want == 200 && !strings.Contains(body, baseURL) {
				t.Errorf("not led to its own directory: %s", body)
			}
			under := 200 // no evidence is no fault under the device's token
			if name == "another device's" {
				under = 404
			}
			newCaller(t, addr, roots, x.cert).want(under, strings.TrimSuffix(baseURL[len("https://prov.example.net"):], "/")+path, "")
		})
	}
}

func TestP11_LegacySignaturesOnlyByExplicitEntry(t *testing.T) {
	old := newMaker(t, cn("Snom Phone 1"), nil)
	other := newMaker(t, cn("Snom Phone 1"), nil)
	for _, x := range []struct {
		name string
		m    Maker
		want int
	}{
		{"not named", Maker{Vendor: "yealink", CAs: []*x509.Certificate{old.cert}}, 404},
		{"named", Maker{Vendor: "yealink", CAs: []*x509.Certificate{old.cert}, Legacy: true}, 200},
		{"another of that name", Maker{Vendor: "yealink", CAs: []*x509.Certificate{other.cert}, Legacy: true}, 404},
		{"for another driver", Maker{Vendor: "snom", CAs: []*x509.Certificate{old.cert}, Legacy: true}, 404},
	} {
		st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.Makers = []Maker{x.m} })
		addr, _, roots := serve(t, st)
		c := newCaller(t, addr, roots, old.sha1(old.phone(cn(yealinkMAC))))
		if res, _ := c.get("/"+yealinkMAC+".cfg", ""); res.StatusCode != x.want {
			t.Errorf("%s: %s, want %d", x.name, res.Status, x.want)
		}
	}
}

// Every pair of evidence that disagrees is refused, whichever is the credential.
func TestP04_AllPairsOfDisagreeingEvidence(t *testing.T) {
	root := newMaker(t, cn("Yealink Root CA"), nil)
	certs := map[string][]tls.Certificate{"own": {root.phone(cn(yealinkMAC))}, "other": {root.phone(cn(otherMAC))}, "none": nil}
	paths := map[string]string{"own": yealinkMAC + ".cfg", "other": otherMAC + ".cfg", "none": "y000000000108.cfg"}
	agents := map[string]string{"own": yealinkUA + " " + telephony.MAC(yealinkMAC).Colon(), "other": yealinkUA + " " + telephony.MAC(otherMAC).Colon(), "none": yealinkUA}
	doors := map[string]string{"token": "/d/" + ownToken + "/", "first": "/f/" + firstToken + "/", "bare": "/"}
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) {
		c.Makers = []Maker{{Vendor: "yealink", CAs: []*x509.Certificate{root.cert}}}
	})
	addr, _, roots := serve(t, st)
	pairs := 0
	for certName, cert := range certs {
		c := newCaller(t, addr, roots, cert...)
		for pathName, path := range paths {
			for agentName, agent := range agents {
				for door, prefix := range doors {
					named := certName + " " + pathName + " " + agentName
					bad := strings.Contains(named, "other") && (door != "bare" || strings.Contains(named, "own"))
					if !bad {
						continue
					}
					pairs++
					st.clock = st.clock.Add(refusalPause)
					st.fake.mu.Lock()
					st.fake.refused, st.fake.done = nil, 0
					st.fake.mu.Unlock()
					r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+addr+prefix+path, nil)
					if err != nil {
						t.Fatal(err)
					}
					r.Header.Set("User-Agent", agent)
					res, err := c.http.Do(r)
					if err != nil {
						t.Fatal(err)
					}
					_ = res.Body.Close()
					what := fmt.Sprintf("%s: certificate %s, path %s, user agent %s", door, certName, pathName, agentName)
					if res.StatusCode != 404 || res.ContentLength != 0 {
						t.Errorf("%s: %s", what, res.Status)
					}
					st.fake.mu.Lock()
					told := len(st.fake.refused)
					st.fake.mu.Unlock()
					if told != 1 && (door != "bare" || certName != "none") {
						t.Errorf("%s: told %d times, want once", what, told)
					}
				}
			}
		}
	}
	if pairs < 40 {
		t.Errorf("only %d combinations were tried", pairs)
	}
}

func TestP11_ClientCertHeaderFromAuthenticatedProxyOnly(t *testing.T) {
	root, proxies := newMaker(t, cn("Yealink Root CA"), nil), newMaker(t, cn("our proxies"), nil)
	device := root.phone(cn(yealinkMAC))
	header := ":" + base64.StdEncoding.EncodeToString(device.Certificate[0]) + ":"
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: cn("edge"), NotAfter: time.Now().AddDate(30, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, proxies.cert, key.Public(), proxies.key)
	if err != nil {
		t.Fatal(err)
	}
	edge := tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
	for _, x := range []struct {
		name    string
		trusted string
		certs   []tls.Certificate
		headers []string
		want    int
	}{
		{"authenticated", "127.0.0.0/8", []tls.Certificate{edge}, []string{header}, 200},
		{"without a certificate of its own", "127.0.0.0/8", nil, []string{header}, 404},
		{"with another's", "127.0.0.0/8", []tls.Certificate{root.phone(cn("edge"))}, []string{header}, 404},
		{"from elsewhere", "192.0.2.0/24", []tls.Certificate{edge}, []string{header}, 404},
		{"twice", "127.0.0.0/8", []tls.Certificate{edge}, []string{header, header}, 404},
		{"nonsense", "127.0.0.0/8", []tls.Certificate{edge}, []string{":AAAA:"}, 404},
		{"not a byte sequence", "127.0.0.0/8", []tls.Certificate{edge}, []string{strings.Trim(header, ":")}, 404},
	} {
		st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) {
			c.Makers = []Maker{{Vendor: "yealink", CAs: []*x509.Certificate{root.cert}}}
			c.ProxyCAs = []*x509.Certificate{proxies.cert}
			c.TrustedProxies = peer.Proxies{netip.MustParsePrefix(x.trusted)}
		})
		addr, _, roots := serve(t, st)
		r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+addr+"/"+yealinkMAC+".cfg", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", yealinkUA)
		r.Header["Client-Cert"] = x.headers
		res, err := newCaller(t, addr, roots, x.certs...).http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != x.want {
			t.Errorf("%s: %s, want %d", x.name, res.Status, x.want)
		}
	}
}

// Certificates of devices that nobody has listed cost one look-up (P05).
func TestP05_StrangersCertificatesAreCheap(t *testing.T) {
	root := newMaker(t, cn("Yealink Root CA"), nil)
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) {
		c.Makers = []Maker{{Vendor: "yealink", CAs: []*x509.Certificate{root.cert}}}
	})
	addr, _, roots := serve(t, st)
	c := newCaller(t, addr, roots, root.phone(cn(otherMAC)))
	for range 5 {
		c.want(404, "/"+otherMAC+".cfg", "")
	}
	if st.fake.lookups != 1 {
		t.Errorf("%d look-ups, want one", st.fake.lookups)
	}
	st.Changed("cpe2") // it may have been listed now
	c.want(404, "/"+otherMAC+".cfg", "")
	if st.fake.lookups != 2 {
		t.Error("a device that is added later is not seen")
	}
}

func TestP02_ACertificateStandsForThePassword(t *testing.T) {
	root := newMaker(t, cn("Yealink Root CA"), nil)
	f := newFake("yealink", yealinkMAC)
	f.device.HTTP = telephony.HTTPLogin{Demanded: true, User: httpUser, Password: httpPassword}
	st := newStage(t, f, func(c *Config) { c.Makers = []Maker{{Vendor: "yealink", CAs: []*x509.Certificate{root.cert}}} })
	addr, _, roots := serve(t, st)
	newCaller(t, addr, roots).want(401, ownFile, "")
	newCaller(t, addr, roots, root.phone(cn(yealinkMAC))).want(200, ownFile, "")
	if !st.fake.device.Certified {
		t.Error("that it showed its certificate was not noted")
	}
}
