package provision

import "crypto/tls"

// Discovery is how a vendor's phones find a server before they know one, and what
// they can do when they shake hands with it (P11). It is data, like Info.
type Discovery struct {
	Vendor string // as in Info
	DHCP   []DHCP // by kind of device; the first also serves a reserved host
	// PnP: the phones ask the multicast group of SIP-PnP (224.0.1.75).
	PnP bool
	// Service is the maker's redirect service, "" = none, or none that we can ask.
	Service string
	TLS     []TLSProfile
}

// DHCP says in which option a kind of device wants its URL.
type DHCP struct {
	// Classes are what option 60 begins with; none: known by the maker's OUIs.
	Classes []string
	Option  byte // that carries the URL
	Sub     byte // sub-option, where Option is 43 and encapsulates; 0 = the plain URL
	Note    string
}

// The kinds of keys that a server's certificate may have.
const (
	KeyRSA   = "RSA"
	KeyECDSA = "ECDSA"
)

// TLSProfile is what phones with some firmware can do in a handshake.
type TLSProfile struct {
	Firmware string // which, in words
	Old      bool   // not to be expected on phones that are kept up to date
	Min, Max uint16 // tls.VersionTLS10 …
	Keys     []string
	NoSNI    bool
	Roots    string // whose certificates they believe, in words
	Client   string // the certificate that they bring, in words; "" = none known
	Sure     bool   // the maker or working code says so; else it is common practice
}

// Config is a client that can no more than these phones.
func (p TLSProfile) Config() *tls.Config {
	c := &tls.Config{MinVersion: p.Min, MaxVersion: p.Max} //nolint:gosec // it imitates old phones
	if len(p.Keys) == 1 && p.Keys[0] == KeyRSA && p.Max <= tls.VersionTLS12 {
		for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			switch s.ID {
			case tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
				tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA, tls.TLS_RSA_WITH_AES_128_GCM_SHA256:
				c.CipherSuites = append(c.CipherSuites, s.ID)
			}
		}
	}
	return c
}
