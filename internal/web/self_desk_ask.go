package web

import (
	"errors"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// askDesk finds out what logging in at the desk would do: end names the login that
// should make room, "" for the oldest.
func (p *Portal) askDesk(c *Call, x telephony.Channel, end string) (m view.SelfDesk, err error) {
	ctx := c.R.Context()
	m = view.SelfDesk{Place: x.Name, Desk: x.Desk, Number: c.Session.Number, Path: view.DeskPath(c.Employer.Number, x.Desk), Channel: x.ID, Live: "extension-" + c.Actor.ExtensionID}
	here, err := p.app.Desks.Here(ctx, c.Actor, c.Actor.CustomerID, x.ID)
	if err != nil {
		return m, err
	}
	if here.Party.ExtensionID == c.Actor.ExtensionID {
		m.Here, m.Linked = true, here.Kind == telephony.LoginLinked
		return m, nil
	}
	r := p.deskRequest(c, x)
	r.DryRun = true
	_, _, err = p.app.Desks.LogIn(ctx, c.Actor, r)
	if !asks(err) {
		return m, c.refusedAt(&m, err)
	}
	m.Over = telephony.HolderOf(err)
	m.TakeOver, m.Taken = true, telephony.ReasonOf(err) == "desk_taken"
	for _, o := range choices(err) {
		m.Choices = append(m.Choices, view.Choice{Value: o.ChannelID, Label: c.T("self.leave_choice", "Place", o.Name, "Since", view.Moment(ctx, o.Since, p.now()))})
	}
	if m.End = end; m.End == "" && len(m.Choices) > 0 {
		m.End = m.Choices[0].Value
	}
	r.TakeOver, r.End = true, m.End
	_, done, err := p.app.Desks.LogIn(ctx, c.Actor, r)
	if err != nil {
		return m, c.refusedAt(&m, err)
	}
	var seen []string
	for _, e := range done {
		own := e.Extension == c.Session.Number
		if e.Kind != "logged_off" || own && len(m.Choices) > 1 { // that one is chosen
			continue
		}
		seen = append(seen, e.ChannelID+" "+e.Extension)
		if own {
			m.Leaving = append(m.Leaving, c.T("self.leave_own", "Place", e.Channel))
		} else {
			m.Leaving = append(m.Leaving, c.T("self.leave_other", "Name", e.Name, "Number", e.Extension))
		}
	}
	m.Seen = strings.Join(seen, ", ")
	return m, nil
}

// asks reports whether a login is refused only until somebody agrees (H03).
func asks(err error) bool {
	r := telephony.ReasonOf(err)
	return r == "desk_taken" || r == "maximum_devices"
}

// choices are the logins of which one must end.
func choices(err error) []telephony.Choice {
	var e *telephony.Error
	if !errors.As(err, &e) {
		return nil
	}
	list, _ := e.Detail["choices"].([]telephony.Choice) // absent where nothing is to be chosen
	return list
}

// refusedAt puts why nobody can log in there, if that is so, onto the page.
func (c *Call) refusedAt(m *view.SelfDesk, err error) error {
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Forbidden:
		if err != nil {
			m.Refused = c.Word(err)
			if id := "self.refused_" + telephony.ReasonOf(err); c.Text().Has(id) {
				m.Refused = c.T(id)
			}
			return nil
		}
	}
	return err
}
