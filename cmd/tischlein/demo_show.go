package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

// perform is the demo as the audience sees it.
func perform(ctx context.Context, s *server.Server, w io.Writer, once bool) error {
	var live atomic.Pointer[func(phonesim.Event)] // set once the show is over
	c, err := newCast(ctx, s, func(e phonesim.Event) {
		if f := live.Load(); f != nil {
			(*f)(e)
		}
	})
	if err != nil {
		return err
	}
	defer c.fleet.Close()
	fmt.Fprintf(w, "\n  Tischlein · %s, customer %s\n\n", c.customer.Name, c.customer.Number)
	fmt.Fprintf(w, "  Four phones come out of their boxes. Each knows nothing but a first-access URL.\n\n")
	if err := c.wake(ctx); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n", c.boxes())
	fmt.Fprintf(w, "  All are registered; nobody sits there. Now %s %s is linked with %s:\n\n", c.people[0].Number, c.people[0].Name, c.places[0].name)
	took, err := c.linkFirst(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n", c.boxes())
	fmt.Fprintf(w, "  %d ms from the link to the phone's screen. Nobody touched the phone.\n\n", took.Milliseconds())
	if err := c.receive(ctx, w); err != nil {
		return err
	}
	if once {
		return nil
	}
	if err := c.farewell(ctx, s, w); err != nil {
		return err
	}
	tell := func(e phonesim.Event) { c.narrate(w, e) }
	live.Store(&tell)
	<-ctx.Done()
	live.Store(nil)
	fmt.Fprintln(w, "\n  Good-bye.")
	return nil
}

// wake powers all phones on and waits until each has registered as a free desk.
func (c *cast) wake(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, showTime)
	defer cancel()
	// The phones outlive this wait; Close ends them.
	if err := c.fleet.PowerOnAll(context.WithoutCancel(ctx), 0); err != nil {
		return err
	}
	for _, p := range c.places {
		if p.phone == nil {
			continue
		}
		if err := p.phone.Wait(ctx, func(s phonesim.State) bool { return s.Registered }); err != nil {
			return fmt.Errorf("the phone at %s did not register within %v: %s", p.name, showTime, p.phone.State().LastError)
		}
	}
	return nil
}

// linkFirst links the first person with the first place and measures until the
// name stands on the registered phone.
func (c *cast) linkFirst(ctx context.Context) (time.Duration, error) {
	p, who := c.places[0], c.people[0]
	ctx, cancel := context.WithTimeout(ctx, showTime)
	defer cancel()
	start := time.Now()
	_, err := c.app.Links.Link(ctx, administrator, app.LinkRequest{
		CustomerID: c.customer.ID, ChannelID: p.channel.ID, ExtensionID: who.ID, Side: telephony.FromChannel})
	if err != nil {
		return 0, fmt.Errorf("linking: %w", err)
	}
	err = p.phone.WaitScreen(ctx, func(lines []string) bool {
		return p.phone.State().Registered && slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, who.Name) })
	})
	if err != nil {
		return 0, fmt.Errorf("the phone at %s did not log in within %v, it shows %q", p.name, showTime, p.phone.Screen())
	}
	return time.Since(start), nil
}

// farewell hands the stage to the audience.
func (c *cast) farewell(ctx context.Context, s *server.Server, w io.Writer) error {
	_, token, err := c.app.Tokens.Create(ctx, administrator, app.TokenSpec{Name: "demo", Role: auth.OperatorAdmin})
	if err != nil {
		return fmt.Errorf("making the demo's token: %w", err)
	}
	me := os.Args[0]
	fmt.Fprintf(w, "  Your turn. In a browser; this link works once, you choose name and password:\n\n    %s\n\n", s.SetupURL())
	fmt.Fprintf(w, "  Or in another terminal:\n\n")
	fmt.Fprintf(w, "    export TISCHLEIN_URL=%s TISCHLEIN_TOKEN=%s\n", s.APIURL(), token.Reveal())
	fmt.Fprintf(w, "    %s link %s Stube 103        # Cleo Braun to the parlour\n", me, customerNumber)
	fmt.Fprintf(w, "    %s unlink %s Empfang        # the reception is a free desk again\n", me, customerNumber)
	fmt.Fprintf(w, "    %s explain %s Keller        # no phone there: what is missing?\n\n", me, customerNumber)
	fmt.Fprintf(w, "  Or as one of the people: %s/sign-in/extension, customer %s, extension 104, PIN %s.\n\n", s.PortalURL(), customerNumber, guestPIN)
	fmt.Fprintf(w, "  portal  %s/\n", s.PortalURL())
	fmt.Fprintf(w, "  API     %s/v1/   (description: /v1/openapi.json)\n", s.APIURL())
	fmt.Fprintf(w, "  phones  %s/\n\n  Screens follow as they change. Ctrl-C ends.\n\n", s.BaseURL())
	return nil
}

// narrate prints a phone's new screen on one line.
func (c *cast) narrate(w io.Writer, e phonesim.Event) {
	if e.Kind != phonesim.ScreenChanged || len(e.Screen) == 0 {
		return
	}
	for _, p := range c.places {
		if p.phone != nil && p.phone.MAC() == e.MAC {
			fmt.Fprintf(w, "  %s  %s  %s\n", e.At.Format("15:04:05.000"), pad(p.name, 8), strings.Join(e.Screen, " · "))
		}
	}
}
