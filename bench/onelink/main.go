// Command onelink measures Q07: from the click on save, a PUT of the link over a
// kept-alive connection, until the phone's screen shows the name and the registrar
// has answered the registration with it. First with nothing else going on, then
// while a thousand others are linked in bulk.
//
//	onelink -data DIR -api http://127.0.0.1:8080 -phones https://localhost:8443
//
// DIR is the installation that the command seed made; TISCHLEIN_TOKEN holds an
// API token that may link. The clicked phones keep
// their HTTPS connection, the others make a handshake for each chain of files.
package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	data := flag.String("data", "", "data directory of the installation")
	url := flag.String("api", "", "base URL of the REST API")
	phones := flag.String("phones", "", "base URL where phones fetch")
	clicks := flag.Int("clicks", 400, "links to measure, in each part")
	clicked := flag.Int("clicked", 40, "phones that are linked one at a time")
	others := flag.Int("others", 1000, "phones that are linked in bulk")
	savers := flag.Int("savers", 4, "connections that send the bulk links")
	think := flag.Duration("think", 20*time.Millisecond, "longest pause between two clicks")
	flag.Parse()
	out, err := run(context.Background(), config{*data, *url, *phones, os.Getenv("TISCHLEIN_TOKEN"), *clicks, *clicked, *others, *savers, *think})
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "onelink:", err)
		os.Exit(1)
	}
}

type config struct {
	data, api, phones, token        string
	clicks, clicked, others, savers int
	think                           time.Duration
}

// seat is a desk with a phone, and two who sit there by turns.
type seat struct {
	customer, channel, mac, token string
	people                        [2]person
}

type person struct{ extension, name string }

func run(ctx context.Context, c config) (map[string]any, error) {
	seats, err := readSeats(filepath.Join(c.data, "places"), c.clicked+c.others)
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(filepath.Join(c.data, "ca.pem"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, errors.New("ca.pem holds no certificate")
	}
	office := &office{api: c.api, token: c.token, client: newClient(c.savers + 1)}
	if err := office.names(ctx, seats); err != nil {
		return nil, err
	}
	floor, err := openFloor(pool, c.phones)
	if err != nil {
		return nil, err
	}
	defer floor.close()
	single, bulk := seats[:c.clicked], seats[c.clicked:]
	if err := floor.boot(ctx, single, bulk); err != nil {
		return nil, err
	}
	b := &bench{config: c, office: office, floor: floor, single: single, bulk: bulk}
	quiet, err := b.quiet(ctx)
	if err != nil {
		return nil, fmt.Errorf("clicking on a quiet server: %w", err)
	}
	busy, waves, err := b.busy(ctx)
	if err != nil {
		return nil, fmt.Errorf("clicking beside a bulk link: %w", err)
	}
	return map[string]any{"quiet": quiet, "bulk": busy, "waves": waves}, nil
}

// readSeats makes n seats of twice as many lines "customer channel extension mac
// token": the second place of each pair has no phone and lends its extension.
func readSeats(path string, n int) ([]*seat, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []*seat
	lines := bufio.NewScanner(f)
	for len(list) < n {
		s, lender := &seat{}, &seat{}
		for i, x := range []*seat{s, lender} {
			if !lines.Scan() {
				return nil, fmt.Errorf("%s holds too few places, %d are needed", path, 2*n)
			}
			if _, err := fmt.Sscan(lines.Text(), &x.customer, &x.channel, &s.people[i].extension, &x.mac, &x.token); err != nil {
				return nil, fmt.Errorf("reading %s: %w", path, err)
			}
		}
		list = append(list, s)
	}
	return list, nil
}
