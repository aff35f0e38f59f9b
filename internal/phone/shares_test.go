package phone

import (
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestX04_SharesAreGivenBack(t *testing.T) {
	s := newShares[string](2)
	for n, want := range []bool{true, true, false} {
		if s.take("a") != want {
			t.Errorf("taking the share's place %d is %v", n+1, !want)
		}
	}
	if !s.take("b") {
		t.Error("another's share is taken")
	}
	s.give("a")
	s.give("b")
	if !s.take("a") || len(s.held) != 1 {
		t.Errorf("%v", s.held)
	}
}

// Slow bodies of one device leave room for another's.
func TestP13_OneDeviceCannotHoldAllPlacesForUploads(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.Uploads, c.UploadMost = &shelf{}, 100 })
	dial := dialer(t, st)
	for range uploadsAtOnce {
		c := dial()
		if _, err := io.WriteString(c, "PUT /d/"+ownToken+"/x.log HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		a := own("y.log")
		a.method = "PUT"
		if rec := st.do(a); rec.Code == http.StatusServiceUnavailable {
			break
		}
		if time.Now().After(until) {
			t.Fatal("one device has all it asks for")
		}
	}
	if n := len(st.sending); n >= uploadsAtOnce/2 {
		t.Errorf("one device holds %d of %d places", n, uploadsAtOnce)
	}
}

// So do slow readers of one network.
func TestP12_OneNetworkCannotHoldAllPlacesForFirmware(t *testing.T) {
	dir, sum := t.TempDir(), strings.Repeat("a", 64)
	if err := os.WriteFile(filepath.Join(dir, sum), []byte("image"), 0o600); err != nil {
		t.Fatal(err)
	}
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.Images = cupboard{dir, sum, "x.rom"} })
	_, net := prefixes(netip.MustParseAddr(site))
	for range imagesAtHome { // as many read slowly there
		if !st.imageShares.take(net) {
			t.Fatal("too few places")
		}
	}
	path := "/w/" + sum + "/x.rom"
	st.want(503, ask{path: path})
	st.want(200, ask{path: path, from: "198.51.100.7"})
	st.imageShares.give(net)
	st.want(200, ask{path: path})
}
