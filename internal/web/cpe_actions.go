package web

import (
	"context"
	"net/http"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// cpeDone leads back to where an action was asked for, or shows on the device's
// page why it was refused.
func (p *Portal) cpeDone(c *Call, err error, say Said) error {
	id := c.R.PathValue("cpe")
	if err == nil {
		next := localPath(c.R.FormValue("next"))
		if next == "/" {
			next = view.CustomerPath(c.Customer.ID, "cpes", id)
		}
		return c.Redirect(next, say)
	}
	if telephony.CodeOf(err) != telephony.Conflict {
		return err
	}
	m, wrong := p.cpePage(c)
	if wrong != nil {
		return wrong
	}
	m.Form.General = c.Word(err)
	return c.showCPE(http.StatusConflict, m)
}

// ofCPE runs a use case on the route's device.
func (p *Portal) ofCPE(c *Call, say string, f func(ctx context.Context, a auth.Actor, customerID, id string) error) error {
	return p.cpeDone(c, f(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe")), Done(say))
}

// only is a use case on a device without the view of it that comes back.
func only[T any](f func(ctx context.Context, a auth.Actor, customerID, id string) (T, error)) func(context.Context, auth.Actor, string, string) error {
	return func(ctx context.Context, a auth.Actor, customerID, id string) error {
		_, err := f(ctx, a, customerID, id)
		return err
	}
}

func (p *Portal) cpeArm(c *Call) error {
	return p.ofCPE(c, "cpes.armed", only(p.app.CPEs.Arm))
}

func (p *Portal) cpeDisarm(c *Call) error {
	return p.ofCPE(c, "cpes.disarmed", only(p.app.CPEs.Disarm))
}

// cpeUnfreeze has a frozen device prove itself anew (P03).
func (p *Portal) cpeUnfreeze(c *Call) error {
	return p.ofCPE(c, "cpes.unfrozen", only(p.app.CPEs.Unfreeze))
}

// cpeForgetCertificate lets a device do without the certificate it has shown.
func (p *Portal) cpeForgetCertificate(c *Call) error {
	return p.ofCPE(c, "cpes.certificate_forgotten", only(p.app.CPEs.ForgetCertificate))
}

// cpePIN makes the PIN that is typed at the device and shows it, once (P03 d).
func (p *Portal) cpePIN(c *Call) error {
	pin, url, err := p.app.CPEs.MakePIN(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return p.cpeDone(c, err, Said{})
	}
	return p.showOnce(c, view.CPEPage{URL: url, PIN: pin.Reveal(), URLLabel: c.T("cpes.pin"), URLText: c.T("cpes.pin_text")})
}

func (p *Portal) cpeResync(c *Call) error { return p.ofCPE(c, "cpes.resynced", p.app.CPEs.Resync) }
func (p *Portal) cpeReboot(c *Call) error { return p.ofCPE(c, "cpes.rebooted", p.app.CPEs.Reboot) }

// cpeLost notes a device as lost or sold, or as found again (D14).
func (p *Portal) cpeLost(c *Call) error {
	lost, say := c.R.FormValue("lost") != "", "cpes.found_again"
	if lost {
		say = "cpes.lost_noted"
	}
	return p.ofCPE(c, say, func(ctx context.Context, a auth.Actor, customerID, id string) error {
		_, err := p.app.CPEs.Lost(ctx, a, customerID, id, lost)
		return err
	})
}

// cpeFirstAccess makes a first-access URL and shows it, once (P03).
func (p *Portal) cpeFirstAccess(c *Call) error {
	return p.showURL(c, "cpes.first_access", "cpes.first_access_text", p.app.CPEs.FirstAccess)
}

// cpeReveal shows the device's permanent URL; the audit log has it.
func (p *Portal) cpeReveal(c *Call) error {
	return p.showURL(c, "cpes.permanent_url", "cpes.permanent_url_text", p.app.CPEs.Reveal)
}

func (p *Portal) showURL(c *Call, label, hint string, f func(context.Context, auth.Actor, string, string) (telephony.Secret, error)) error {
	u, err := f(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return p.cpeDone(c, err, Said{})
	}
	return p.showOnce(c, view.CPEPage{URL: u.Reveal(), URLLabel: c.T(label), URLText: c.T(hint)})
}

// showOnce shows the device's page with a secret that is never shown again.
func (p *Portal) showOnce(c *Call, secret view.CPEPage) error {
	c.Secret()
	c.W.Header().Set("Cache-Control", "no-store")
	m, err := p.cpePage(c)
	if err != nil {
		return err
	}
	m.URL, m.PIN, m.URLLabel, m.URLText = secret.URL, secret.PIN, secret.URLLabel, secret.URLText
	return c.showCPE(http.StatusOK, m)
}

// cpeAsk asks before something ends, as a page of its own.
func (p *Portal) cpeAsk(c *Call) error {
	v, err := p.app.CPEs.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return err
	}
	needs := auth.ScopeWrite
	if c.R.FormValue("action") == "reboot" {
		needs = auth.ScopePush
	}
	if !c.Actor.Can(needs) {
		return auth.Denied(needs)
	}
	q := view.CPEQuestion{Customer: *c.Customer, Service: p.cfg.Service, CPE: v.CPE, Action: c.R.FormValue("action")}
	if !q.Known() {
		return telephony.NotFoundf("page")
	}
	return c.Page(http.StatusOK, view.Page{Title: v.CPE.Name, Section: view.SectionService, Narrow: true}, view.CPEAsk(q))
}

func (p *Portal) cpeDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	if err := p.app.CPEs.Delete(ctx, c.Actor, c.Customer.ID, id, version); err != nil {
		return p.cpeDone(c, err, Said{})
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "cpes"), Done("cpes.deleted", "Name", v.CPE.Name))
}
