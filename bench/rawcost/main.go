// Command rawcost prints what this machine charges for the things no server can avoid:
//
//	rawcost -n 500 commit DIR    4 KiB appended to a file in DIR and fsynced
//	rawcost -n 500 handshake     a full TLS 1.3 handshake on loopback (P-256, X25519, no
//	                             resumption), both sides in this process
//
// as one line of JSON: {"p50_ms": .., "p99_ms": ..}.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"net"
	"os"
	"slices"
	"time"
)

func main() {
	n := flag.Int("n", 500, "how often")
	flag.Parse()
	if err := run(*n, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "rawcost:", err)
		os.Exit(1)
	}
}

func run(n int, what, dir string) error {
	var once func() error
	switch what {
	case "commit":
		f, err := os.CreateTemp(dir, "rawcost-*")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		defer f.Close()
		page := make([]byte, 4096)
		once = func() error {
			if _, err := f.Write(page); err != nil {
				return err
			}
			return f.Sync()
		}
	case "handshake":
		l, err := listenTLS()
		if err != nil {
			return err
		}
		defer l.Close()
		once = func() error { return handshake(l.Addr().String()) }
	default:
		return errors.New("want commit DIR or handshake")
	}
	took := make([]float64, n)
	for i := range took {
		start := time.Now()
		if err := once(); err != nil {
			return fmt.Errorf("measuring %s: %w", what, err)
		}
		took[i] = float64(time.Since(start)) / float64(time.Millisecond)
	}
	slices.Sort(took)
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"p50_ms": took[n/2], "p99_ms": took[n*99/100]})
}

// listenTLS accepts and serves handshakes until it is closed.
func listenTLS() (net.Listener, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	l, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{
		Certificates:           []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		CurvePreferences:       []tls.CurveID{tls.X25519},
		SessionTicketsDisabled: true,
	})
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed: the measurement is over
			}
			go func() {
				defer c.Close()
				_, _ = c.Write([]byte{1}) // the other side counts what comes
			}()
		}
	}()
	return l, nil
}

// handshake connects, waits for the server's first byte and closes.
func handshake(address string) error {
	c, err := tls.Dial("tcp4", address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Read(make([]byte, 1))
	return err
}
