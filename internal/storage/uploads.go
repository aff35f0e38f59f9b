package storage

import (
	"time"
)

// Upload is what a device has sent. Its body bears no secret of ours any more.
type Upload struct {
	ID        string
	CPEID     string
	Name      string
	Size      int64  // as it came
	Body      []byte // compressed by who keeps it; nil in lists
	Address   string
	UserAgent string
	TakenAt   time.Time
}

// PutUpload keeps a file in place of the device's one of that name; fresh: there
// was none.
func (tx *Tx) PutUpload(customerID string, u Upload) (fresh bool, err error) {
	n, err := tx.exec(`UPDATE uploads SET id = $1, size = $2, body = $3, address = $4, user_agent = $5, taken_at = $6
		WHERE customer_id = $7 AND cpe_id = $8 AND name = $9`, u.ID, u.Size, u.Body, u.Address, u.UserAgent, micros(u.TakenAt), customerID, u.CPEID, u.Name)
	if err != nil || n > 0 {
		return false, must("upload", 1, err)
	}
	n, err = tx.exec(`INSERT INTO uploads (id, size, body, address, user_agent, taken_at, customer_id, cpe_id, name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		u.ID, u.Size, u.Body, u.Address, u.UserAgent, micros(u.TakenAt), customerID, u.CPEID, u.Name)
	return true, must("upload", n, err)
}

// Uploads lists what is kept of a device, newest first, without bodies.
func (tx *Tx) Uploads(customerID, cpeID string) ([]Upload, error) {
	r, err := tx.query(`SELECT id, cpe_id, name, size, address, user_agent, taken_at FROM uploads
		WHERE customer_id = $1 AND cpe_id = $2 ORDER BY taken_at DESC, id DESC`, customerID, cpeID)
	return all("uploads", scanUpload, r, err)
}

func scanUpload(s scanner) (u Upload, err error) {
	var at int64
	err = s.Scan(&u.ID, &u.CPEID, &u.Name, &u.Size, &u.Address, &u.UserAgent, &at)
	u.TakenAt = fromMicros(at)
	return u, err
}

// UploadBody reads one file of a device with its body.
func (tx *Tx) UploadBody(customerID, cpeID, id string) (Upload, error) {
	return one("upload", tx.row(`SELECT id, cpe_id, name, size, address, user_agent, taken_at, body FROM uploads
		WHERE customer_id = $1 AND cpe_id = $2 AND id = $3`, customerID, cpeID, id), func(s scanner) (u Upload, err error) {
		var at int64
		err = s.Scan(&u.ID, &u.CPEID, &u.Name, &u.Size, &u.Address, &u.UserAgent, &at, &u.Body)
		u.TakenAt = fromMicros(at)
		return u, err
	})
}

// DeleteUpload removes one file of a device.
func (tx *Tx) DeleteUpload(customerID, cpeID, id string) error {
	n, err := tx.exec(`DELETE FROM uploads WHERE customer_id = $1 AND cpe_id = $2 AND id = $3`, customerID, cpeID, id)
	return must("upload", n, err)
}
