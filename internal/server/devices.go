package server

import (
	"context"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/phone"
	"tischlein/internal/telephony"
)

// devices is the use cases as the phones' web server sees them.
type devices struct{ app *app.App }

func (d devices) ByToken(ctx context.Context, hash string) (phone.Device, error) {
	x, err := d.app.Devices.ByToken(ctx, hash)
	return phone.Device(x), err
}

func (d devices) ByFirstAccess(ctx context.Context, hash string, from netip.Addr) (phone.Device, error) {
	x, err := d.app.Devices.ByFirstAccess(ctx, hash, from)
	return phone.Device(x), err
}

func (d devices) Claim(ctx context.Context, mac telephony.MAC, from netip.Addr) (phone.Device, error) {
	x, err := d.app.Devices.Claim(ctx, mac, from)
	return phone.Device(x), err
}

func (d devices) Armed(ctx context.Context) ([]telephony.MAC, error) {
	return d.app.Devices.Armed(ctx)
}

func (d devices) Desired(ctx context.Context, x phone.Device) (phone.Rendered, error) {
	want, revision, err := d.app.Devices.Desired(ctx, app.Device(x))
	return phone.Rendered{Desired: want, Revision: revision}, err
}

func (d devices) Contacted(ctx context.Context, x phone.Device, from netip.Addr) error {
	return d.app.Devices.Contacted(ctx, app.Device(x), from)
}

func (d devices) Fetched(ctx context.Context, f phone.Fetch) {
	d.app.Devices.Fetched(ctx, app.Fetch{
		Device: app.Device(f.Device), Revision: f.Revision, UserAgent: f.UserAgent,
		Firmware: f.Firmware, Model: f.Model, HTTPUser: f.HTTPUser, From: f.From, At: f.At,
	})
}

func (d devices) Refused(ctx context.Context, x phone.Device, from netip.Addr, why string) {
	d.app.Devices.Refused(ctx, app.Device(x), from, why)
}

func (d devices) Certified(ctx context.Context, c phone.Certificate, from netip.Addr) (phone.Device, error) {
	x, err := d.app.Devices.Certified(ctx, app.Certificate{MAC: c.MAC, Vendors: c.Vendors, Subject: c.Subject, Issuer: c.Issuer}, from)
	return phone.Device(x), err
}

func (d devices) BySiteToken(ctx context.Context, hash string, mac telephony.MAC, from netip.Addr) (phone.Device, error) {
	x, err := d.app.Devices.BySiteToken(ctx, hash, mac, from)
	return phone.Device(x), err
}

func (d devices) ByPIN(ctx context.Context, mac telephony.MAC, pin telephony.Secret, from netip.Addr) (phone.Device, error) {
	x, err := d.app.Devices.ByPIN(ctx, mac, pin, from)
	return phone.Device(x), err
}

func (d devices) WithPIN(ctx context.Context) ([]telephony.MAC, error) {
	return d.app.Devices.WithPIN(ctx)
}

func (d devices) Disputed(ctx context.Context, mac telephony.MAC, from netip.Addr, why string) {
	d.app.Devices.Disputed(ctx, mac, from, why)
}

func (d devices) HTTPUsed(ctx context.Context, x phone.Device) {
	d.app.Devices.HTTPUsed(ctx, app.Device(x))
}

func (d devices) FirstAccessDone(ctx context.Context, x phone.Device) {
	d.app.Devices.FirstAccessDone(ctx, app.Device(x))
}
