package server

import (
	"context"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/phone"
)

// uploads is where the phones' web server hands what phones send.
type uploads struct{ app *app.App }

func (u uploads) Take(ctx context.Context, d phone.Device, x phone.Upload) (bool, error) {
	return u.app.Devices.Upload(ctx, app.Device(d), app.Upload(x))
}

func (u uploads) Noted(ctx context.Context, d phone.Device, from netip.Addr, what string) {
	u.app.Devices.Noted(ctx, app.Device(d), from, what)
}
