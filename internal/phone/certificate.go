package phone

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Maker is whose client certificates are believed for the devices of one driver
// (P03 a).
type Maker struct {
	Vendor string
	CAs    []*x509.Certificate // each of them is trusted by itself
	// Legacy also takes SHA-1 signatures by RSA keys, which crypto/x509 refuses, for
	// phones that were made with them.
	Legacy bool
}

// Certificate is a client certificate that a maker's CA signed and that names one
// device.
type Certificate struct {
	MAC             telephony.MAC
	Vendors         []string // drivers whose makers signed it
	Subject, Issuer string
	name            string // where the MAC stands
}

// certificates verifies what phones show. What cannot be verified, or names no
// device, is no evidence and no fault either.
type certificates struct {
	makers  []Maker
	proxies []*x509.Certificate // CAs of those who may speak for phones
	now     func() time.Time

	mu   sync.Mutex
	seen map[[sha256.Size]byte]judged
}

type judged struct {
	cert  *Certificate
	until time.Time
}

// A verdict costs a signature or two: it stands for a while.
const (
	judgedFor  = 10 * time.Minute
	judgedMost = 8192
)

// requests says whether phones are asked for certificates, and names the CAs:
// some phones choose by them.
func (c *certificates) requests(tc *tls.Config) {
	if len(c.makers)+len(c.proxies) == 0 {
		return
	}
	// Verified here and not by crypto/tls, which would refuse the connection.
	tc.ClientAuth, tc.ClientCAs = tls.RequestClientCert, x509.NewCertPool()
	for _, m := range c.makers {
		for _, ca := range m.CAs {
			tc.ClientCAs.AddCert(ca)
		}
	}
	for _, ca := range c.proxies {
		tc.ClientCAs.AddCert(ca)
	}
}

// judge is the device that a chain names, leaf first; nil: none.
func (c *certificates) judge(chain []*x509.Certificate) *Certificate {
	if len(chain) == 0 || len(chain) > 8 || len(c.makers) == 0 {
		return nil
	}
	h := sha256.New()
	for _, x := range chain {
		h.Write(x.Raw)
	}
	id, now := [sha256.Size]byte(h.Sum(nil)), c.now()
	c.mu.Lock()
	known, ok := c.seen[id]
	c.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.cert
	}
	cert := c.verify(chain, now)
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.seen {
		if len(c.seen) < judgedMost {
			break
		}
		delete(c.seen, other)
	}
	c.seen[id] = judged{cert, now.Add(judgedFor)}
	return cert
}

func (c *certificates) verify(chain []*x509.Certificate, now time.Time) *Certificate {
	leaf := chain[0]
	name, mac := certifiedMAC(leaf)
	if mac == "" {
		return nil // a generic one, which many phones share
	}
	found := &Certificate{MAC: mac, Subject: clip(leaf.Subject.String()), Issuer: clip(leaf.Issuer.String()), name: name}
	for _, m := range c.makers {
		if !slices.Contains(found.Vendors, m.Vendor) && m.signed(chain, now) {
			found.Vendors = append(found.Vendors, m.Vendor)
		}
	}
	if len(found.Vendors) == 0 {
		return nil
	}
	return found
}

// certifiedMAC finds the one MAC in a subject: the common name of most makers, also
// within more text (Cisco: CP-8851-3PCC-SEP…); L, where older Cisco put it; or
// the serial number.
func certifiedMAC(leaf *x509.Certificate) (name string, mac telephony.MAC) {
	s := leaf.Subject
	for _, text := range append(append([]string{s.CommonName}, s.Locality...), s.SerialNumber) {
		all := provision.Candidates(provision.Request{CertCN: text})
		if len(all) == 1 {
			return text, all[0].MAC
		}
		if len(all) > 1 {
			return "", "" // it cannot say which
		}
	}
	return "", ""
}

func (m Maker) signed(chain []*x509.Certificate, now time.Time) bool {
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}} // makers write what they like there
	for _, ca := range m.CAs {
		o.Roots.AddCert(ca)
	}
	for _, x := range chain[1:] {
		o.Intermediates.AddCert(x)
	}
	if _, err := chain[0].Verify(o); err == nil {
		return true
	}
	left := legacySignatures
	return m.Legacy && m.legacy(chain[0], chain[1:], now, 4, &left)
}

// legacySignatures is how many signatures one chain may cost: certificates that all
// sign each other would cost thousands.
const legacySignatures = 32

// legacy follows the chain with SHA-1 allowed. It is only reached where an operator
// has named the CA for it.
func (m Maker) legacy(x *x509.Certificate, between []*x509.Certificate, now time.Time, depth int, left *int) bool {
	if depth == 0 || now.Before(x.NotBefore) || now.After(x.NotAfter) {
		return false
	}
	signedBy := func(x, ca *x509.Certificate) bool {
		if !namedBy(x, ca) || *left == 0 {
			return false
		}
		*left--
		return signedBy(x, ca)
	}
	for _, ca := range m.CAs {
		if signedBy(x, ca) && now.After(ca.NotBefore) && now.Before(ca.NotAfter) {
			return true
		}
	}
	for _, i := range between {
		if i.IsCA && signedBy(x, i) && m.legacy(i, between, now, depth-1, left) {
			return true
		}
	}
	return false
}

// namedBy reports whether the CA is the one that x names, and may sign.
func namedBy(x, ca *x509.Certificate) bool {
	return string(x.RawIssuer) == string(ca.RawSubject) && (ca.KeyUsage == 0 || ca.KeyUsage&x509.KeyUsageCertSign != 0)
}

func signedBy(x, ca *x509.Certificate) bool {
	key, isRSA := ca.PublicKey.(*rsa.PublicKey)
	if x.SignatureAlgorithm != x509.SHA1WithRSA || !isRSA {
		return ca.CheckSignature(x.SignatureAlgorithm, x.RawTBSCertificate, x.Signature) == nil
	}
	sum := sha1.Sum(x.RawTBSCertificate)
	return rsa.VerifyPKCS1v15(key, crypto.SHA1, sum[:], x.Signature) == nil
}

type certificateKey struct{}

func remote(r *http.Request) netip.Addr {
	ap, _ := netip.ParseAddrPort(r.RemoteAddr) // invalid, it is nobody's
	return ap.Addr().Unmap()
}

// withCertificate notes on the request which device's certificate came with it: by
// its own connection, or by the word of a proxy (RFC 9440) that has shown a
// certificate itself and stands where a proxy of ours does.
func (s *Server) withCertificate(r *http.Request) *http.Request {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return r
	}
	chain := r.TLS.PeerCertificates
	if s.certs.isProxy(chain) && s.cfg.TrustedProxies.Has(remote(r)) {
		chain = forwarded(r.Header)
	}
	cert := s.certs.judge(chain)
	if cert == nil {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), certificateKey{}, cert))
}

func (c *certificates) isProxy(chain []*x509.Certificate) bool {
	if len(c.proxies) == 0 {
		return false
	}
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: c.now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	for _, ca := range c.proxies {
		o.Roots.AddCert(ca)
	}
	for _, x := range chain[1:] {
		o.Intermediates.AddCert(x)
	}
	_, err := chain[0].Verify(o)
	return err == nil
}

// forwarded reads Client-Cert and Client-Cert-Chain (RFC 9440 section 2).
func forwarded(h http.Header) []*x509.Certificate {
	leaf := h.Values("Client-Cert")
	if len(leaf) != 1 {
		return nil
	}
	texts := leaf
	if more := strings.TrimSpace(strings.Join(h.Values("Client-Cert-Chain"), ",")); more != "" {
		texts = append(slices.Clone(leaf), strings.Split(more, ",")...)
	}
	if len(texts) > 8 {
		return nil
	}
	var chain []*x509.Certificate
	for _, t := range texts {
		t = strings.TrimSpace(t)
		if len(t) < 2 || t[0] != ':' || t[len(t)-1] != ':' {
			return nil // no byte sequence (RFC 8941 section 3.3.5)
		}
		raw, err := base64.StdEncoding.DecodeString(t[1 : len(t)-1])
		if err != nil {
			return nil
		}
		x, err := x509.ParseCertificate(raw)
		if err != nil {
			return nil
		}
		chain = append(chain, x)
	}
	return chain
}

// certificateOf is the device's certificate that came with the request, or nil.
func certificateOf(r *http.Request) *Certificate {
	c, _ := r.Context().Value(certificateKey{}).(*Certificate)
	return c
}

// certName is the text in it that names the device.
func certName(r *http.Request) string {
	if c := certificateOf(r); c != nil {
		return c.name
	}
	return ""
}

// of reports whether the certificate is the device's: its MAC, by its maker.
func (c *Certificate) of(d Device) bool {
	return c != nil && d.MAC != "" && c.MAC == d.MAC && slices.Contains(c.Vendors, d.Driver)
}
