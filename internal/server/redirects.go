package server

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/discovery/redirect"
	"tischlein/internal/provision/drivers"
)

// redirectEntries is the task that a change of a wish wakes.
const redirectEntries = "redirect entries"

// redirects is the wanted entries as the worker sees them.
type redirects struct{ app *app.App }

func (r redirects) Claim(ctx context.Context, limit int) ([]redirect.Job, error) {
	due, err := r.app.Redirects.Claim(ctx, limit)
	out := make([]redirect.Job, len(due))
	for i, d := range due {
		out[i] = redirect.Job{
			CustomerID: d.CustomerID(), Device: redirect.Device{MAC: d.MAC(), Serial: d.Serial()}, Service: d.Service(),
			Want: d.Want, URL: d.URL, Ticket: d,
		}
	}
	return out, err
}

func (r redirects) Done(ctx context.Context, j redirect.Job, o redirect.Outcome) error {
	return r.app.Redirects.Done(ctx, j.Ticket.(app.DueRedirect), o.State, o.Detail)
}

// newRedirects opens a client for each account, and says which driver's devices
// each one is for.
func (s *Server) newRedirects() (byDriver map[string]string, err error) {
	if s.cfg.RedirectAccounts == "" {
		return nil, nil
	}
	accounts, err := redirect.ReadAccounts(s.cfg.RedirectAccounts)
	if err != nil {
		return nil, err
	}
	if s.redirects, err = accounts.Services(redirect.Timeout); err != nil {
		return nil, err
	}
	byDriver = map[string]string{}
	for _, d := range drivers.All().Drivers() {
		vendor := d.Info().Vendor
		if found, ok := drivers.Discovery(vendor); ok && s.redirects[found.Service] != nil {
			byDriver[vendor] = found.Service
		}
	}
	return byDriver, nil
}

func (s *Server) redirectWorker() redirect.Worker {
	return redirect.Worker{Queue: redirects{s.app}, Services: s.redirects, Log: s.log}
}
