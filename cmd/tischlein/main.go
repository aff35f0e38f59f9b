// Command tischlein is the whole product in one program. This package holds what
// people type and read; every rule lives elsewhere.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"tischlein/internal/config"
)

type cli struct {
	Serve     serveCmd        `cmd:"" help:"Run the server."`
	Demo      demoCmd         `cmd:"" help:"Run everything with a demo customer and virtual phones, and link one while you watch."`
	Link      linkCmd         `cmd:"" help:"Link an extension with a channel: the phone there logs in by itself."`
	Unlink    unlinkCmd       `cmd:"" help:"Take the link off a channel: its phone becomes a free desk."`
	Logout    logoutCmd       `cmd:"" help:"Log a guest off at a channel's phone."`
	Unlock    unlockCmd       `cmd:"" help:"Lift the lock after wrong PINs."`
	Explain   explainCmd      `cmd:"" help:"Say what is missing between a channel's link and its registered phone."`
	Trunk     trunkCmd        `cmd:"" help:"Keep the peers that carry calls."`
	Number    numberCmd       `cmd:"" help:"Keep the outside numbers that lead to customers."`
	Rotate    rotateCmd       `cmd:"" help:"Give devices new secrets; the old ones lead them there."`
	SiteToken siteTokenCmd    `cmd:"" help:"Keep the URLs that DHCP hands out to a whole range of phones."`
	Firmware  firmwareCmd     `cmd:"" help:"Keep the phones' firmware and its rollouts."`
	Fleet     fleetCmd        `cmd:"" help:"Say how many devices have what they should have, and what the others lack."`
	Override  overrideCmd     `cmd:"" help:"Set parameters of devices' files by hand."`
	Token     tokenCmd        `cmd:"" help:"Make API tokens, as the administrator of this machine."`
	User      userCmd         `cmd:"" help:"Make portal users and their one-time links, as the administrator of this machine."`
	Doctor    doctorCmd       `cmd:"" help:"Check configuration, key, database, certificate and clock."`
	DHCP      dhcpCmd         `cmd:"" name:"dhcp" help:"Print what a DHCP server shall tell phones, for dnsmasq, Kea or ISC."`
	Phones    phonesCmd       `cmd:"" help:"Run virtual phones from a list of provisioning URLs."`
	Version   versionCmd      `cmd:"" help:"Say which version this is, and of which Go."`
	File      kong.ConfigFlag `name:"config" env:"TISCHLEIN_CONFIG" placeholder:"FILE" help:"Configuration file (YAML)."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("tischlein"), kong.ShortUsageOnError(), kong.Configuration(config.Read),
		kong.Description("You choose who sits where; the desk phone there does the rest."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tischlein:", err)
		stop()
		os.Exit(1)
	}
}
