package storage

import (
	"strings"

	"tischlein/internal/telephony"
)

// Device is what is read of a device to say what it should be told, in one statement:
// somebody waits for it at each link.
type Device struct {
	CPE      telephony.CPE
	Customer telephony.Customer
	Epoch    int64 // of the customer
	Sealed   Sealed
	Offered  telephony.FirmwareFile // what its configuration names now: version, content and file name; "" = none
}

var deviceText = `SELECT ` + strings.Join([]string{under("p", cpeColumns), under("k", customerColumns), `k.epoch, p.token_hash, p.token_sealed, p.admin_sealed, p.http_user, p.http_sealed`,
	`f.version, f.sha256, f.file_name`}, ", ") + `
	FROM cpes p JOIN customers k ON k.id = p.customer_id
	LEFT JOIN upgrades d ON d.customer_id = p.customer_id AND d.cpe_id = p.id AND d.offered
	LEFT JOIN rollouts r ON r.id = d.rollout_id LEFT JOIN firmware f ON f.id = r.firmware_id
	WHERE p.customer_id = $1 AND p.id = $2`

// Device reads it.
func (tx *Tx) Device(customerID, cpeID string) (Device, error) {
	return one("cpe", tx.row(deviceText, customerID, cpeID), across(func(s scanner) (d Device, err error) {
		if d.CPE, err = scanCPE(s); err != nil {
			return d, err
		}
		if d.Customer, err = scanCustomer(s); err != nil {
			return d, err
		}
		x, f := &d.Sealed, &d.Offered
		return d, s.Scan(&d.Epoch, &x.TokenHash, &x.Token, &x.Admin, &x.HTTPUser, &x.HTTP, &f.Version, &f.SHA256, &f.FileName)
	}))
}
