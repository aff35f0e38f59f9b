package telephony

import (
	"fmt"
	"time"
)

// Step is one station on the way from a link to a registered phone (P10).
type Step struct {
	Name   string // link, device, trust, address, pushed, fetched, registered
	Done   bool
	At     time.Time // when it was reached, zero if unknown or not reached
	Detail string    // what is so
	Advice string    // what to do, only where Done is false
}

// Chain lists the stations of a channel in order. The first that is not done is
// the first thing missing. pushable and fetches are the driver's: some devices
// cannot be told to fetch, some take no configuration from us at all (D27).
func Chain(d Desk, o Observed, fetches, pushable bool) []Step {
	steps := []Step{linkStep(d), deviceStep(d)}
	if d.CPE == nil {
		return steps
	}
	if fetches {
		steps = append(steps, trustStep(d.CPE))
	}
	steps = append(steps, addressStep(d))
	if fetches {
		steps = append(steps, pushedStep(d.CPE, pushable), fetchedStep(d.CPE))
	}
	return append(steps, registeredStep(o))
}

// Missing is the first step that is not done, nil when all are.
func Missing(steps []Step) *Step {
	for i := range steps {
		if !steps[i].Done {
			return &steps[i]
		}
	}
	return nil
}

func linkStep(d Desk) Step {
	switch {
	case d.Link != nil:
		return Step{Name: "link", Done: true, At: d.Link.Since, Detail: "linked with " + who(d.LinkedTo)}
	case d.Login != nil:
		return Step{Name: "link", Done: true, At: d.Login.Since, Detail: who(d.User) + " is logged in by hotdesking"}
	}
	return Step{Name: "link", Done: true, Detail: "not linked: a free desk"}
}

func deviceStep(d Desk) Step {
	if d.CPE == nil {
		return Step{Name: "device", Detail: "no device is connected to this channel", Advice: "attach a CPE to the channel"}
	}
	if d.CPE.Lost {
		return Step{Name: "device", Detail: d.CPE.Name + " is marked as lost", Advice: "attach another CPE, or take the mark off"}
	}
	return Step{Name: "device", Done: true, Detail: fmt.Sprintf("%s (%s %s, %s)", d.CPE.Name, d.CPE.Driver, d.CPE.Model, d.CPE.MAC.Colon())}
}

func trustStep(c *CPE) Step {
	s := Step{Name: "trust"}
	switch c.Trust {
	case TrustProven:
		s.Done, s.Detail = true, "proven by "+c.TrustWay
	case TrustPending:
		s.Done, s.Detail = true, "armed window used from "+c.PendingAddr.String()+"; proven with the first registration from there"
	case TrustFrozen:
		s.Detail, s.Advice = "frozen: "+c.FrozenReason, "find out which device is yours, then arm it again"
	default:
		s.Detail = "the device has never proven itself"
		if !c.ArmedUntil.IsZero() {
			s.Detail += "; armed until " + c.ArmedUntil.UTC().Format(time.RFC3339)
		}
		s.Advice = "it never contacted us: check VLAN, DHCP option, a redirect entry of another operator, a certificate it does not trust, a wrong clock; then arm it or give it its first-access URL"
	}
	return s
}

func addressStep(d Desk) Step {
	s := Step{Name: "address"}
	seen := d.CPE.Addresses()
	switch {
	case d.Refused.IsValid():
		s.Detail = "address " + d.Refused.String() + " is not on the allowlist"
		s.Advice = "allow the address"
	case len(seen) == 0:
		s.Done, s.Detail = true, "not seen yet"
	default:
		s.Done, s.Detail = true, "allowed: "+seen[0].String()
	}
	return s
}

func pushedStep(c *CPE, pushable bool) Step {
	s := Step{Name: "pushed", At: c.PushedAt}
	switch {
	case c.Wanted == c.Fetched:
		s.Done, s.Detail = true, "nothing to push"
	case !pushable:
		s.Done, s.Detail = true, "this device cannot be told to fetch: it takes its configuration when it starts, or when it polls"
	case c.Pushed != c.Wanted:
		s.Detail, s.Advice = "check-sync not sent yet", "it is sent when the device registers"
	case c.PushOutcome == PushAnswered:
		s.Done, s.Detail = true, fmt.Sprintf("check-sync answered with %d", c.PushStatus)
	case c.PushOutcome == PushUnsupported:
		s.Done, s.Detail = true, fmt.Sprintf("the device answers check-sync with %d: it will take its configuration when it polls", c.PushStatus)
	default:
		s.Detail, s.Advice = "check-sync not delivered: "+string(c.PushOutcome), "it is repeated by itself and at the next registration; if the device stays silent, restart it, and look whether its clock is right"
	}
	return s
}

func fetchedStep(c *CPE) Step {
	s := Step{Name: "fetched", At: c.FetchedAt}
	switch {
	case !c.RefusedAt.IsZero():
		s.Detail, s.Advice = "refused: "+c.RefusedWhy, "see the device's history"
	case c.Wanted == c.Fetched && c.Fetched != "":
		s.Done, s.Detail = true, "has the newest configuration, fetched from "+c.FetchAddr.String()
	case c.Fetched == "":
		s.Detail, s.Advice = "has never fetched its configuration", "restart the device; if it stays so, see the causes under trust"
	default:
		s.Detail, s.Advice = "has an older configuration", "wait for the fetch, or restart the device"
	}
	return s
}

func registeredStep(o Observed) Step {
	if !o.Registered {
		return Step{Name: "registered", Detail: "no live registration", Advice: "check that the device has power, reaches the SIP address and port it was given, trusts the certificate there, and that its clock is right"}
	}
	return Step{Name: "registered", Done: true, At: o.Since, Detail: "registered as " + o.Display + " with " + o.UserAgent}
}
