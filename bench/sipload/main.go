// Command sipload registers many SIP phones and checks every answer.
//
// One registration is what a desk phone does after power-up: REGISTER, 401, REGISTER with digest
// credentials, 200 that carries the phone's own Contact. Its latency runs from the first REGISTER
// (with -rate: from the moment it was due) to that 200. The report is JSON on standard output;
// the exit status is 1 if a single registration failed.
//
//	sipload -server 127.0.0.1:5060 -users users.txt -n 0 -rounds 3 -refreshes 3
//	sipload -serve 127.0.0.1:5070     # a bare responder that answers 401, then 200, unchecked
//
// With -calls it is the phones of whole calls, and with -pushes phones that are told something; both
// want phones that registered before from the same -local.
//
// It must not import anything of Tischlein: it has to be able to catch our mistakes.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// options are the flags of one load run.
type options struct {
	server, proto, domain, algorithm string
	local, calls, begin              string
	pushes                           int
	sockets, window, expires         int
	rounds, refreshes                int
	rate                             float64
	warm, shared                     bool
	t1, timeout, limit               time.Duration
}

func main() {
	var o options
	var source accountSource
	serve := flag.String("serve", "", "answer REGISTERs on this UDP address instead of sending them")
	flag.StringVar(&o.server, "server", "127.0.0.1:5060", "registrar, host:port")
	flag.StringVar(&o.proto, "proto", "udp", "udp, tcp or tls")
	flag.StringVar(&o.local, "local", "", "udp: our own host:port, so that a later run has the same phones; empty takes a free port")
	flag.StringVar(&o.calls, "calls", "", "instead of registering, make -rounds calls per line of this file: `user password number device device`, who calls whom and who rings")
	flag.IntVar(&o.pushes, "pushes", 0, "instead of registering, answer NOTIFYs; -rounds times so many phones must get one each")
	flag.StringVar(&o.begin, "begin", "", "with -pushes: shell command that has the server send them, run once a round")
	flag.StringVar(&o.domain, "domain", "sip.test", "domain of the AORs and of the request URI")
	flag.StringVar(&o.algorithm, "algorithm", "", "MD5 or SHA-256; empty takes the first one offered")
	flag.StringVar(&source.file, "users", "", "file of lines `user password`; empty uses the patterns")
	flag.StringVar(&source.userPattern, "user", "u%06d", "user name pattern")
	flag.StringVar(&source.passwordPattern, "password", "p%06d", "password pattern")
	flag.IntVar(&source.count, "n", 1000, "number of phones; 0 means all of -users")
	flag.IntVar(&o.sockets, "sockets", 1, "UDP sockets the phones share")
	flag.IntVar(&o.window, "window", 64, "registrations under way at once")
	flag.IntVar(&o.rounds, "rounds", 1, "rounds in which every phone makes a new binding; between two of them all are removed, unmeasured")
	flag.IntVar(&o.refreshes, "refreshes", 0, "rounds after those in which every phone refreshes its binding")
	flag.Float64Var(&o.rate, "rate", 0, "registrations begun per second whatever the answers; 0 keeps the window full")
	flag.IntVar(&o.expires, "expires", 3600, "requested seconds")
	flag.BoolVar(&o.warm, "warm", false, "before the first round let every phone query its bindings, so that credentials are in memory")
	flag.BoolVar(&o.shared, "shared", false, "tcp, tls: one connection per window slot instead of one per phone")
	flag.DurationVar(&o.t1, "t1", 500*time.Millisecond, "first UDP retransmission (RFC 3261 17.1.2)")
	flag.DurationVar(&o.timeout, "timeout", 10*time.Second, "give up one registration after")
	flag.DurationVar(&o.limit, "limit", 3*time.Minute, "give up everything after")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *serve, source, o); err != nil {
		fmt.Fprintln(os.Stderr, "sipload:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, serve string, source accountSource, o options) error {
	if serve != "" {
		return respondOn(ctx, serve)
	}
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	r, err := measure(ctx, source, o)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(r); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	if r.Failed > 0 {
		return fmt.Errorf("%d failed", r.Failed)
	}
	return nil
}

func measure(ctx context.Context, source accountSource, o options) (*report, error) {
	switch {
	case o.calls != "":
		return callAll(ctx, o)
	case o.pushes > 0:
		return bePushed(ctx, o)
	}
	phones, err := source.phones()
	if err != nil {
		return nil, fmt.Errorf("reading users: %w", err)
	}
	return load(ctx, phones, o)
}
