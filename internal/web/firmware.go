package web

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// firmwareTime is how long a browser may take with a file.
const firmwareTime = 30 * time.Minute

func (p *Portal) firmwareShow(c *Call) error {
	return p.showFirmware(c, http.StatusOK, Fill(), rolloutUsual())
}

func (p *Portal) showFirmware(c *Call, status int, file, start view.Form) error {
	ctx := c.R.Context()
	m := view.Firmware{Form: file, Start: start, Edit: c.Actor.Operator() && c.Actor.Can(auth.ScopeAdmin)}
	var err error
	if m.Files, err = p.app.Firmware.List(ctx, c.Actor); err != nil {
		return err
	}
	m.Names = map[string]string{}
	for _, f := range m.Files {
		m.Names[f.Driver] = p.maker(c, f.Driver)
		m.Versions = append(m.Versions, view.Choice{Value: f.ID, Label: m.Names[f.Driver] + " " + f.Version + " (" + f.FileName + ")"})
	}
	for _, i := range p.app.Makers() {
		if i.Firmware {
			m.Makers = append(m.Makers, view.Choice{Value: i.Vendor, Label: i.Name})
			for _, x := range i.Models {
				m.Models = append(m.Models, x.Name)
			}
		}
	}
	list, err := p.app.Rollouts.List(ctx, c.Actor)
	if err != nil {
		return err
	}
	for _, v := range list {
		r := view.RolloutRow{Rollout: v.Rollout, Maker: p.maker(c, v.Rollout.Driver), Version: v.File.Version, Counts: v.Counts, Looking: v.Looking}
		for _, id := range v.Rollout.Customers {
			x, err := p.app.Customers.Get(ctx, c.Actor, id)
			if telephony.CodeOf(err) == telephony.NotFound && err != nil {
				continue // deleted since
			}
			if err != nil {
				return err
			}
			r.Customers = append(r.Customers, x.Name)
		}
		if v.Rollout.Status != telephony.RolloutEnded {
			lags, err := p.app.Rollouts.Laggards(ctx, c.Actor, v.Rollout.ID, 10)
			if err != nil {
				return err
			}
			for _, l := range lags {
				r.Lags = append(r.Lags, view.RolloutLag{ID: l.Upgrade.CPEID, Name: l.Name, Customer: l.Customer, Reason: l.Upgrade.Reason,
					Href: view.CustomerPath(l.Upgrade.CustomerID, "cpes", l.Upgrade.CPEID)})
			}
		}
		m.Rollouts = append(m.Rollouts, r)
	}
	return c.Page(status, view.Page{Title: c.T("firmware.title"), Section: view.SectionFirmware}, view.FirmwarePage(m))
}

// firmwareAdd takes a file as a browser sends it, straight to the disk: the fields
// come before the file.
func (p *Portal) firmwareAdd(c *Call) error {
	if _, err := p.app.Firmware.List(c.R.Context(), c.Actor); err != nil {
		return err
	}
	_ = http.NewResponseController(c.W).SetReadDeadline(time.Now().Add(firmwareTime)) // without it, the usual one holds
	parts, err := c.R.MultipartReader()
	if err != nil {
		return telephony.Invalidf("", "form_malformed", "the form could not be read")
	}
	f := &Form{Form: Fill(), words: c.Text(), status: http.StatusUnprocessableEntity}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			f.Refuse("file", "errors.needed")
			break
		}
		if err != nil {
			return telephony.Invalidf("", "form_malformed", "the form could not be read")
		}
		if part.FormName() != "file" {
			b, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return telephony.Invalidf("", "form_malformed", "the form could not be read")
			}
			f.Values.Set(part.FormName(), strings.TrimSpace(strings.ToValidUTF8(string(b), "")))
			continue
		}
		x := telephony.FirmwareFile{Driver: f.Value("driver"), Version: f.Value("version"), FileName: part.FileName()}
		for _, m := range strings.Split(f.Value("models"), ",") {
			if m = strings.TrimSpace(m); m != "" {
				x.Models = append(x.Models, m)
			}
		}
		if x, err = p.app.Firmware.Add(c.R.Context(), c.Actor, x, part); err == nil {
			return c.Redirect("/firmware", Done("firmware.added", "Version", x.Version))
		}
		if err := f.Take(err, "driver", "version", "models", "file"); err != nil {
			return err
		}
		break
	}
	return p.showFirmware(c, f.Status(), f.Form, rolloutUsual())
}

// firmwareRemoveAsk asks before a file goes: it may be one that nobody has any more.
func (p *Portal) firmwareRemoveAsk(c *Call) error {
	files, err := p.app.Firmware.List(c.R.Context(), c.Actor)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.ID == c.R.PathValue("firmware") {
			return c.Page(http.StatusOK, view.Page{Title: c.T("firmware.remove"), Section: view.SectionFirmware, Narrow: true},
				view.FirmwareRemove(f, p.maker(c, f.Driver)+" "+f.Version))
		}
	}
	return telephony.NotFoundf("firmware")
}

func (p *Portal) firmwareRemove(c *Call) error {
	err := p.app.Firmware.Remove(c.R.Context(), c.Actor, c.R.PathValue("firmware"))
	if err != nil && telephony.CodeOf(err) == telephony.Conflict {
		f := Fill()
		f.General = c.Word(err)
		return p.showFirmware(c, http.StatusConflict, f, rolloutUsual())
	}
	if err != nil {
		return err
	}
	return c.Redirect("/firmware", Done("firmware.removed"))
}
