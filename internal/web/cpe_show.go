package web

import (
	"net/http"
	"strconv"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
	"tischlein/internal/web/view/phone"
)

// cpeShow is the page of a device (U06), and all its parts when one of them is
// read anew.
func (p *Portal) cpeShow(c *Call) error {
	m, err := p.cpePage(c)
	return p.cpeAnswer(c, m, err)
}

func (p *Portal) cpeAnswer(c *Call, m view.CPEPage, err error) error {
	if telephony.CodeOf(err) == telephony.NotFound && err != nil && c.Fragment() {
		return c.Part(http.StatusOK, view.CPEGone(*c.Customer))
	}
	if err != nil {
		return err
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.CPEShow(m))
	}
	return c.showCPE(http.StatusOK, m)
}

func (c *Call) showCPE(status int, m view.CPEPage) error {
	return c.Page(status, view.Page{Title: m.CPE.Name, Section: view.SectionService}, view.CPEShow(m))
}

// cpePage reads all that the page shows. The choice of a channel is not among it:
// it costs more than all else, and few come for it.
func (p *Portal) cpePage(c *Call) (m view.CPEPage, err error) {
	ctx, customer, id := c.R.Context(), c.Customer.ID, c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, customer, id)
	if err != nil {
		return m, err
	}
	m = view.CPEPage{
		Customer: *c.Customer, Service: p.cfg.Service, CPERow: p.cpeRow(c, v), Registered: v.Registered, Fetches: v.Fetches, Pushable: v.Pushable, Restarts: v.Restartable,
		Now: p.now(), Edit: c.Actor.Can(auth.ScopeWrite), Push: c.Actor.Can(auth.ScopePush), Reveal: c.Actor.Can(auth.ScopeReveal),
	}
	m.RedirectService, m.Redirect = v.RedirectService, v.Redirect
	m.Assumed, m.Dials = v.Applied == provision.EvidenceNone, v.DialUnregistered
	s, err := p.app.CPEs.Screen(ctx, c.Actor, customer, id)
	if err != nil {
		return m, err
	}
	m.Picture = phone.SVG(s, phone.Options{ID: "phone", Title: c.T("cpes.picture", "Name", v.CPE.Name), Desc: phone.Summary(s)})
	h, err := p.app.CPEs.History(ctx, c.Actor, customer, id, app.Query{Limit: 20})
	if err != nil {
		return m, err
	}
	for _, e := range h.Items {
		kind := e.Kind
		if word := "cpes.event_" + e.Kind; c.Text().Has(word) {
			kind = c.T(word)
		}
		m.History = append(m.History, view.CPEEvent{ID: e.ID, At: e.At, Kind: kind, Address: e.Address, Detail: e.Detail})
	}
	if m.Uploads, err = p.cpeUploads(c, customer, id); err != nil {
		return m, err
	}
	page := view.CustomerPath(customer, "cpes", id)
	for i, port := range m.Ports {
		at, err := p.app.Channels.Get(ctx, c.Actor, customer, port.ChannelID)
		if telephony.CodeOf(err) == telephony.NotFound && err != nil {
			continue // deleted while we read
		}
		if err != nil {
			return m, err
		}
		m.Ports[i].Guest = view.GuestOf(at.Login, at.User)
		if v.CPE.Ports <= 1 && at.Link == nil {
			if m.Code, err = p.deskCode(c.Customer.Number, at.Channel); err != nil {
				return m, err
			}
		}
		t, err := p.progress(c, port.ChannelID, page)
		if telephony.CodeOf(err) == telephony.NotFound && err != nil {
			continue
		}
		if err != nil {
			return m, err
		}
		m.Tracks = append(m.Tracks, view.ExtensionTrack{Channel: port.Channel, ChannelID: port.ChannelID, Progress: t})
	}
	m.Effects = view.Effects{ID: "device-effects"}
	m.Attachable = m.Edit && !v.CPE.Lost && (v.CPE.Ports <= 1 || len(m.Ports) < v.CPE.Ports)
	return m, nil
}

// cpePreview shows the exact files that the device would get, secrets masked (P08).
func (p *Portal) cpePreview(c *Call) error { return p.showFiles(c, false) }

// cpePreviewRevealed shows them with their secrets; the audit log has it.
func (p *Portal) cpePreviewRevealed(c *Call) error {
	c.Secret()
	c.W.Header().Set("Cache-Control", "no-store")
	return p.showFiles(c, true)
}

func (p *Portal) showFiles(c *Call, reveal bool) error {
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	files, err := p.app.CPEs.Preview(ctx, c.Actor, c.Customer.ID, id, "", reveal)
	if err != nil {
		return err
	}
	m := view.CPEFiles{Customer: *c.Customer, Service: p.cfg.Service, CPE: v.CPE, Reveal: c.Actor.Can(auth.ScopeReveal) && !reveal, Revealed: reveal}
	for _, f := range files {
		m.Files = append(m.Files, view.CPEFile{Kind: string(f.Kind), Name: f.Name, Body: f.Body, Size: len(f.Body)})
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("cpes.preview"), Section: view.SectionService}, view.CPEPreview(m))
}

// cpeDiff compares what the device would get with what it last took (P08).
func (p *Portal) cpeDiff(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	files, err := p.app.CPEs.Diff(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	m := view.CPEFiles{Customer: *c.Customer, Service: p.cfg.Service, CPE: v.CPE}
	for _, f := range files {
		x := view.CPEFile{Kind: string(f.Kind), Name: f.Name, Taken: f.Taken, Same: f.Same}
		for i, l := range f.Lines {
			x.Lines = append(x.Lines, view.CPELine{Number: strconv.Itoa(i + 1), Op: l.Op, Text: l.Text})
		}
		m.Files = append(m.Files, x)
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("cpes.diff"), Section: view.SectionService}, view.CPEDiff(m))
}
