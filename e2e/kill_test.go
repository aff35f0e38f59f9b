package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

const (
	victimDir = "E2E_VICTIM_DIR" // set: this process is the server to be killed
	places    = 200
	seated    = 12 // the place with the phone; the kill comes when its link is acknowledged
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
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

// report is what the victim tells before it begins to link.
type report struct {
	Addrs    server.Addrs
	Customer telephony.Customer
	CPE      telephony.CPE
	URL      string // first access
}

// victim serves, waits for a line, and links place after place, saying each
// link that it got acknowledged.
func victim(dir string) error {
	ctx := context.Background()
	s, err := server.Open(ctx, settings(dir, "udp"), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	go func() { _ = s.Run(ctx) }() // it is killed before it could say how it ended
	a, r := s.App(), report{Addrs: s.Addrs()}
	if r.Customer, err = a.Customers.Create(ctx, operator, guesthouse); err != nil {
		return err
	}
	var requests []app.LinkRequest
	for n := range places {
		ch, err := a.Channels.Create(ctx, operator, telephony.Channel{CustomerID: r.Customer.ID, Name: fmt.Sprintf("Platz %d", n)})
		if err != nil {
			return err
		}
		x, err := a.Extensions.Create(ctx, operator, telephony.Extension{CustomerID: r.Customer.ID, Number: fmt.Sprint(1000 + n), Name: fmt.Sprintf("Gast %d", n)}, "")
		if err != nil {
			return err
		}
		requests = append(requests, app.LinkRequest{CustomerID: r.Customer.ID, ChannelID: ch.Channel.ID, ExtensionID: x.Extension.ID, Side: telephony.FromChannel})
	}
	cpe, err := a.CPEs.Create(ctx, operator, telephony.CPE{CustomerID: r.Customer.ID, Driver: "yealink", MAC: "001565124301"})
	if err != nil {
		return err
	}
	r.CPE = cpe.CPE
	if _, err = a.CPEs.Attach(ctx, operator, r.Customer.ID, r.CPE.ID, requests[seated].ChannelID, 0, false); err != nil {
		return err
	}
	url, err := a.CPEs.FirstAccess(ctx, operator, r.Customer.ID, r.CPE.ID)
	if err != nil {
		return err
	}
	r.URL = url.Reveal()
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		return err
	}
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	for n, q := range requests {
		if _, err := a.Links.Link(ctx, operator, q); err != nil {
			return err
		}
		fmt.Println(n, q.ChannelID, q.ExtensionID)
	}
	return nil
}

func TestR01_KillUnderLoad(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), victimDir+"="+dir), os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal("the server does not start", err1, err2)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	var r report
	if !lines.Scan() {
		t.Fatal("the server says nothing")
	}
	if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	pool, err := server.ReadRootCA(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	fleet, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fleet.Close)
	p := fleet.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: phonesim.MAC(r.CPE.MAC), ProvisioningURL: r.URL})
	p.PowerOn(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Wait(ctx, func(s phonesim.State) bool { return s.Registered }); err != nil {
		t.Fatalf("before the kill: %+v", p.State())
	}
	fmt.Fprintln(in, "go")
	linked := map[string]string{} // channel to extension
	var desked string
	for lines.Scan() {
		var n int
		var ch, x string
		if _, err := fmt.Sscan(lines.Text(), &n, &ch, &x); err != nil {
			break // cut in the middle: nobody was told
		}
		linked[ch] = x
		if n == seated {
			desked = ch
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") || desked == "" || len(linked) == places {
		t.Fatalf("ended with %v after %d links", err, len(linked))
	}

	cfg := settings(dir, "udp")
	cfg.APIListen, cfg.PhoneListen, cfg.SIPUDPListen = r.Addrs.API, r.Addrs.Phone, r.Addrs.SIP["udp"][0]
	i := open(t, cfg)
	i.customer = r.Customer
	for ch, x := range linked {
		v, err := i.App().Channels.Get(t.Context(), operator, r.Customer.ID, ch)
		if err != nil || v.LinkedTo == nil || v.LinkedTo.ID != x {
			t.Errorf("lost: %s was linked with %s: %+v %v", ch, x, v.LinkedTo, err)
		}
	}
	d := &desk{installation: i, channel: telephony.Channel{ID: desked}, cpe: r.CPE}
	d.shows(p, fmt.Sprintf("Gast %d", seated))
	if d.state(telephony.StateLoggedIn); p.State().Boots != 1 {
		t.Errorf("the phone was restarted: %+v", p.State())
	}
}
