package phonesim

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Button is a programmable key that does something, as its phone labels it.
type Button struct {
	Label string
	Opens string // URL for the XML browser, "" for none
	Dials string // what it dials, "" for nothing
}

// buttoned is a firmware with programmable keys.
type buttoned interface {
	buttons(s settings) []Button
}

// Buttons are the labelled keys beside the display, in their order. Keys for
// lines are not among them.
func (p *Phone) Buttons() []Button {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buttons()
}

func (p *Phone) buttons() []Button {
	if b, ok := p.fw.(buttoned); ok && p.state.Power == Running {
		return b.buttons(p.settings)
	}
	return nil
}

// labels is the keys as a line of the idle screen.
func labels(list []Button) string {
	var b strings.Builder
	for _, k := range list {
		b.WriteString("[" + k.Label + "] ")
	}
	return strings.TrimSuffix(b.String(), " ")
}

// Press pushes the key with that label: its page opens, or the phone dials. It
// returns when the page is there, or the call is on its way.
func (p *Phone) Press(ctx context.Context, label string) error {
	p.mu.Lock()
	all := p.buttons()
	p.mu.Unlock()
	n := slices.IndexFunc(all, func(b Button) bool { return b.Label == label })
	if n < 0 {
		return fmt.Errorf("no key %q among %v", label, all)
	}
	if all[n].Opens != "" {
		return p.open(ctx, all[n].Opens)
	}
	p.do(func() { p.state.Dialled = all[n].Dials })
	_, err := p.Dial(Dialling{Number: all[n].Dials})
	return err
}

// yealinkLongestValue is how much of a key's value the phone keeps.
const yealinkLongestValue = 99

func (yealink) buttons(s settings) []Button {
	var list []Button
	for n := 1; n <= 60; n++ {
		k := fmt.Sprintf("linekey.%d.", n)
		b := Button{Label: s.get(k + "label")}
		value := s.get(k + "value")
		if len(value) > yealinkLongestValue {
			value = value[:yealinkLongestValue]
		}
		switch s.number(k+"type", 0) {
		case 13:
			b.Dials = value
		case 27:
			b.Opens = value
		}
		if b.Opens+b.Dials != "" {
			list = append(list, b)
		}
	}
	return list
}

func (snom) buttons(s settings) []Button {
	var list []Button
	for n := range 60 {
		k := fmt.Sprintf("fkey:%d", n)
		kind, value, _ := strings.Cut(s.get(k), " ")
		b := Button{Label: s.get(k + ":label")}
		switch kind {
		case "speed":
			b.Dials = value
		case "url":
			b.Opens = value
		}
		if b.Opens+b.Dials != "" {
			list = append(list, b)
		}
	}
	return list
}
