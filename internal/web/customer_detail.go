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

// detailShow is the tab Detail: allowlist, codes, emergency numbers, digits.
func (p *Portal) detailShow(c *Call) error {
	return p.showDetail(c, http.StatusOK, p.detailFill(c), view.Form{})
}

func (p *Portal) detailFill(c *Call) view.Form {
	x, digits := c.Customer, ""
	if x.ExtensionDigits > 0 {
		digits = strconv.Itoa(x.ExtensionDigits)
	}
	return Fill("login_code", x.LoginCode, "logout_code", x.LogoutCode, "emergency_numbers", strings.Join(x.EmergencyNumbers, ", "),
		"extension_digits", digits, "version", x.Version)
}

// showDetail shows the tab with what was typed into its two forms.
func (p *Portal) showDetail(c *Call, status int, dial, allow view.Form) error {
	ctx, x := c.R.Context(), *c.Customer
	m := view.DetailPage{Customer: x, Service: p.cfg.Service, Edit: c.Actor.Can(auth.ScopeWrite), Dial: dial, Allow: allow}
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

var dialFields = []string{"login_code", "logout_code", "emergency_numbers", "extension_digits"}

// detailUpdate saves codes, emergency numbers and digits.
func (p *Portal) detailUpdate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("login_code", "logout_code", "emergency_numbers")
	digits := c.Customer.ExtensionDigits
	if d := f.Value("extension_digits"); f.Values.Has("extension_digits") {
		if digits, err = strconv.Atoi(d); err != nil && d != "" {
			f.Refuse("extension_digits", "errors.reason_digits_range")
		}
	}
	if f.OK() {
		version, _ := strconv.ParseInt(f.Value("version"), 10, 64) // 0, any, when it was tampered with
		_, err := p.app.Customers.Update(c.R.Context(), c.Actor, c.Customer.ID, version, func(x *telephony.Customer) error {
			x.LoginCode, x.LogoutCode, x.ExtensionDigits = f.Value("login_code"), f.Value("logout_code"), digits
			x.EmergencyNumbers = numbersOf(f.Value("emergency_numbers"))
			return nil
		})
		if err == nil {
			return c.Redirect(view.CustomerPath(c.Customer.ID, "detail"), Done("customers.detail_saved"))
		}
		if err := f.Take(err, dialFields...); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.General = c.T("customers.version_changed")
			f.Values.Set("version", strconv.FormatInt(c.Customer.Version, 10)) // who saves now has read what they replace
		}
	}
	return p.showDetail(c, f.Status(), f.Form, view.Form{})
}

// numbersOf are the numbers in a text, whatever stands between them.
func numbersOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}
