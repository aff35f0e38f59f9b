package web

import (
	"rsc.io/qr"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// deskCode is what leads end users to a free desk: its number, and the QR code of
// its page. customer is the operator's number for the customer.
func (p *Portal) deskCode(customer string, x telephony.Channel) (m view.DeskCode, err error) {
	if x.Desk == "" {
		return m, nil
	}
	m = view.DeskCode{Place: x.Name, Desk: x.Desk, URL: p.URL(view.DeskPath(customer, x.Desk))}
	code, err := qr.Encode(m.URL, qr.M)
	if err != nil {
		return m, err
	}
	m.Squares, m.Size = squares(code), code.Size
	return m, nil
}
