package web

import (
	"strconv"

	"tischlein/internal/web/view"
)

// cpeUpload hands out what a device has sent (P13). It is foreign text: it is
// saved, and never a page of ours.
func (p *Portal) cpeUpload(c *Call) error {
	u, err := p.app.CPEs.Upload(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"), c.R.PathValue("upload"))
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+u.Name+`"`) // of letters, digits and ._- only
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(u.Body)))
	_, _ = c.W.Write(u.Body) // a browser that went away is no error of ours
	return nil
}

func (p *Portal) cpeUploadDelete(c *Call) error {
	id := c.R.PathValue("cpe")
	if err := p.app.CPEs.DeleteUpload(c.R.Context(), c.Actor, c.Customer.ID, id, c.R.PathValue("upload")); err != nil {
		return err
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "cpes", id), Done("cpes.upload_deleted"))
}

// cpeUploads are the files that a device's page lists.
func (p *Portal) cpeUploads(c *Call, customer, id string) (list []view.CPEUpload, err error) {
	all, err := p.app.CPEs.Uploads(c.R.Context(), c.Actor, customer, id)
	for _, u := range all {
		list = append(list, view.CPEUpload{ID: u.ID, Name: u.Name, Size: u.Size, TakenAt: u.TakenAt})
	}
	return list, err
}
