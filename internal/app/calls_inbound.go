package app

import (
	"context"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// anonymous is the number of a caller who is not to be named (RFC 3323 4.1.1.3).
const anonymous = "anonymous"

// PlanInbound says whom a trunk's request rings: the extension that its number
// leads to, or at a switch the extension itself. A customer's trunk reaches that
// customer only (D24). from is the caller's number as the trunk gives it.
func (c Calls) PlanInbound(ctx context.Context, trunkID, dialled, from string) (p telephony.CallPlan, err error) {
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		t, err := tx.TrunkByID(trunkID)
		if err != nil {
			return err
		}
		a := telephony.Arrived{Number: bareNumber(dialled)}
		region := home
		if t.CustomerID != "" {
			if a.Customer, err = tx.Customer(t.CustomerID); err != nil {
				return err
			}
			region = a.Customer.Country
		}
		a.From = telephony.Party{Number: callerOf(from, region)}
		var callee *storage.Callee
		if t.Switch {
			a.From.Number = bareNumber(from)
			callee, err = c.fromSwitch(tx, &a)
		}
		if err == nil && callee == nil {
			callee, err = c.byNumber(tx, &a, arrived(dialled, region))
		}
		if err != nil {
			return err
		}
		if callee != nil {
			a.Callee, a.At = &callee.Extension, callee.At
		}
		if a.Customer.ID == "" {
			return &telephony.Error{Code: telephony.NotFound, Reason: "dial_unknown", Message: "nobody has this number"}
		}
		if !t.Switch && len(a.From.Number) == a.Customer.ExtensionDigits {
			colleague, err := tx.CalleeByNumber(a.Customer.ID, a.From.Number)
			if err != nil {
				return err
			}
			if colleague != nil { // nobody outside calls as one of the house (C07)
				a.From = telephony.Party{Number: anonymous}
			}
		}
		p, err = telephony.DecideArrival(a)
		return err
	})
	return p, err
}

// fromSwitch finds the extension that a switch calls by its number, and the name
// of the one that calls.
func (c Calls) fromSwitch(tx *storage.Tx, a *telephony.Arrived) (*storage.Callee, error) {
	callee, err := tx.CalleeByNumber(a.Customer.ID, a.Number)
	if err != nil || a.From.Number == "" {
		return callee, err
	}
	caller, err := tx.CalleeByNumber(a.Customer.ID, a.From.Number)
	if caller != nil {
		a.From = caller.Extension.Party()
	}
	return callee, err
}

// byNumber finds whom a number of the outside world leads to, and the devices
// that called an emergency number with it. The customer is found with it, unless
// the trunk is a customer's.
func (c Calls) byNumber(tx *storage.Tx, a *telephony.Arrived, numbers []string) (callee *storage.Callee, err error) {
	own := a.Customer.ID
	theirs := func(customerID string) (bool, error) {
		switch {
		case own != "":
			return own == customerID, nil
		case a.Customer.ID == "":
			a.Customer, err = tx.Customer(customerID)
			return err == nil, err
		}
		return a.Customer.ID == customerID, nil
	}
	for _, n := range numbers {
		x, err := tx.NumberByE164(n)
		switch {
		case telephony.CodeOf(err) == telephony.NotFound:
		case err != nil:
			return nil, err
		default:
			ok, err := theirs(x.CustomerID)
			if err != nil {
				return nil, err
			}
			if ok {
				a.Number = x.E164
				if x.ExtensionID != "" {
					if callee, err = tx.CalleeByID(x.CustomerID, x.ExtensionID); err != nil {
						return nil, err
					}
				}
			}
		}
		back, err := tx.CallBacks(n, tx.Now.Add(-callBackWindow))
		if err != nil {
			return nil, err
		}
		for _, b := range back {
			ok, err := theirs(b.CustomerID)
			if err != nil {
				return nil, err
			}
			if ok {
				a.CallBack = append(a.CallBack, b.Ring)
			}
		}
		if callee != nil || len(a.CallBack) > 0 || a.Customer.ID != "" && own == "" {
			break
		}
	}
	return callee, nil
}
