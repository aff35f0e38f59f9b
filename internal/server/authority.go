package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The self-made CA's files in the data directory.
const (
	rootFile    = "ca.pem"
	rootKeyFile = "ca.key"
	leafFile    = "server.pem"
	leafKeyFile = "server.key"
)

const (
	rootLife  = 10 * 365 * 24 * time.Hour
	leafLife  = 90 * 24 * time.Hour
	leafSpare = 30 * 24 * time.Hour // renewed when less is left
	backdate  = 24 * time.Hour      // phones' clocks are late more often than early
)

// authority makes certificates for development: ECDSA P-256, which all phones
// since about 2015 understand.
type authority struct {
	dir string
	now func() time.Time
}

type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

// root reads the CA, or makes it when there is none.
func (a authority) root() (signer, error) {
	pair, err := a.read(rootFile, rootKeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		t := a.template("Tischlein development CA", rootLife)
		t.IsCA, t.BasicConstraintsValid, t.MaxPathLenZero = true, true, true
		t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
		pair, err = a.make(t, nil, rootFile, rootKeyFile)
	}
	if err != nil {
		return signer{}, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return signer{}, errors.New(rootKeyFile + " holds no ECDSA key")
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Leaf.Raw})
	return signer{cert: pair.Leaf, key: key, pem: text}, nil
}

// leaf reads the server's certificate, or makes it anew when it is missing, near
// its end, for another host or another CA's.
func (a authority) leaf(ca signer, host string) (tls.Certificate, error) {
	pair, err := a.read(leafFile, leafKeyFile)
	if err == nil && a.serves(pair.Leaf, ca, host) {
		return pair, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, err
	}
	t := a.template(host, leafLife)
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	t.DNSNames, t.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1).To4()}
	if ip := net.ParseIP(host); ip == nil {
		t.DNSNames = append(t.DNSNames, host)
	} else {
		t.IPAddresses = append(t.IPAddresses, ip)
	}
	return a.make(t, &ca, leafFile, leafKeyFile)
}

func (a authority) serves(c *x509.Certificate, ca signer, host string) bool {
	return c.CheckSignatureFrom(ca.cert) == nil && c.VerifyHostname(host) == nil &&
		c.NotAfter.Sub(a.now()) > leafSpare && !a.now().Before(c.NotBefore)
}

func (a authority) template(name string, life time.Duration) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: a.now().Add(-backdate), NotAfter: a.now().Add(life),
	}
}

// make signs t by parent, nil: by itself, and keeps it. The key is written first:
// a certificate without its key would be taken for a broken one.
func (a authority) make(t *x509.Certificate, parent *signer, certFile, keyFile string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	by := signer{cert: t, key: key}
	if parent != nil {
		by = *parent
	}
	der, err := x509.CreateCertificate(rand.Reader, t, by.cert, &key.PublicKey, by.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(a.dir, keyFile), keyPEM, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	if err := os.WriteFile(filepath.Join(a.dir, certFile), certPEM, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}

func (a authority) read(certFile, keyFile string) (tls.Certificate, error) {
	return tls.LoadX509KeyPair(filepath.Join(a.dir, certFile), filepath.Join(a.dir, keyFile))
}
