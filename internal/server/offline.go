package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// ErrNotStarted is returned for an installation that has never been started.
var ErrNotStarted = errors.New("there is no installation yet: start the server once")

// Offline opens the use cases of an installation without serving anything; the
// server may run meanwhile. Call done at the end.
func Offline(ctx context.Context, cfg config.Config) (a *app.App, done func() error, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, nil, fmt.Errorf("checking the configuration: %w", err)
	}
	if !exists(cfg.Key()) {
		return nil, nil, ErrNotStarted
	}
	key, err := auth.LoadKey(cfg.Key())
	if err != nil {
		return nil, nil, err
	}
	db, err := storage.Open(ctx, cfg.DSN(), time.Now)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the database: %w", err)
	}
	if a, err = attend(ctx, cfg, db, key); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return a, db.Close, nil
}

// attend opens the use cases with the settings that the server has: others would
// be taken for a change that every device must hear of.
func attend(ctx context.Context, cfg config.Config, db *storage.DB, key *auth.Key) (*app.App, error) {
	err := db.View(ctx, func(tx *storage.Tx) error {
		_, err := tx.Installation()
		return err
	})
	if telephony.CodeOf(err) == telephony.NotFound {
		return nil, ErrNotStarted
	}
	if err != nil {
		return nil, fmt.Errorf("reading the installation: %w", err)
	}
	host := publicHost(cfg)
	certs, err := loadCertificates(cfg, host, time.Now)
	if err != nil {
		return nil, err
	}
	sip := map[string]telephony.SIPServer{}
	for transport, addr := range map[string]string{"udp": cfg.SIPUDPListen, "tcp": cfg.SIPTCPListen, "tls": cfg.SIPTLSListen} {
		if addr != config.Off {
			sip[transport] = telephony.SIPServer{Host: host, Port: port(addr), Transport: transport}
		}
	}
	a, _, err := app.Open(ctx, app.Config{
		DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Settings: app.Settings{
			Realm: cfg.Realm, Node: cfg.Node, BaseURL: strings.TrimSuffix(StageOneURL(cfg), "/"),
			SIP: sip, Transport: cfg.Transport, RootCA: certs.rootCA, Refetch: cfg.Refetch, Portal: portalSettings(cfg),
		},
	})
	return a, err
}

// StageOneURL is where phones begin that know nothing yet (P02); it ends in "/".
func StageOneURL(cfg config.Config) string {
	return "https://" + net.JoinHostPort(publicHost(cfg), strconv.Itoa(port(cfg.PhoneListen))) + "/"
}
