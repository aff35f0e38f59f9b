package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/server"
)

type demoCmd struct {
	Data string `placeholder:"DIR" help:"Keep the demo's data here; the directory must not exist. Default: a temporary one."`
	Once bool   `help:"End after the show instead of running on; fails when the phone does not log in."`
}

// showTime is how long the audience waits for a phone before the show has failed.
const showTime = 10 * time.Second

func (c demoCmd) Run(ctx context.Context) (err error) {
	dir, done, err := c.directory()
	if err != nil {
		return err
	}
	defer done()
	log, err := logger("warn", os.Stderr)
	if err != nil {
		return err
	}
	s, err := server.Open(ctx, demoConfig(dir), log)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(serving)
		stop()
	}()
	// A server that fails ends the show, a show that ends ends the server.
	show, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(serving, cancel)()
	err = perform(show, s, os.Stdout, c.Once)
	cancel()
	stop()
	if failed := <-ended; failed != nil {
		err = failed
	}
	_ = s.Close() // the show is over
	return err
}

func (c demoCmd) directory() (dir string, done func(), err error) {
	if c.Data != "" {
		if _, err := os.Stat(c.Data); err == nil {
			return "", nil, fmt.Errorf("%s exists already; remove it or name another directory", c.Data)
		}
		return c.Data, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "tischlein-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("making a directory for the demo: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// demoConfig listens on this machine only, at the usual ports where they are free.
func demoConfig(dir string) config.Config {
	return config.Config{
		Data: dir, APIListen: free("tcp", 8080), PortalListen: free("tcp", 8088), PhoneListen: free("tcp", 8443), PhonePlainListen: free("tcp", 8081),
		SIPUDPListen: free("udp", 5060), SIPTCPListen: free("tcp", 5060), SIPTLSListen: free("tcp", 5061),
		PublicHost: "127.0.0.1", Transport: "tls", Refetch: time.Hour, Node: "demo", LogLevel: "warn",
	}
}

func free(network string, port int) string {
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	var c io.Closer
	var err error
	if network == "udp" {
		c, err = net.ListenPacket(network, addr)
	} else {
		c, err = net.Listen(network, addr)
	}
	if err != nil {
		return "127.0.0.1:0"
	}
	_ = c.Close() // only tried
	return addr
}
