package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"tischlein/internal/config"
	"tischlein/internal/server"
)

type serveCmd struct {
	config.Config `embed:""`
}

func (c serveCmd) Run(ctx context.Context) error {
	log, err := logger(c.LogLevel, os.Stderr)
	if err != nil {
		return err
	}
	shareProcessor()
	s, err := server.Open(ctx, c.Config, log)
	if err != nil {
		return err
	}
	defer s.Close() // Run's error counts
	announce(os.Stdout, s)
	go tuneCollector(ctx)
	return s.Run(ctx)
}

func logger(level string, w io.Writer) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log_level: %w", err)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l})), nil
}

// announce says where everything is and, at the first start, how to get in.
func announce(w io.Writer, s *server.Server) {
	a := s.Addrs()
	if url := s.PortalURL(); url != "" {
		fmt.Fprintf(w, "portal  %s/\n", url)
	}
	fmt.Fprintf(w, "API     %s/v1/\n", s.APIURL())
	fmt.Fprintf(w, "phones  %s/\n", s.BaseURL())
	if a.PhonePlain != "" {
		fmt.Fprintf(w, "        http on %s leads there\n", a.PhonePlain)
	}
	for _, t := range []string{"udp", "tcp", "tls"} {
		for _, addr := range a.SIP[t] {
			fmt.Fprintf(w, "SIP     %s %s\n", t, addr)
		}
	}
	setup := s.SetupToken()
	if setup == "" {
		return
	}
	fmt.Fprintf(w, "\nFirst start. Make yourself the administrator; this works once, for seven days:\n\n")
	if url := s.SetupURL(); url != "" {
		fmt.Fprintf(w, "  %s\n\nor, without a browser:\n\n", url)
	}
	fmt.Fprintf(w, "  curl -s %s/v1/setup -H 'Content-Type: application/json' -d '{\"setup_token\":\"%s\",\"name\":\"admin\"}'\n\n",
		s.APIURL(), setup.Reveal())
}
