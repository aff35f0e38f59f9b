package web

import (
	"net/http"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// listingAsk says what switching IP listing would do, before it does (D18).
func (p *Portal) listingAsk(c *Call) error {
	return p.showListing(c, http.StatusOK, view.Form{})
}

func (p *Portal) showListing(c *Call, status int, f view.Form) error {
	on := !c.Customer.IPListing
	fail, heal, err := p.app.Customers.ListingEffect(c.R.Context(), c.Actor, c.Customer.ID, on, "")
	if err != nil {
		return err
	}
	entries, err := p.app.Customers.Allowlist(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	m := view.ListingQuestion{Customer: *c.Customer, On: on, Entries: len(entries), Form: f, Fail: affected(fail), Heal: affected(heal), Version: c.Customer.Version}
	title := "customers.listing_off"
	if on {
		title = "customers.listing_on"
	}
	return c.Page(status, view.Page{Title: c.T(title), Section: view.SectionMaster, Narrow: true}, view.ListingAsk(m))
}

// listingSwitch does what was asked. Addresses that somebody ticked come onto the
// list first, so that their devices do not fail in between.
func (p *Portal) listingSwitch(c *Call) error {
	ctx, id := c.R.Context(), c.Customer.ID
	f, err := c.Form()
	if err != nil {
		return err
	}
	on := f.On("on")
	if c.Customer.IPListing == on {
		return c.Redirect(view.CustomerPath(id), Remark("customers.listing_already"))
	}
	if on {
		for _, a := range f.Values["allow"] {
			if _, err := p.app.Customers.Allow(ctx, c.Actor, id, a, c.T("customers.allow_note")); err != nil {
				if err := f.Take(err); err != nil {
					return err
				}
				return p.showListing(c, f.Status(), f.Form)
			}
		}
	}
	version := versionOf(f.Value("version"))
	_, err = p.app.Customers.Update(ctx, c.Actor, id, version, func(x *telephony.Customer) error { x.IPListing = on; return nil })
	if err != nil {
		if err := f.Take(err); err != nil {
			return err
		}
		return p.showListing(c, f.Status(), f.Form)
	}
	said := Done("customers.switched_off")
	if on {
		said = Done("customers.switched_on")
	}
	return c.Redirect(view.CustomerPath(id)+"#account", said)
}

// affected groups devices by the address that decides over them, in their order.
func affected(list []app.ListedDevice) (a view.Affected) {
	at := map[netip.Addr]int{}
	for _, d := range list {
		i, seen := at[d.Address]
		if !seen {
			i = len(a.Groups)
			at[d.Address] = i
			a.Groups = append(a.Groups, view.AffectedGroup{Address: d.Address.String()})
		}
		g := &a.Groups[i]
		g.Count++
		a.Count++
		if len(g.Devices) < view.AffectedShown {
			g.Devices = append(g.Devices, view.AffectedDevice{ChannelID: d.ChannelID, Channel: d.Channel, Number: d.Number, Name: d.Name})
		}
	}
	return a
}
