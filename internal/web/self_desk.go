package web

import (
	"net/http"
	"regexp"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// deskNumber: where a customer has thousands of desks, some have more than four digits.
var deskNumber = regexp.MustCompile(`^[0-9]{4,7}$`)

// selfDeskFind leads from a typed desk number to the desk.
func (p *Portal) selfDeskFind(c *Call) error {
	f := &Form{Form: view.Form{Values: c.R.URL.Query()}, words: c.Text(), status: http.StatusUnprocessableEntity}
	desk := f.Value("desk")
	if !deskNumber.MatchString(desk) {
		f.Refuse("desk", "self.desk_malformed")
		return p.showSelf(c, f.Status(), f.Form)
	}
	_, err := p.app.Desks.ByNumber(c.R.Context(), c.Actor, c.Actor.CustomerID, desk)
	if telephony.CodeOf(err) == telephony.NotFound {
		f.Refuse("desk", "self.desk_unknown")
		return p.showSelf(c, f.Status(), f.Form)
	}
	if err != nil {
		return err
	}
	return c.Redirect(view.DeskPath(c.Employer.Number, desk))
}

// desk is the desk that the path names; another customer's is not found.
func (p *Portal) desk(c *Call) (telephony.Channel, error) {
	unknown := &telephony.Error{Code: telephony.NotFound, Reason: "desk_unknown", Message: "there is no such desk"}
	if c.R.PathValue("number") != c.Employer.Number {
		return telephony.Channel{}, unknown
	}
	x, err := p.app.Desks.ByNumber(c.R.Context(), c.Actor, c.Actor.CustomerID, c.R.PathValue("desk"))
	if telephony.CodeOf(err) == telephony.NotFound {
		return x, unknown
	}
	return x, err
}

// selfDeskAsk asks whether to log in at the desk, and says what that does.
func (p *Portal) selfDeskAsk(c *Call) error {
	x, err := p.desk(c)
	if err != nil {
		return err
	}
	return p.showDesk(c, http.StatusOK, x, "", "")
}

// selfDeskLogin logs an end user in at the desk. Where somebody must leave for that
// it asks first, whoever that is by now (H03).
func (p *Portal) selfDeskLogin(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	x, err := p.desk(c)
	if err != nil {
		return err
	}
	r := p.deskRequest(c, x)
	r.TakeOver, r.End = f.On("take_over"), f.Value("end")
	if r.TakeOver {
		// Who agreed that one person leaves has not agreed to another.
		now, err := p.askDesk(c, x, r.End)
		if err != nil {
			return err
		}
		if now.Seen != f.Value("seen") {
			return p.showDesk(c, http.StatusConflict, x, r.End, "self.desk_moved")
		}
		r.Over = now.Over
	}
	_, _, err = p.app.Desks.LogIn(c.R.Context(), c.Actor, r)
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Forbidden:
		return p.showDesk(c, statusOf(err), x, r.End, "")
	}
	if err != nil {
		return err
	}
	return c.Redirect("/me", Done("self.logged_in", "Place", x.Name))
}

func (p *Portal) deskRequest(c *Call, x telephony.Channel) app.LoginRequest {
	return app.LoginRequest{CustomerID: c.Actor.CustomerID, ChannelID: x.ID, Path: "self_service"}
}

func (p *Portal) showDesk(c *Call, status int, x telephony.Channel, end, remark string) error {
	m, err := p.askDesk(c, x, end)
	if err != nil {
		return err
	}
	if remark != "" {
		m.Remark = c.T(remark)
	}
	return c.Page(status, c.selfPage(m.Title(c.R.Context()), true), view.SelfDeskPage(m))
}
