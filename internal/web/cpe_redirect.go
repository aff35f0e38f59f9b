package web

import (
	"context"

	"tischlein/internal/auth"
)

// cpeRedirect has the maker's redirect service lead the device to us (P11).
func (p *Portal) cpeRedirect(c *Call) error {
	return p.ofCPE(c, "redirects.made", func(ctx context.Context, a auth.Actor, customerID, id string) error {
		_, err := p.app.Redirects.Put(ctx, a, customerID, id, c.R.FormValue("serial"))
		return err
	})
}

func (p *Portal) cpeRedirectRetry(c *Call) error {
	return p.ofCPE(c, "redirects.retried", only(p.app.Redirects.Retry))
}

func (p *Portal) cpeRedirectRemove(c *Call) error {
	return p.ofCPE(c, "redirects.removing", only(p.app.Redirects.Remove))
}
