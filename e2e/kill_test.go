package e2e_test

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/phonesim"
	"tischlein/internal/storagetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(asVictim) != "" {
		err := victim(os.Stdin, os.Stdout)
		fmt.Fprintln(os.Stderr, "the victim ended by itself:", err)
		os.Exit(1)
	}
	// These tests wait for people to speak to the end: more of them at once than
	// there are processors costs little.
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := closeShared(); err != nil {
		fmt.Fprintln(os.Stderr, "ending the shared server:", err)
		code = 1
	}
	os.Exit(code)
}

// kills is how often the server is killed: a share of R01's hundred each run, all
// of them in `make soak`.
func kills() int {
	if os.Getenv("TISCHLEIN_SOAK") != "" {
		return 100
	}
	return 3
}

// R01: the server is killed at any moment under load, again and again. What it had
// acknowledged is there, nothing is that nobody made, phones that were registered
// are, and in the end every phone shows who sits there, though nobody touched it.
func TestR01_KillUnderLoad(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		k := &killer{t: t, cfg: at("127.9.1.1", settings(t.TempDir(), "udp")), reached: map[int]bool{}}
		k.cfg.DB = dsn
		k.begin()
		k.furnish()
		for range kills() {
			k.load()
			k.begin()
			k.compare()
		}
		k.converge()
	})
}

// killer has a server at a time, and knows what all of them acknowledged.
type killer struct {
	t       *testing.T
	cfg     config.Config
	cmd     *exec.Cmd
	in      io.Writer
	out     *json.Decoder
	told    report      // by the present server
	may     [][]sitting // of each place: how somebody may sit there, two ways while a step was not acknowledged
	phones  []*phonesim.Phone
	reached map[int]bool // places whose phone has had a 200 to its REGISTER
}

// begin starts a server and hears what it knows.
func (k *killer) begin() {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), asVictim+"=1"), os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		k.t.Fatal("the server does not start", err1, err2)
	}
	k.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	k.cmd, k.in, k.out, k.told = cmd, in, json.NewDecoder(bufio.NewReader(out)), report{}
	if err := json.NewEncoder(in).Encode(k.cfg); err != nil {
		k.t.Fatal(err)
	}
	if err := k.out.Decode(&k.told); err != nil {
		k.t.Fatal("the server says nothing: ", err)
	}
	a := k.told.Addrs
	k.cfg.APIListen, k.cfg.PhoneListen, k.cfg.PhonePlainListen = a.API, a.Phone, a.PhonePlain
	k.cfg.SIPUDPListen, k.cfg.SIPTCPListen, k.cfg.SIPTLSListen = a.SIP["udp"][0], a.SIP["tcp"][0], a.SIP["tls"][0]
}

// furnish puts a phone at every place of a new installation; half of them are on.
func (k *killer) furnish() {
	k.t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(k.told.RootCA)) {
		k.t.Fatal("no root CA")
	}
	fleet, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(fleet.Close)
	for n, p := range k.told.Places {
		k.may = append(k.may, []sitting{nobody})
		k.phones = append(k.phones, fleet.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: phonesim.MAC(p.MAC), ProvisioningURL: k.told.URLs[n]}))
		if n%2 == 0 {
			k.phones[n].PowerOn(k.t.Context())
		}
	}
	for n := 0; n < places; n += 2 {
		k.registers(n)
	}
}

func (k *killer) registers(n int) {
	k.t.Helper()
	i := &installation{t: k.t}
	if err := k.phones[n].Wait(i.within(), func(s phonesim.State) bool { return s.Registered }); err != nil {
		k.t.Fatalf("place %d does not register: %+v", n, k.phones[n].State())
	}
	k.reached[n] = true
}

// load has the server work, plugs in another phone, and kills the server in the
// middle of it all.
func (k *killer) load() {
	k.t.Helper()
	if _, err := fmt.Fprintln(k.in, "go"); err != nil {
		k.t.Fatal(err)
	}
	if i := slices.IndexFunc(k.phones, func(p *phonesim.Phone) bool { return p.State().Boots == 0 }); i >= 0 {
		k.phones[i].PowerOn(k.t.Context())
	}
	last := 20 + rand.IntN(60)
	for n := 0; ; n++ {
		var s step
		if err := k.out.Decode(&s); err != nil {
			break // the pipe is empty, or what was said was cut: nobody was told
		}
		if s.Done {
			k.may[s.Place] = []sitting{s.To}
		} else {
			k.may[s.Place] = append(k.may[s.Place], s.To)
		}
		if n != last {
			continue
		}
		for n, p := range k.phones {
			k.reached[n] = k.reached[n] || p.State().Registered
		}
		if err := k.cmd.Process.Kill(); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := k.cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		k.t.Fatalf("the server ended with %v", err)
	}
}

// compare holds the new server's records to what was acknowledged to us.
func (k *killer) compare() {
	k.t.Helper()
	for n, p := range k.told.Places {
		if !slices.Contains(k.may[n], p.Sitting) {
			k.t.Errorf("place %d: %s, and may be %v", n, p.Sitting, k.may[n])
		}
		if k.reached[n] && !p.Registered {
			k.t.Errorf("place %d: its binding is lost", n)
		}
		k.may[n] = []sitting{p.Sitting}
	}
}

// converge waits for every phone to show what is.
func (k *killer) converge() {
	k.t.Helper()
	i := &installation{t: k.t}
	for n, p := range k.phones {
		if p.State().Boots == 0 {
			continue
		}
		k.registers(n)
		want := "Freier Platz"
		if k.told.Places[n].Sitting != nobody {
			want = "Gast " + k.told.Places[n].Number
		}
		if err := p.WaitScreen(i.within(), func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), want) }); err != nil {
			k.t.Errorf("place %d does not show %q but %q: %+v", n, want, p.Screen(), p.State())
		}
		if s := p.State(); s.Boots != 1 {
			k.t.Errorf("place %d was restarted: %+v", n, s)
		}
	}
}
