package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"

	"tischlein/internal/app"
	"tischlein/internal/config"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

// A victim is a server in a process of its own, which is there to be killed. It is
// told its configuration in a line of JSON, tells in another what it knows, and at
// the next line begins to link, unlink, log on and off all places at once. Each of
// these it announces and, when that is acknowledged, says that it is done.
const (
	asVictim  = "E2E_VICTIM" // set: this process is one
	places    = 40
	workers   = 4
	victimPIN = "4711"
)

// sitting is how somebody sits at a place.
type sitting string

const (
	nobody sitting = "nobody"
	linked sitting = "linked"
	guest  sitting = "guest"
)

// nextSitting is what can become of it in one step. Who is a guest is not offered
// for a link (S10).
var nextSitting = map[sitting][]sitting{nobody: {linked, guest}, linked: {nobody}, guest: {nobody}}

// place is what the victim knows of a channel, which only its own extension uses.
type place struct {
	Channel, Extension, Number, CPE string
	MAC                             telephony.MAC
	Sitting                         sitting
	Registered                      bool
}

// report is what the victim tells before it does anything.
type report struct {
	Addrs    server.Addrs
	RootCA   string
	Customer string
	Places   []place
	URLs     []string // for the first access, where the customer is new
}

func victim(in io.Reader, out io.Writer) error {
	ctx, lines := context.Background(), bufio.NewReader(in)
	order, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	var cfg config.Config
	if err := json.Unmarshal(order, &cfg); err != nil {
		return err
	}
	s, err := server.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	go func() { _ = s.Run(ctx) }() // it is killed before it could say how it ended
	v := &doomed{App: s.App(), out: json.NewEncoder(out)}
	r := report{Addrs: s.Addrs(), RootCA: s.RootCA()}
	customers, err := v.Customers.List(ctx, operator, app.Query{})
	if err != nil {
		return err
	}
	if len(customers.Items) == 0 {
		r.URLs, err = v.furnish(ctx)
	} else {
		v.customer = customers.Items[0].ID
	}
	if err != nil {
		return err
	}
	if err := v.look(ctx); err != nil {
		return err
	}
	r.Customer, r.Places = v.customer, v.places
	if err := v.out.Encode(r); err != nil {
		return err
	}
	if _, err := lines.ReadBytes('\n'); err != nil {
		return err
	}
	failed := make(chan error, workers)
	for w := range workers {
		go func() { failed <- v.work(ctx, w) }()
	}
	return <-failed
}

// doomed is the victim at work.
type doomed struct {
	*app.App
	customer string
	places   []place
	mu       sync.Mutex
	out      *json.Encoder
}

// furnish makes the customer and its places, and gives their devices' first-access URLs.
func (v *doomed) furnish(ctx context.Context) (urls []string, err error) {
	c, err := v.Customers.Create(ctx, operator, guesthouse)
	if err != nil {
		return nil, err
	}
	v.customer = c.ID
	for n := range places {
		ch, err := v.Channels.Create(ctx, operator, telephony.Channel{CustomerID: c.ID, Name: fmt.Sprintf("Platz %02d", n)})
		if err != nil {
			return nil, err
		}
		number := fmt.Sprint(1000 + n)
		if _, err := v.Extensions.Create(ctx, operator, telephony.Extension{CustomerID: c.ID, Number: number, Name: "Gast " + number}, victimPIN); err != nil {
			return nil, err
		}
		cpe, err := v.CPEs.Create(ctx, operator, telephony.CPE{CustomerID: c.ID, Driver: "yealink", MAC: telephony.MAC(fmt.Sprintf("0015651243%02x", n))})
		if err != nil {
			return nil, err
		}
		if _, err = v.CPEs.Attach(ctx, operator, c.ID, cpe.CPE.ID, ch.Channel.ID, 0, false); err != nil {
			return nil, err
		}
		url, err := v.CPEs.FirstAccess(ctx, operator, c.ID, cpe.CPE.ID)
		if err != nil {
			return nil, err
		}
		urls = append(urls, url.Reveal())
	}
	return urls, nil
}

// look reads all places.
func (v *doomed) look(ctx context.Context) error {
	channels, err := v.Channels.List(ctx, operator, v.customer, app.Query{Limit: places})
	if err != nil {
		return err
	}
	extensions, err := v.Extensions.List(ctx, operator, v.customer, app.Query{Limit: places})
	if err != nil {
		return err
	}
	if len(channels.Items) != places || len(extensions.Items) != places {
		return fmt.Errorf("%d channels and %d extensions", len(channels.Items), len(extensions.Items))
	}
	for n, ch := range channels.Items { // by name, and the extensions by number: both in the order of their making
		x := extensions.Items[n].Extension
		p := place{Channel: ch.Channel.ID, Extension: x.ID, Number: x.Number, Sitting: nobody, Registered: ch.Registered, CPE: ch.CPE.ID, MAC: ch.CPE.MAC}
		switch {
		case ch.LinkedTo != nil && ch.LinkedTo.ID == x.ID && ch.User != nil && ch.User.ID == x.ID:
			p.Sitting = linked
		case ch.LinkedTo == nil && ch.User != nil && ch.User.ID == x.ID:
			p.Sitting = guest
		case ch.LinkedTo != nil || ch.User != nil:
			return fmt.Errorf("place %s has %+v and %+v", x.Number, ch.LinkedTo, ch.User)
		}
		v.places = append(v.places, p)
	}
	return nil
}

// step is a line of the victim's while it works.
type step struct {
	Place int
	To    sitting
	Done  bool
}

// work changes every workers-th place for ever.
func (v *doomed) work(ctx context.Context, first int) error {
	for {
		n := first + workers*rand.IntN(places/workers)
		p := &v.places[n]
		to := nextSitting[p.Sitting][rand.IntN(len(nextSitting[p.Sitting]))]
		v.say(step{Place: n, To: to})
		if err := v.change(ctx, *p, to); err != nil {
			return fmt.Errorf("from %s to %s: %w", p.Sitting, to, err)
		}
		p.Sitting = to
		v.say(step{Place: n, To: to, Done: true})
	}
}

func (v *doomed) say(s step) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.out.Encode(s); err != nil { // nobody listens any more
		os.Exit(1)
	}
}

func (v *doomed) change(ctx context.Context, p place, to sitting) (err error) {
	switch {
	case to == linked:
		_, err = v.Links.Link(ctx, operator, app.LinkRequest{CustomerID: v.customer, ChannelID: p.Channel, ExtensionID: p.Extension, Side: telephony.FromChannel})
	case to == guest:
		_, err = v.Logins.Login(ctx, operator, app.LoginRequest{CustomerID: v.customer, ChannelID: p.Channel, Number: p.Number, PIN: victimPIN})
	case p.Sitting == linked:
		_, err = v.Links.Unlink(ctx, operator, v.customer, p.Channel, false)
	default:
		_, err = v.Logins.Logout(ctx, operator, v.customer, p.Channel, false)
	}
	return err
}
