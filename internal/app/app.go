// Package app is what Tischlein can do: one type per aggregate, each use case
// authorises, loads, asks telephony to decide, writes, raises the wanted
// revision, audits, and after the commit wakes who must act. It knows no HTTP,
// no SIP and no template, and decides nothing that telephony decides.
package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Settings are what devices are told about this installation.
type Settings struct {
	Realm     string // "" keeps, or at first start makes, the installation's (C01)
	Node      string
	BaseURL   string                         // https://host:port of the provisioning listener
	SIP       map[string]telephony.SIPServer // by transport: udp, tcp, tls
	Transport string                         // preferred transport
	RootCA    string                         // PEM that devices must trust, "" = public
	Refetch   time.Duration                  // safety net, 0 = 1 h
	Portal    PortalSettings
	// FirmwareDir keeps the phones' firmware; "" = none is kept. FirmwareMost bounds
	// a file, in bytes; 0 = 512 MiB.
	FirmwareDir  string
	FirmwareMost int64
	Redirects    map[string]string // by driver: its maker's redirect service, where we have an account (P11)
}

// Config is what Open needs.
type Config struct {
	DB       *storage.DB
	Key      *auth.Key
	Drivers  *provision.Registry
	Settings Settings
	Log      *slog.Logger
	Now      func() time.Time
}

// Ports are the parts of the house that must hear of a change. Until Wire is
// called nobody listens.
type Ports struct {
	Wake      func() // reconcile
	Rollouts  func() // a rollout has changed
	Redirects func() // entries at redirect services are due
	Devices   DeviceMemory
	Registrar RegistrarMemory
	Calls     CallMemory
	// LoggedIn counts a try to log in: the way it came, and "done" or a reason.
	LoggedIn func(path, result string)
}

// DeviceMemory is what the provisioning server remembers; it must forget before
// an answer goes out.
type DeviceMemory interface {
	Changed(cpeIDs ...string)
	ChangedCustomer(customerID string)
	ChangedAll()
}

// RegistrarMemory is what the registrar remembers, and its way to a phone.
type RegistrarMemory interface {
	Forget(sipUsers ...string)
	ForgetCustomer(customerID string)
	Drop(ctx context.Context, sipUser, reason string) error
	Lookup(sipUser string) (telephony.Binding, bool)
	Notify(ctx context.Context, p telephony.Push) telephony.PushResult
}

// core is what every use case stands on.
type core struct {
	db       *storage.DB
	key      *auth.Key
	drivers  *provision.Registry
	settings Settings
	log      *slog.Logger
	now      func() time.Time
	bus      *bus
	ports    Ports
	notes    chan note
	taken    chan storage.Fetch
	dropped  atomic.Int64 // notes that found no room
	talking  sync.Map     // ids of channels whose device is in a call
	healths  counts[string, Health]
	work     sync.WaitGroup
	done     donePushes
	sending  paces // of devices' uploads
	refusing paces // of what is noted of requests that were refused
	rolled   rolled
	images   firmwareSet
	fleets   counts[storage.Reach, FleetView]

	passwords *auth.Passwords
	sources   *auth.Sources // of guesses at passwords, codes and one-time links
	guesses   *auth.Guesses // at PINs, by phone
	callers   *auth.Sources // of guesses at PINs: who guesses at a phone keeps nobody there from the portal
	turns     turns         // of tries at a number's PIN
	// hashing bounds how many PINs are checked at once, so that a rush of log-ins
	// leaves the processor to registrations.
	hashing chan struct{}
	// rush bounds how many log in at once: whoever writes beside them, a phone that
	// registers anew for one, waits for these few and not for a whole morning's.
	rush     chan struct{}
	zones    sync.Map // customers' time zones by name
	rotating sync.Map // ids of customers all of whose secrets are being rotated
}

// App is every use case.
type App struct {
	*core
	Partners   Partners
	Customers  Customers
	Channels   Channels
	Extensions Extensions
	CPEs       CPEs
	Links      Links
	Logins     Logins
	Trunks     Trunks
	Numbers    Numbers
	Overrides  Overrides
	Desks      Desks
	SiteTokens SiteTokens
	Tokens     Tokens
	Users      Users
	Sessions   Sessions
	Profile    Profile
	Audit      Audit
	Events     Events

	Firmware      Firmware
	Rollouts      Rollouts
	Fleet         Fleet
	Registrar     Registrar
	Calls         Calls
	Subscriptions Subscriptions
	Devices       Devices
	Pushes        Pushes
	Redirects     Redirects
	Jobs          Jobs
	Measures      Measures

	SelfService SelfService
}

// setupLife is how long the one-time token of the first start can be used.
const setupLife = 7 * 24 * time.Hour

// Open checks that key and database belong together and makes the
// installation's row at the very first start; then setup is the one-time token
// for the first administrator, otherwise "".
func Open(ctx context.Context, c Config) (a *App, setup telephony.Secret, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Settings.Refetch <= 0 {
		c.Settings.Refetch = time.Hour
	}
	c.Settings.Portal.fill()
	k := &core{db: c.DB, key: c.Key, drivers: c.Drivers, settings: c.Settings, log: c.Log, now: c.Now, bus: newBus(), notes: make(chan note, 4096), taken: make(chan storage.Fetch, 4096)}
	k.passwords, k.sources, k.guesses, k.callers = auth.NewPasswords(c.Key), auth.NewSources(), auth.NewGuesses(), auth.NewSources()
	k.hashing, k.rush = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)), make(chan struct{}, 4)
	if setup, err = k.install(ctx); err != nil {
		return nil, "", err
	}
	k.ports = Ports{Wake: func() {}, Rollouts: func() {}, Redirects: func() {}, LoggedIn: func(string, string) {}, Devices: nobody{}, Registrar: nobody{}, Calls: nobody{}}
	return &App{
		core: k, Partners: Partners{k}, Customers: Customers{k}, Channels: Channels{k}, Extensions: Extensions{k}, CPEs: CPEs{k},
		Links: Links{k}, Logins: Logins{k}, Desks: Desks{k, Logins{k}}, SiteTokens: SiteTokens{k}, Tokens: Tokens{k}, Users: Users{k}, Sessions: Sessions{k}, SelfService: SelfService{k}, Profile: Profile{k}, Audit: Audit{k}, Events: Events{k},
		Trunks: Trunks{k}, Numbers: Numbers{k}, Overrides: Overrides{k},
		Firmware: Firmware{k}, Rollouts: Rollouts{k}, Fleet: Fleet{k},
		Registrar: Registrar{k}, Calls: Calls{k, &tellings{at: map[string]time.Time{}}}, Subscriptions: Subscriptions{k}, Devices: Devices{k}, Pushes: Pushes{k}, Jobs: Jobs{k}, Measures: Measures{k}, Redirects: Redirects{k},
	}, setup, nil
}

// Wire connects the parts that must hear of changes; call it before serving.
func (a *App) Wire(p Ports) {
	if p.Rollouts == nil {
		p.Rollouts = func() {}
	}
	if p.Redirects == nil {
		p.Redirects = func() {}
	}
	if p.LoggedIn == nil {
		p.LoggedIn = func(string, string) {}
	}
	if p.Calls == nil {
		p.Calls = nobody{}
	}
	a.ports = p
}

// Realm is the installation's one realm (C01).
func (a *App) Realm() string { return a.settings.Realm }

func (k *core) install(ctx context.Context) (setup telephony.Secret, err error) {
	drivers := k.driverVersions()
	err = k.db.Update(ctx, func(tx *storage.Tx) error {
		setup = ""
		i, err := tx.Installation()
		if telephony.CodeOf(err) == telephony.NotFound {
			setup = auth.NewToken("setup-")
			i = storage.Installation{
				Realm: k.settings.Realm, KeyCheck: k.key.Check(), Drivers: drivers,
				SetupHash: auth.HashToken(setup.Reveal()), SetupExpires: tx.Now.Add(setupLife),
			}
			if i.Realm == "" {
				i.Realm = auth.NewPassword(12).Reveal() + ".tischlein"
			}
			k.settings.Realm = i.Realm
			return tx.InsertInstallation(i)
		}
		if err != nil {
			return err
		}
		if !bytes.Equal(i.KeyCheck, k.key.Check()) {
			return errors.New("the key file does not belong to this database: its secrets could not be opened")
		}
		if k.settings.Realm != "" && k.settings.Realm != i.Realm {
			return fmt.Errorf("the realm of this installation is %q and cannot be changed to %q: every password hash depends on it", i.Realm, k.settings.Realm)
		}
		k.settings.Realm = i.Realm
		if i.Drivers != drivers {
			i.Drivers = drivers
			if err := tx.RaiseEveryEpoch(); err != nil {
				return err
			}
		}
		return tx.UpdateInstallation(i)
	})
	return setup, err
}

// driverVersions also holds the settings that devices are told: when any of it
// changes, every device is looked at again.
func (k *core) driverVersions() string {
	var b strings.Builder
	for _, d := range k.drivers.Drivers() {
		fmt.Fprintf(&b, "%s=%s ", d.Info().Vendor, d.Info().Version)
	}
	s := k.settings
	fmt.Fprintf(&b, "base=%s sip=%v transport=%s ca=%s refetch=%s", s.BaseURL, s.SIP, s.Transport, auth.HashToken(s.RootCA), s.Refetch)
	return b.String()
}

// nobody listens before Wire.
type nobody struct{}

func (nobody) Changed(...string)                          {}
func (nobody) ChangedCustomer(string)                     {}
func (nobody) ChangedAll()                                {}
func (nobody) Forget(...string)                           {}
func (nobody) ForgetCustomer(string)                      {}
func (nobody) TrunksChanged()                             {}
func (nobody) DesksChanged(...string)                     {}
func (nobody) MessagesChanged(string, telephony.Messages) {}
func (nobody) Drop(context.Context, string, string) error { return nil }
func (nobody) Lookup(string) (telephony.Binding, bool)    { return telephony.Binding{}, false }
func (nobody) Notify(context.Context, telephony.Push) telephony.PushResult {
	return telephony.PushResult{Outcome: telephony.PushUnregistered}
}
