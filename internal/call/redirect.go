package call

import (
	"context"
	"strings"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// mostForwards bounds how often one call is forwarded.
const mostForwards = 5

// forward follows a device's 302: inside the customer, and outside only where the
// customer lets it; who forwards pays (C08). It has one of c.open.
func (c *setup) forward(b *branch, res *siplib.Response) {
	ctx, cancel := context.WithTimeout(c.s.ctx, planTime)
	defer cancel()
	for _, to := range targets(res) {
		number := dialled(to)
		if number == "" || !c.visit(number) || b.leg.ChannelID == "" {
			continue
		}
		plan, err := c.s.cfg.House.Plan(ctx, b.leg.ChannelID, number)
		if err != nil {
			continue
		}
		switch {
		case plan.Kind == telephony.CallExtension:
			c.ring(plan, nil)
		case plan.Kind == telephony.CallOutside && c.plan.ForwardOutside:
			seat, why := c.s.limits.enter(plan, c.s.cfg.ChannelCalls, c.s.cfg.ChannelPerMinute)
			if why != "" {
				c.s.cfg.Observer.Ended(c.s.ctx, Ended{Plan: plan, Status: 403, Reason: why})
				continue
			}
			seat.became(181, "forwarded")
			c.ring(plan, seat)
			seat.leave()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended(outcome{})
}

// visit notes a number that the call is forwarded to and reports whether it may
// be: not twice to the same, and not for ever.
func (c *setup) visit(number string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := "to " + number
	if c.rung[key] || c.told {
		return false
	}
	visited := 0
	for k := range c.rung {
		if strings.HasPrefix(k, "to ") {
			visited++
		}
	}
	c.rung[key] = true
	return visited < mostForwards
}

// targets are the URIs of a redirection's Contacts.
func targets(res *siplib.Response) (list []string) {
	for _, v := range values(res, "Contact") {
		for _, part := range listed(v) {
			if n, ok := wire.ParseNameAddr([]byte(part)); ok {
				list = append(list, string(n.URI.Raw))
			}
		}
	}
	return list
}
