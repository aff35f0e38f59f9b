package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const customerColumns = `id, COALESCE(partner_id, ''), number, name, language, time_zone, ip_listing,
	login_code, logout_code, emergency_numbers, extension_digits, version, hotdesk_hours, hotdesk_end, trust_minimum, ` + callColumns

// callColumns are what a customer says of its calls, and whom to ask there, in the
// order of callFields.
const callColumns = `one_go_code, country, area_code, outbound_number, site_address, site_elin, decline_all, forward_outside, most_calls, most_per_minute,
	contact_person, contact_phone, contact_email, pickup_code`

func callFields(c *telephony.Customer) []any {
	return []any{&c.OneGoCode, &c.Country, &c.AreaCode, &c.OutboundNumber, &c.SiteAddress, &c.SiteELIN, &c.DeclineAll, &c.ForwardOutside, &c.MostCalls, &c.MostPerMinute,
		&c.ContactPerson, &c.ContactPhone, &c.ContactEmail, &c.PickupCode}
}

func scanCustomer(s scanner) (c telephony.Customer, err error) {
	var emergency string
	err = s.Scan(append([]any{&c.ID, &c.PartnerID, &c.Number, &c.Name, &c.Language, &c.TimeZone, &c.IPListing,
		&c.LoginCode, &c.LogoutCode, &emergency, &c.ExtensionDigits, &c.Version, &c.HotdeskHours, &c.HotdeskEnd, &c.TrustMinimum}, callFields(&c)...)...)
	c.EmergencyNumbers = listOf(emergency)
	return c, err
}

// Customer reads one customer.
func (tx *Tx) Customer(id string) (telephony.Customer, error) {
	return one("customer", tx.row(`SELECT `+customerColumns+` FROM customers WHERE id = $1`, id), scanCustomer)
}

// Customers lists customers by name; partnerID "" lists those of every partner.
func (tx *Tx) Customers(partnerID string, p Page) ([]telephony.Customer, error) {
	r, err := tx.query(`SELECT `+customerColumns+` FROM customers
		WHERE ($1 = '' OR partner_id = $1) AND (name_key, id) > ($2, $3)
			AND (name_key LIKE $4 ESCAPE '!' OR number LIKE $4 ESCAPE '!')
		ORDER BY name_key, id LIMIT $5`,
		partnerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("customers", scanCustomer, r, err)
}

// InsertCustomer adds a customer; a number that is taken is a conflict.
func (tx *Tx) InsertCustomer(c telephony.Customer) error {
	n, err := tx.exec(`INSERT INTO customers (id, partner_id, number, name, name_key, language, time_zone, ip_listing,
			login_code, logout_code, emergency_numbers, extension_digits, created_at, `+callColumns+`, hotdesk_hours, hotdesk_end, trust_minimum)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) ON CONFLICT (number) DO NOTHING`,
		c.ID, null(c.PartnerID), c.Number, c.Name, telephony.Fold(c.Name), c.Language, c.TimeZone, c.IPListing,
		c.LoginCode, c.LogoutCode, listText(c.EmergencyNumbers), c.ExtensionDigits, micros(tx.Now),
		c.OneGoCode, c.Country, c.AreaCode, c.OutboundNumber, c.SiteAddress, c.SiteELIN, c.DeclineAll, c.ForwardOutside, c.MostCalls, c.MostPerMinute,
		c.ContactPerson, c.ContactPhone, c.ContactEmail, c.PickupCode, c.HotdeskHours, c.HotdeskEnd, c.TrustMinimum)
	return taken("customer", "number", "number_taken", c.Number, n, err)
}

// UpdateCustomer writes the customer's fields; epoch says that what its devices
// should have may have changed.
func (tx *Tx) UpdateCustomer(c telephony.Customer, epoch bool) error {
	if err := tx.free(`SELECT COUNT(*) FROM customers WHERE number = $1 AND id <> $2`, "number", "number_taken", c.Number, c.Number, c.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE customers SET partner_id = $1, number = $2, name = $3, name_key = $4, language = $5, time_zone = $6,
			ip_listing = $7, login_code = $8, logout_code = $9, emergency_numbers = $10, extension_digits = $11,
			version = version + 1, epoch = epoch + $12,
			one_go_code = $13, country = $14, area_code = $15, outbound_number = $16, site_address = $17, site_elin = $18,
			decline_all = $19, forward_outside = $20, most_calls = $21, most_per_minute = $22, hotdesk_hours = $23, hotdesk_end = $24,
			contact_person = $25, contact_phone = $26, contact_email = $27, trust_minimum = $28, pickup_code = $29
		WHERE id = $30`,
		null(c.PartnerID), c.Number, c.Name, telephony.Fold(c.Name), c.Language, c.TimeZone,
		c.IPListing, c.LoginCode, c.LogoutCode, listText(c.EmergencyNumbers), c.ExtensionDigits, oneIf(epoch),
		c.OneGoCode, c.Country, c.AreaCode, c.OutboundNumber, c.SiteAddress, c.SiteELIN, c.DeclineAll, c.ForwardOutside, c.MostCalls, c.MostPerMinute,
		c.HotdeskHours, c.HotdeskEnd, c.ContactPerson, c.ContactPhone, c.ContactEmail, c.TrustMinimum, c.PickupCode, c.ID)
	return must("customer", n, err)
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// DeleteCustomer removes a customer that has no objects left.
func (tx *Tx) DeleteCustomer(id string) error {
	n, err := tx.exec(`DELETE FROM customers WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM channels WHERE customer_id = $1)
		AND NOT EXISTS (SELECT 1 FROM extensions WHERE customer_id = $1)
		AND NOT EXISTS (SELECT 1 FROM cpes WHERE customer_id = $1)`, id)
	if err == nil && n == 0 {
		if _, err := tx.Customer(id); err != nil {
			return err
		}
		return telephony.Conflictf("in_use", "the customer still has channels, extensions or CPEs")
	}
	return must("customer", n, err)
}

// Allowlist reads the customer's switch and, where it is on, its list.
func (tx *Tx) Allowlist(customerID string) (l telephony.Allowlist, err error) {
	r, err := tx.query(`SELECT c.ip_listing, COALESCE(w.entry, '') FROM customers c LEFT JOIN allowlist w ON w.customer_id = c.id AND c.ip_listing
		WHERE c.id = $1 ORDER BY 2`, customerID)
	rows, err := all("allowlist", func(s scanner) (entry string, err error) { return entry, s.Scan(&l.On, &entry) }, r, err)
	for _, text := range rows {
		if text == "" { // the list is off, or empty
			continue
		}
		e, err := telephony.ParseEntry("entry", text)
		if err != nil {
			return l, fmt.Errorf("reading the allowlist: %w", err)
		}
		l.Entries = append(l.Entries, e)
	}
	return l, err
}

// AllowlistEntry is an entry with what people noted beside it.
type AllowlistEntry struct {
	Entry telephony.Entry
	Note  string
}

// AllowlistEntries lists the customer's entries in their text order.
func (tx *Tx) AllowlistEntries(customerID string) ([]AllowlistEntry, error) {
	r, err := tx.query(`SELECT entry, note FROM allowlist WHERE customer_id = $1 ORDER BY entry`, customerID)
	return all("allowlist", func(s scanner) (e AllowlistEntry, err error) {
		var text string
		if err := s.Scan(&text, &e.Note); err != nil {
			return e, err
		}
		e.Entry, err = telephony.ParseEntry("entry", text)
		return e, err
	}, r, err)
}

// InsertAllowlistEntry adds an entry; one that is listed already gets the note.
func (tx *Tx) InsertAllowlistEntry(customerID string, e AllowlistEntry) error {
	n, err := tx.exec(`INSERT INTO allowlist (customer_id, entry, first_key, last_key, note, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (customer_id, entry) DO UPDATE SET note = excluded.note`, customerID, e.Entry.String(), addrKey(e.Entry.First), addrKey(e.Entry.Last), e.Note, micros(tx.Now))
	return must("allowlist entry", n, err)
}

// DeleteAllowlistEntry removes an entry.
func (tx *Tx) DeleteAllowlistEntry(customerID string, e telephony.Entry) error {
	n, err := tx.exec(`DELETE FROM allowlist WHERE customer_id = $1 AND entry = $2`, customerID, e.String())
	return must("allowlist entry", n, err)
}

// RaiseEpoch says that what all the customer's devices should have is to be
// looked at again: one row, however many devices there are.
func (tx *Tx) RaiseEpoch(customerID string) error {
	n, err := tx.exec(`UPDATE customers SET epoch = epoch + 1 WHERE id = $1`, customerID)
	return must("customer", n, err)
}

// RaiseEveryEpoch does so for all customers: a new version of a driver.
func (tx *Tx) RaiseEveryEpoch() error {
	_, err := tx.exec(`UPDATE customers SET epoch = epoch + 1`)
	return err
}
