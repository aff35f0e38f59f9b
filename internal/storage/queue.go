package storage

import (
	"database/sql"
	"errors"
	"time"

	"tischlein/internal/telephony"
)

// WantRevision writes what the device should have and makes it due for a push. It
// is due even if that is what it last fetched as far as is noted: it may have
// fetched since. Whatever was pushed before was not this: a revision may come back.
func (tx *Tx) WantRevision(customerID, cpeID, revision string, epoch int64, bulk bool) error {
	n, err := tx.exec(`UPDATE cpes SET wanted = $1, epoch = $2, push_tries = 0, push_bulk = $3, pushed = '', next_push_at = $4
		WHERE customer_id = $5 AND id = $6`, revision, epoch, bulk, micros(tx.Now), customerID, cpeID)
	return must("cpe", n, err)
}

// NoteEpoch notes that the device was looked at and nothing had changed for it.
func (tx *Tx) NoteEpoch(customerID, cpeID string, epoch int64) error {
	n, err := tx.exec(`UPDATE cpes SET epoch = $1 WHERE customer_id = $2 AND id = $3`, epoch, customerID, cpeID)
	return must("cpe", n, err)
}

// Due is one push that is due.
type Due struct {
	CPEID      string
	CustomerID string
	Driver     string
	Wanted     string
	Tries      int
	Quiet      time.Time // it is to be told nothing before (C11)
}

// ClaimDue takes up to limit pushes that are due, interactive ones before bulk,
// and lets none of them be due again before retry.
func (tx *Tx) ClaimDue(bulk bool, limit int, retry time.Time) ([]Due, error) {
	r, err := tx.query(`UPDATE cpes SET next_push_at = $1, push_tries = push_tries + 1
		WHERE id IN (SELECT id FROM cpes WHERE push_bulk = $2 AND next_push_at IS NOT NULL AND next_push_at <= $3 ORDER BY next_push_at LIMIT $4`+tx.d.skipLocked+`)
		RETURNING id, customer_id, driver, wanted, push_tries, quiet_until`, micros(retry), bulk, micros(tx.Now), limit)
	return all("due pushes", func(s scanner) (d Due, err error) {
		var quiet int64
		err = s.Scan(&d.CPEID, &d.CustomerID, &d.Driver, &d.Wanted, &d.Tries, &quiet)
		d.Quiet = fromMicros(quiet)
		return d, err
	}, r, err)
}

// SIPUsers are the SIP users at the ports of devices, by device and in port order.
func (tx *Tx) SIPUsers(cpeIDs []string) (map[string][]string, error) {
	users := make(map[string][]string, len(cpeIDs))
	err := inBatches(cpeIDs, func(some []string) error {
		r, err := tx.query(`SELECT a.cpe_id, c.sip_user FROM attachments a JOIN channels c ON c.customer_id = a.customer_id AND c.id = a.channel_id
			WHERE a.cpe_id IN `+valueRows(1, len(some))+` ORDER BY a.cpe_id, a.port`, toArgs(some)...)
		_, err = all("SIP users of devices", func(s scanner) (_ struct{}, err error) {
			var cpe, user string
			if err = s.Scan(&cpe, &user); err == nil {
				users[cpe] = append(users[cpe], user)
			}
			return struct{}{}, err
		}, r, err)
		return err
	})
	return users, err
}

// NextDue is when the next push is due, zero if none is.
func (tx *Tx) NextDue() (time.Time, error) {
	var us int64
	err := tx.row(`SELECT COALESCE(MIN(next_push_at), 0) FROM cpes WHERE next_push_at IS NOT NULL`).Scan(&us)
	return fromMicros(us), err
}

// Pushed notes what became of a push and when the next one is due; zero: not
// until something changes or the device is seen. tries is what the claim counted:
// whatever made the device due again meanwhile (it registered, it should have
// something newer) has begun to count anew, and that stays due.
func (tx *Tx) Pushed(customerID, cpeID, revision string, tries int, o telephony.PushResult, next time.Time) error {
	n, err := tx.exec(`UPDATE cpes SET pushed = $1, pushed_at = $2, push_outcome = $3, push_status = $4,
			next_push_at = CASE WHEN wanted = fetched THEN NULL WHEN wanted <> $1 OR push_tries <> $5 THEN next_push_at
				WHEN CAST($6 AS BIGINT) = 0 THEN NULL ELSE CAST($6 AS BIGINT) END
		WHERE customer_id = $7 AND id = $8`,
		revision, micros(tx.Now), o.Outcome, o.Status, tries, micros(next), customerID, cpeID)
	return must("cpe", n, err)
}

// PushNow makes a device due now: it has just registered, or somebody asked.
// Only a device that lacks something becomes due, unless always.
func (tx *Tx) PushNow(customerID, cpeID string, always bool) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET next_push_at = $1, push_tries = 0, push_bulk = FALSE
		WHERE customer_id = $2 AND id = $3 AND ($4 OR wanted <> fetched)`, micros(tx.Now), customerID, cpeID, always)
	return n > 0, err
}

// Fetch is what was seen of a device's fetching its whole chain.
type Fetch struct {
	CustomerID string
	CPEID      string
	Revision   string
	Addr       string
	UserAgent  string
	Firmware   string
	Model      string
	HTTPUser   string // which HTTP credentials the files bore, "" = none that are new
	At         time.Time
}

// Fetched notes a completed fetch, and tells of which revision the device's kept
// files are. A device that is gone meanwhile has none.
func (tx *Tx) Fetched(f Fetch) (served string, err error) {
	err = tx.row(`UPDATE cpes SET fetched = $1, fetched_at = $2, fetched_ua = $3, firmware = CASE WHEN $4 = '' THEN firmware ELSE $4 END,
			fetch_addr = $5, fetch_key = $6, refused_at = 0, refused_why = '',
			next_push_at = CASE WHEN wanted = $1 THEN NULL ELSE next_push_at END
		WHERE customer_id = $7 AND id = $8 RETURNING served`,
		f.Revision, micros(f.At), f.UserAgent, f.Firmware, f.Addr, addrKey(addrOf(f.Addr)), f.CustomerID, f.CPEID).Scan(&served)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return served, err
}

// Seen notes the address of a device's contact: fetching or registering.
func (tx *Tx) Seen(customerID, cpeID, addr string, registering bool) error {
	query := `UPDATE cpes SET fetch_addr = $1, fetch_key = $2 WHERE customer_id = $3 AND id = $4`
	if registering {
		query = `UPDATE cpes SET register_addr = $1, register_key = $2 WHERE customer_id = $3 AND id = $4`
	}
	n, err := tx.exec(query, addr, addrKey(addrOf(addr)), customerID, cpeID)
	return must("cpe", n, err)
}

// ForgetAddresses clears where the device was seen: it has been attached anew.
func (tx *Tx) ForgetAddresses(customerID, cpeID string) error {
	n, err := tx.exec(`UPDATE cpes SET fetch_addr = '', fetch_key = '', register_addr = '', register_key = '', refused_at = 0, refused_why = '' WHERE customer_id = $1 AND id = $2`, customerID, cpeID)
	return must("cpe", n, err)
}

// Refused notes why the device was last refused; "" that all is well again.
func (tx *Tx) Refused(customerID, cpeID, why string) error {
	at := micros(tx.Now)
	if why == "" {
		at = 0
	}
	n, err := tx.exec(`UPDATE cpes SET refused_at = $1, refused_why = $2 WHERE customer_id = $3 AND id = $4`, at, why, customerID, cpeID)
	return must("cpe", n, err)
}

// Unswept lists customers some of whose devices have not been looked at since
// their epoch rose.
func (tx *Tx) Unswept(limit int) ([]string, error) {
	r, err := tx.query(`SELECT id FROM customers WHERE swept < epoch ORDER BY id LIMIT $1`, limit)
	return all("unswept customers", func(s scanner) (id string, err error) { return id, s.Scan(&id) }, r, err)
}

// Epoch is the customer's present epoch.
func (tx *Tx) Epoch(customerID string) (e int64, err error) {
	return e, tx.row(`SELECT epoch FROM customers WHERE id = $1`, customerID).Scan(&e)
}

// BehindEpoch lists devices of the customer not looked at since the epoch.
func (tx *Tx) BehindEpoch(customerID string, epoch int64, limit int) ([]string, error) {
	r, err := tx.query(`SELECT id FROM cpes WHERE customer_id = $1 AND epoch < $2 ORDER BY id LIMIT $3`, customerID, epoch, limit)
	return all("devices behind", func(s scanner) (id string, err error) { return id, s.Scan(&id) }, r, err)
}

// Swept notes that all the customer's devices have been looked at up to epoch.
func (tx *Tx) Swept(customerID string, epoch int64) error {
	_, err := tx.exec(`UPDATE customers SET swept = $1 WHERE id = $2 AND swept < $1`, epoch, customerID)
	return err
}

// PushWhenSeen makes a device that lacks its newest configuration due now,
// because it has just shown that it is there. A push that was answered is not
// repeated: it is sent once per revision (C05), and the phone is fetching.
func (tx *Tx) PushWhenSeen(customerID, cpeID string) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET next_push_at = $1, push_tries = 0
		WHERE customer_id = $2 AND id = $3 AND wanted <> fetched AND (pushed <> wanted OR push_outcome NOT IN ('answered', 'unsupported'))
			AND (next_push_at IS NULL OR next_push_at > $1)`, micros(tx.Now), customerID, cpeID)
	if err != nil {
		return false, err
	}
	// Whatever was refused before, it registers now.
	_, err = tx.exec(`UPDATE cpes SET refused_at = 0, refused_why = '' WHERE customer_id = $1 AND id = $2 AND refused_at > 0`, customerID, cpeID)
	return n > 0, err
}

// mostAgain bounds the pushes of one revision to a device that answers them and
// fetches something else.
const mostAgain = 5

// PushAfterFetch makes a device due that has just fetched what it should have no
// more: the change came while it was fetching, or it was told so early that it
// was still given the old files. The first time at once, then after ever longer
// pauses. A device whose customer is still being swept is left alone: what it
// fetched may be newer than what is noted as wanted.
func (tx *Tx) PushAfterFetch(customerID, cpeID string) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET next_push_at = $1 + CASE WHEN pushed = wanted AND push_tries > 1 THEN (push_tries - 1) * (push_tries - 1) * 1000000 ELSE 0 END
		WHERE customer_id = $2 AND id = $3 AND wanted <> fetched AND push_outcome <> 'unsupported' AND push_tries < $4
			AND epoch >= (SELECT epoch FROM customers WHERE customers.id = cpes.customer_id)
			AND (next_push_at IS NULL OR next_push_at > $1)`, micros(tx.Now), customerID, cpeID, mostAgain)
	return n > 0, err
}
