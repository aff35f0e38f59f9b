package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tischlein/internal/phonesim"
)

// guestPIN is with what the demo's people log in at free desks.
const guestPIN = "2704"

// receive shows a guest: somebody logs in at a free desk by its key, and calls
// the one who was linked.
func (c *cast) receive(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, showTime)
	defer cancel()
	desk, guest := c.places[1], c.people[1]
	fmt.Fprintf(w, "  %s sits down at %s, presses the key Anmelden and types %s and a PIN:\n\n", guest.Name, desk.name, guest.Number)
	if err := logIn(ctx, desk.phone, guest.Number, guestPIN); err != nil {
		return fmt.Errorf("logging in at %s: %w", desk.name, err)
	}
	desk.phone.Leave() // the page that says so; the idle screen behind it is what stays
	err := desk.phone.WaitScreen(ctx, func(lines []string) bool {
		return desk.phone.State().Registered && slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, guest.Name) })
	})
	if err != nil {
		return fmt.Errorf("the phone at %s did not show its guest within %v, it shows %q", desk.name, showTime, desk.phone.Screen())
	}
	fmt.Fprintf(w, "%s\n", c.boxes())
	seen, err := callAndHangUp(ctx, desk.phone, c.places[0].phone, c.people[0].Number)
	if err != nil {
		return fmt.Errorf("calling from %s: %w", desk.name, err)
	}
	fmt.Fprintf(w, "  Then %s calls %s. The phone at %s rings and shows: %s %s.\n\n", guest.Name, c.people[0].Number, c.places[0].name, seen.Number, seen.Name)
	return nil
}

// logIn walks the pages behind a phone's key.
func logIn(ctx context.Context, p *phonesim.Phone, typed ...string) error {
	if err := p.Press(ctx, "Anmelden"); err != nil {
		return err
	}
	for _, text := range typed {
		if err := p.Type(text); err != nil {
			return err
		}
		if err := p.Submit(ctx); err != nil {
			return err
		}
	}
	return nil
}

// callAndHangUp has one phone call another, which answers; seen is the call as
// the other one's display has it.
func callAndHangUp(ctx context.Context, from, to *phonesim.Phone, number string) (seen phonesim.CallState, err error) {
	to.TakeCalls(phonesim.Rings)
	defer to.TakeCalls(phonesim.Engaged)
	placed, err := from.Dial(phonesim.Dialling{Number: number})
	if err != nil {
		return seen, err
	}
	defer placed.HangUp()
	rings, err := to.WaitCall(ctx, func(s phonesim.CallState) bool { return s.Phase == phonesim.Incoming })
	if err != nil {
		return seen, fmt.Errorf("it did not ring: %d %s %s", placed.State().Status, placed.State().Phrase, placed.State().Reason)
	}
	seen = rings.State()
	if err := rings.Answer(); err != nil {
		return seen, err
	}
	if err := placed.Wait(ctx, func(s phonesim.CallState) bool { return s.Phase == phonesim.Up }); err != nil {
		return seen, fmt.Errorf("it was not answered: %d %s", placed.State().Status, placed.State().Phrase)
	}
	placed.HangUp()
	return seen, rings.Wait(ctx, func(s phonesim.CallState) bool { return s.Phase == phonesim.Ended })
}
