package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// detailShow is the tab Detail: allowlist, codes, emergency numbers, digits, and
// how calls and hot-desk logins go.
func (p *Portal) detailShow(c *Call) error {
	return p.showDetail(c, http.StatusOK, detailForms{})
}

// detailForms are what was typed into the forms of the tab, by their part; "allow"
// is the one of the allowlist. Those that are missing show what is saved.
type detailForms map[string]view.Form

func (p *Portal) detailFill(c *Call) view.Form {
	x := c.Customer
	return Fill("login_code", x.LoginCode, "logout_code", x.LogoutCode, "pickup_code", x.PickupCode, "one_go_code", x.OneGoCode,
		"emergency_numbers", strings.Join(x.EmergencyNumbers, ", "), "extension_digits", unless(x.ExtensionDigits, 0), "version", x.Version)
}

// unless is a number as a field shows it, "" for the one that stands for none.
func unless(n, none int) string {
	if n == none {
		return ""
	}
	return strconv.Itoa(n)
}

// showDetail shows the tab with what was typed into its forms.
func (p *Portal) showDetail(c *Call, status int, typed detailForms) error {
	ctx, x := c.R.Context(), *c.Customer
	form := func(part string, saved view.Form) view.Form {
		if f, ok := typed[part]; ok {
			return f
		}
		return saved
	}
	m := view.DetailPage{Customer: x, Service: p.cfg.Service, Edit: c.Actor.Can(auth.ScopeWrite), Dial: form("codes", p.detailFill(c)), Allow: typed["allow"]}
	if err := p.policies(c, &m.Policies, form); err != nil {
		return err
	}
	if err := p.trustOf(c, &m.Trust, form); err != nil {
		return err
	}
	entries, err := p.app.Customers.Allowlist(ctx, c.Actor, x.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		m.Entries = append(m.Entries, view.AllowEntry{Text: e.Entry.String(), Note: e.Note, Kind: kindOfEntry(e.Entry)})
	}
	if x.IPListing {
		if m.Refused, err = p.refusedAddresses(c); err != nil {
			return err
		}
	}
	n, err := p.app.Extensions.List(ctx, c.Actor, x.ID, app.Query{Limit: 1})
	if err != nil {
		return err
	}
	m.DigitsFixed = len(n.Items) > 0
	if c.Fragment() {
		return c.Part(http.StatusOK, view.DetailShow(m))
	}
	return c.Page(status, view.Page{Title: c.T("common.tab_detail"), Section: view.SectionService}, view.DetailShow(m))
}

func kindOfEntry(e telephony.Entry) view.EntryKind {
	switch {
	case e.First == e.Last:
		return view.EntrySingle
	case e.First.Is6():
		return view.EntryPrefix
	}
	return view.EntryRange
}

// refusedAddresses are the addresses at which linked devices fail now, with the
// channels that wait for them.
func (p *Portal) refusedAddresses(c *Call) (out []view.RefusedAddress, err error) {
	l, err := p.app.Channels.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Filter: string(telephony.StateFailed), Limit: 100})
	if err != nil {
		return nil, err
	}
	at := map[netip.Addr]int{}
	for _, v := range l.Items {
		if v.State.Reason != telephony.FailedAddress || !v.State.Address.IsValid() {
			continue
		}
		i, seen := at[v.State.Address]
		if !seen {
			i = len(out)
			at[v.State.Address] = i
			out = append(out, view.RefusedAddress{Address: v.State.Address.String()})
		}
		out[i].Channels = append(out[i].Channels, v.Channel.Name)
	}
	return out, nil
}

// numbersOf are the numbers in a text, whatever stands between them.
func numbersOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}
