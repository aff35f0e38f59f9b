package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// rolloutUsual is a form that begins small.
func rolloutUsual() view.Form {
	return Fill("percent", "10", "at_once", "50", "most_failures", "3", "patience", "30")
}

// rolloutFields are those of stage, window and limits, named as in errors.
var rolloutFields = []string{"percent", "customers", "opens", "closes", "at_once", "most_failures", "patience"}

// rolloutTyped reads stage, window and limits. What is no number is refused in the
// words of its bounds.
func (p *Portal) rolloutTyped(c *Call, f *Form) (r telephony.Rollout, err error) {
	f.Need("percent")
	r.Percent, r.Opens, r.Closes = f.number("percent", -1, "errors.reason_percent_range"), f.Value("opens"), f.Value("closes")
	r.AtOnce, r.MostFailures = f.number("at_once", 0, "errors.reason_at_once_range"), f.number("most_failures", 0, "errors.reason_failures_range")
	r.Patience = time.Duration(f.number("patience", 0, "errors.reason_patience_range")) * time.Minute
	for _, number := range numbersOf(f.Value("customers")) {
		id, err := p.customerNumbered(c, number)
		if err != nil {
			return r, err
		}
		if r.Customers = append(r.Customers, id); id == "" {
			f.Refuse("customers", "firmware.customer_unknown", "Number", number)
		}
	}
	return r, nil
}

func (p *Portal) rolloutStart(c *Call) error {
	if _, err := p.app.Firmware.List(c.R.Context(), c.Actor); err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("firmware_id", "model")
	r, err := p.rolloutTyped(c, f)
	if err != nil {
		return err
	}
	if r.FirmwareID, r.Model = f.Value("firmware_id"), f.Value("model"); f.OK() {
		v, err := p.app.Rollouts.Create(c.R.Context(), c.Actor, r)
		if err == nil {
			return c.Redirect("/firmware", Done("firmware.started", "Model", v.Rollout.Model))
		}
		if err := f.Take(err, append([]string{"firmware_id", "model"}, rolloutFields...)...); err != nil {
			return err
		}
	}
	return p.showFirmware(c, f.Status(), Fill(), f.Form)
}

// rolloutEdit is the form of a rollout's stage, window and limits (P12).
func (p *Portal) rolloutEdit(c *Call) error {
	v, err := p.app.Rollouts.Get(c.R.Context(), c.Actor, c.R.PathValue("rollout"))
	if err != nil {
		return err
	}
	r := v.Rollout
	f := Fill("percent", r.Percent, "opens", r.Opens, "closes", r.Closes, "at_once", r.AtOnce, "most_failures", r.MostFailures,
		"patience", strconv.Itoa(int(r.Patience.Minutes())), "version", r.Version)
	var numbers []string
	for _, id := range r.Customers {
		x, err := p.app.Customers.Get(c.R.Context(), c.Actor, id)
		if telephony.CodeOf(err) == telephony.NotFound && err != nil {
			continue // deleted since
		}
		if err != nil {
			return err
		}
		numbers = append(numbers, x.Number)
	}
	f.Values.Set("customers", strings.Join(numbers, ", "))
	return p.showRollout(c, http.StatusOK, v, f)
}

func (p *Portal) showRollout(c *Call, status int, v app.RolloutView, f view.Form) error {
	if v.Rollout.Status == telephony.RolloutEnded {
		return telephony.NotFoundf("rollout")
	}
	m := view.RolloutForm{Row: view.RolloutRow{Rollout: v.Rollout, Maker: p.maker(c, v.Rollout.Driver), Version: v.File.Version}, Form: f}
	return c.Page(status, view.Page{Title: c.T("firmware.change"), Section: view.SectionFirmware, Narrow: true}, view.RolloutEdit(m))
}

// rolloutUpdate saves them; the devices are looked at again.
func (p *Portal) rolloutUpdate(c *Call) error {
	v, err := p.app.Rollouts.Get(c.R.Context(), c.Actor, c.R.PathValue("rollout"))
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("at_once", "most_failures", "patience")
	r, err := p.rolloutTyped(c, f)
	if err != nil {
		return err
	}
	if f.OK() {
		version := versionOf(f.Value("version"))
		_, err := p.app.Rollouts.Update(c.R.Context(), c.Actor, v.Rollout.ID, version, func(x *telephony.Rollout) error {
			x.Percent, x.Customers, x.Opens, x.Closes = r.Percent, r.Customers, r.Opens, r.Closes
			x.AtOnce, x.MostFailures, x.Patience = r.AtOnce, r.MostFailures, r.Patience
			return nil
		})
		if err == nil {
			return c.Redirect("/firmware", Done("firmware.changed"))
		}
		if err := f.Take(err, rolloutFields...); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.Renew(v.Rollout.Version)
		}
	}
	return p.showRollout(c, f.Status(), v, f.Form)
}

// rolloutEndAsk asks before a rollout ends: it cannot be resumed.
func (p *Portal) rolloutEndAsk(c *Call) error {
	v, err := p.app.Rollouts.Get(c.R.Context(), c.Actor, c.R.PathValue("rollout"))
	if err != nil {
		return err
	}
	if v.Rollout.Status == telephony.RolloutEnded {
		return telephony.NotFoundf("rollout")
	}
	r := view.RolloutRow{Rollout: v.Rollout, Maker: p.maker(c, v.Rollout.Driver), Version: v.File.Version, Counts: v.Counts, Looking: v.Looking}
	return c.Page(http.StatusOK, view.Page{Title: c.T("firmware.end"), Section: view.SectionFirmware, Narrow: true}, view.RolloutEnd(r))
}

func (p *Portal) rolloutAct(c *Call) error {
	do := map[string]func(context.Context, auth.Actor, string) (app.RolloutView, error){
		"pause": p.app.Rollouts.Pause, "resume": p.app.Rollouts.Resume, "retry": p.app.Rollouts.Retry, "end": p.app.Rollouts.End,
	}[c.R.PathValue("action")]
	if do == nil {
		return telephony.NotFoundf("page")
	}
	if _, err := do(c.R.Context(), c.Actor, c.R.PathValue("rollout")); err != nil {
		return err
	}
	return c.Redirect("/firmware", Done("firmware.changed"))
}
