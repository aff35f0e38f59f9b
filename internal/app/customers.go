package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Customers keeps customers with their account settings.
type Customers struct{ *core }

// List lists the customers the actor sees, by name.
func (c Customers) List(ctx context.Context, actor auth.Actor, q Query) (l List[telephony.Customer], err error) {
	if !actor.Can(auth.ScopeRead) {
		return l, auth.Denied(auth.ScopeRead)
	}
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		var items []telephony.Customer
		switch {
		case actor.Operator():
			items, err = tx.Customers("", pg)
		case actor.Role == auth.PartnerAdmin && actor.PartnerID != "":
			items, err = tx.Customers(actor.PartnerID, pg)
		default:
			var one telephony.Customer
			if one, err = tx.Customer(actor.CustomerID); err == nil && pg.Cursor.ID == "" {
				items = append(items, one)
			}
		}
		l = list(items, pg, func(x telephony.Customer) (string, string) { return telephony.Fold(x.Name), x.ID })
		return err
	})
	return l, err
}

// Get reads one customer.
func (c Customers) Get(ctx context.Context, actor auth.Actor, id string) (x telephony.Customer, err error) {
	err = c.look(ctx, actor, id, func(_ *storage.Tx, k telephony.Customer) error { x = k; return nil })
	return x, err
}

func checkCustomer(x *telephony.Customer) (err error) {
	if x.Number, err = telephony.Name("number", x.Number); err != nil {
		return err
	}
	if x.Name, err = telephony.Name("name", x.Name); err != nil {
		return err
	}
	if x.Language == "" {
		x.Language = telephony.Languages[0]
	}
	if x.Language, err = telephony.Language("language", x.Language, false); err != nil {
		return err
	}
	if x.TimeZone == "" {
		x.TimeZone = "Europe/Berlin"
	}
	if x.TimeZone, err = telephony.TimeZone("time_zone", x.TimeZone); err != nil {
		return err
	}
	if x.ContactPerson, err = telephony.OptionalText("contact_person", x.ContactPerson); err != nil {
		return err
	}
	if x.ContactPhone, err = telephony.OptionalText("contact_phone", x.ContactPhone); err != nil {
		return err
	}
	if x.ContactEmail, err = telephony.Email("contact_email", x.ContactEmail); err != nil {
		return err
	}
	if x.LoginCode == "" {
		x.LoginCode = "901"
	}
	if x.LogoutCode == "" {
		x.LogoutCode = "902"
	}
	if x.PickupCode == "" {
		x.PickupCode = "*8"
	}
	if _, err := telephony.PickupCode("pickup_code", x.PickupCode); err != nil {
		return err
	}
	if x.EmergencyNumbers == nil {
		x.EmergencyNumbers = []string{"110", "112"}
	}
	if !slices.Contains(telephony.TrustMinima, x.TrustMinimum) {
		return telephony.Invalidf("trust_minimum", "trust_minimum_unknown", "%q is none of site_token, first_access, certificate", x.TrustMinimum)
	}
	if err := telephony.HotdeskLimits(x.HotdeskHours, x.HotdeskEnd); err != nil {
		return err
	}
	if err := checkDialled(x); err != nil {
		return err
	}
	if d := x.ExtensionDigits; d != 0 && (d < 2 || d > 5) {
		return telephony.Invalidf("extension_digits", "digits_range", "extension numbers have 2 to 5 digits")
	}
	return checkCalls(x)
}

// checkDialled checks what no extension may be called: codes and emergency numbers.
func checkDialled(x *telephony.Customer) error {
	all := append([]string{x.LoginCode, x.LogoutCode}, x.EmergencyNumbers...)
	for i, n := range all {
		field := "emergency_numbers"
		if i < 2 {
			field = []string{"login_code", "logout_code"}[i]
		}
		if _, err := telephony.DialCode(field, n); err != nil {
			return err
		}
		if slices.Contains(all[:i], n) {
			return telephony.Invalidf(field, "code_twice", "%q is used twice", n)
		}
	}
	return nil
}

// knownPartner refuses a partner that is none, or none any more; "" is nobody's.
func knownPartner(tx *storage.Tx, id string) error {
	if id == "" {
		return nil
	}
	_, err := tx.Partner(id)
	if telephony.CodeOf(err) == telephony.NotFound {
		return telephony.Invalidf("partner_id", "partner_unknown", "there is no such partner")
	}
	return err
}

// What stolen credentials and loops meet at a customer that nobody has thought
// about (C10).
const (
	usualCalls     = 100
	usualPerMinute = 300
)

// Create adds a customer. A partner's administrator creates their own.
func (c Customers) Create(ctx context.Context, actor auth.Actor, x telephony.Customer) (telephony.Customer, error) {
	if !actor.Can(auth.ScopeWrite) || actor.Role == auth.CustomerAdmin {
		return x, auth.Denied(auth.ScopeWrite)
	}
	if actor.Role == auth.PartnerAdmin {
		x.PartnerID = actor.PartnerID
	}
	if x.MostCalls == 0 {
		x.MostCalls = usualCalls
	}
	if x.MostPerMinute == 0 {
		x.MostPerMinute = usualPerMinute
	}
	if err := checkCustomer(&x); err != nil {
		return x, err
	}
	if x.OutboundNumber != "" { // it has no numbers yet
		return x, telephony.Invalidf("outbound_number", "number_foreign", "%s is not one of the customer's numbers", x.OutboundNumber)
	}
	err := c.db.Update(ctx, func(tx *storage.Tx) error {
		if err := knownPartner(tx, x.PartnerID); err != nil {
			return err
		}
		x.ID, x.Version = storage.NewID(tx.Now), 1
		if err := tx.InsertCustomer(x); err != nil {
			return err
		}
		c.tell(tx, x.ID, "customer", x.ID, "created", "")
		return audit(tx, actor, x.ID, "create", "customer", x.ID, nil, x)
	})
	return x, err
}

// Update changes a customer. What its phones show may change with it; they are
// looked at afterwards, not inside this transaction.
func (c Customers) Update(ctx context.Context, actor auth.Actor, id string, version int64, f func(*telephony.Customer) error) (x telephony.Customer, err error) {
	err = c.change(ctx, actor, auth.ScopeWrite, id, "update", "customer", id, func(tx *storage.Tx, before telephony.Customer) error {
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		x = before
		x.EmergencyNumbers = slices.Clone(before.EmergencyNumbers)
		if err := f(&x); err != nil {
			return err
		}
		if err := checkCustomer(&x); err != nil {
			return err
		}
		if x.PartnerID != before.PartnerID && !actor.Operator() {
			return telephony.Forbiddenf("operator_only", "only the operator moves a customer to another partner")
		}
		if err := knownPartner(tx, x.PartnerID); err != nil {
			return err
		}
		if x.MostCalls != before.MostCalls || x.MostPerMinute != before.MostPerMinute {
			if err := servers(actor); err != nil {
				return err
			}
		}
		if x.OutboundNumber != before.OutboundNumber {
			if err := outbound(tx, id, x.OutboundNumber); err != nil {
				return err
			}
		}
		if x.ExtensionDigits != before.ExtensionDigits {
			n, err := tx.CountExtensions(id, "")
			if err != nil {
				return err
			}
			if n > 0 {
				return telephony.Conflictf("digits_fixed", "the customer has extensions; their length is fixed at %d digits", before.ExtensionDigits)
			}
		}
		if err := tx.UpdateCustomer(x, true); err != nil {
			return err
		}
		if x.HotdeskHours != before.HotdeskHours || x.HotdeskEnd != before.HotdeskEnd || x.TimeZone != before.TimeZone {
			if err := tx.LoginEndsAnew(id); err != nil {
				return err
			}
		}
		if x.PartnerID != before.PartnerID {
			if err := tx.MoveTokens(id, x.PartnerID); err != nil {
				return err
			}
		}
		x.Version++
		c.customerChanged(tx, id)
		return audit(tx, actor, id, "update", "customer", id, before, x)
	})
	return x, err
}

// customerChanged forgets what is remembered of the customer's devices and has
// them looked at again.
func (k *core) customerChanged(tx *storage.Tx, id string) {
	tx.AfterCommit(func() {
		k.ports.Devices.ChangedCustomer(id)
		k.ports.Registrar.ForgetCustomer(id)
		k.ports.Wake()
	})
	k.tell(tx, id, "customer", id, "changed", "")
}

// Delete removes a customer that has no objects left. It is refused when the
// customer is no longer at version; 0 is any.
func (c Customers) Delete(ctx context.Context, actor auth.Actor, id string, version int64) error {
	if actor.Role == auth.CustomerAdmin {
		return telephony.Forbiddenf("operator_only", "a customer is removed by its operator or partner")
	}
	return c.change(ctx, actor, auth.ScopeWrite, id, "delete", "customer", id, func(tx *storage.Tx, before telephony.Customer) error {
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		if err := tx.DeleteCustomer(id); err != nil {
			return err
		}
		if err := tx.DeleteTokensOf(id); err != nil {
			return err
		}
		tx.AfterCommit(func() { c.ports.Calls.TrunksChanged() }) // its trunks are gone with it
		c.tell(tx, id, "customer", id, "deleted", "")
		return audit(tx, actor, id, "delete", "customer", id, before, nil)
	})
}

// Allowlist lists the addresses the customer's devices may come from (S08).
func (c Customers) Allowlist(ctx context.Context, actor auth.Actor, customerID string) (l []AllowEntry, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		entries, err := tx.AllowlistEntries(customerID)
		l = []AllowEntry{}
		for _, e := range entries {
			l = append(l, AllowEntry(e))
		}
		return err
	})
	return l, err
}

// Allow adds an entry; what failed because of it heals at once (D17).
func (c Customers) Allow(ctx context.Context, actor auth.Actor, customerID, text, note string) (e AllowEntry, err error) {
	if e.Entry, err = telephony.ParseEntry("entry", text); err != nil {
		return e, err
	}
	if e.Note, err = telephony.OptionalText("note", note); err != nil {
		return e, err
	}
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "allow", "customer", customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := tx.InsertAllowlistEntry(customerID, storage.AllowlistEntry(e)); err != nil {
			return err
		}
		if err := tx.RaiseEpoch(customerID); err != nil {
			return err
		}
		c.customerChanged(tx, customerID)
		return audit(tx, actor, customerID, "allow", "customer", customerID, nil, e.Entry.String())
	})
	return e, err
}

// Disallow removes an entry; devices it admitted fail at their next contact (D18).
func (c Customers) Disallow(ctx context.Context, actor auth.Actor, customerID, text string) error {
	e, err := telephony.ParseEntry("entry", text)
	if err != nil {
		return err
	}
	return c.change(ctx, actor, auth.ScopeWrite, customerID, "disallow", "customer", customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := tx.DeleteAllowlistEntry(customerID, e); err != nil {
			return err
		}
		if err := tx.RaiseEpoch(customerID); err != nil {
			return err
		}
		c.customerChanged(tx, customerID)
		return audit(tx, actor, customerID, "disallow", "customer", customerID, e.String(), nil)
	})
}

// WouldFail counts the linked logins whose device would fail the IP check if
// listing were on (or off) and the entry were gone (D18).
func (c Customers) WouldFail(ctx context.Context, actor auth.Actor, customerID string, on bool, without string) (n int, err error) {
	var gone telephony.Entry
	if without != "" {
		if gone, err = telephony.ParseEntry("without", without); err != nil {
			return 0, err
		}
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		entries, err := tx.AllowlistEntries(customerID)
		if err != nil {
			return err
		}
		l := telephony.Allowlist{On: on}
		for _, e := range entries {
			if e.Entry != gone {
				l.Entries = append(l.Entries, e.Entry)
			}
		}
		devices, err := tx.LinkedAddresses(customerID)
		for _, seen := range devices {
			if _, ok := l.Check(seen); !ok {
				n++
			}
		}
		return err
	})
	return n, err
}
