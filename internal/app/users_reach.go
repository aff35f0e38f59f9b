package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// manages reports whether a user is within the actor's reach: the operator's
// administrator has everybody, a partner's their own and their customers', a
// customer's their customer's (U09).
func manages(actor auth.Actor, u storage.PortalUser) bool {
	below := u.Role == auth.CustomerAdmin || u.Role == auth.User
	switch actor.Role {
	case auth.OperatorAdmin:
		return true
	case auth.PartnerAdmin:
		return actor.PartnerID != "" && u.PartnerOf == actor.PartnerID && (below || u.Role == auth.PartnerAdmin)
	case auth.CustomerAdmin:
		return actor.CustomerID != "" && u.CustomerID == actor.CustomerID && below
	}
	return false
}

// reach loads a user: who is out of reach is not found (D24).
func reach(tx *storage.Tx, actor auth.Actor, id string) (u storage.PortalUser, err error) {
	if !actor.Can(auth.ScopeAdmin) {
		return u, auth.Denied(auth.ScopeAdmin)
	}
	if u, err = tx.PortalUser(id); err == nil && (!manages(actor, u) || u.ByPIN()) {
		return storage.PortalUser{}, telephony.NotFoundf("user")
	}
	return u, err
}

// manage runs a change of a user within the actor's reach. A token whose scopes
// are narrower than the user's role cannot: it could make itself the user.
func (u Users) manage(ctx context.Context, actor auth.Actor, id, action string, f func(*storage.Tx, storage.PortalUser) error) error {
	customerID := ""
	err := u.db.Update(ctx, func(tx *storage.Tx) error {
		x, err := reach(tx, actor, id)
		if err != nil {
			return err
		}
		if customerID = x.CustomerID; !actor.Grants(x.Role) {
			return beyondReach()
		}
		return f(tx, x)
	})
	if err != nil { // what is refused goes into the audit log too (U12)
		u.auditRefused(ctx, actor, customerID, action, "user", id, err)
	}
	return err
}

func beyondReach() error {
	e := telephony.Forbiddenf("beyond_reach", "this role may do more than you may yourself")
	e.Field = "role"
	return e
}

func ownAccount() error {
	return telephony.Conflictf("own_account", "you cannot do this to yourself; ask another administrator")
}

func oneself(actor auth.Actor, id string) bool { return actor.Kind == "user" && actor.ID == id }

// within checks a wish against the actor's own reach: nobody grants more than
// they have.
func within(tx *storage.Tx, actor auth.Actor, s *UserSpec) (err error) {
	if s.Name, err = telephony.Name("name", s.Name); err != nil {
		return err
	}
	if s.Login, err = auth.Login("login", s.Login); err != nil {
		return err
	}
	if s.Language, err = telephony.Language("language", s.Language, true); err != nil {
		return err
	}
	if !slices.Contains(auth.Roles, s.Role) {
		return telephony.Invalidf("role", "role_unknown", "this is not a role")
	}
	if !actor.Grants(s.Role) {
		return beyondReach()
	}
	if s.Role != auth.User {
		s.ExtensionID = ""
	}
	switch s.Role {
	case auth.PartnerAdmin:
		s.CustomerID = ""
		return partnerWithin(tx, actor, s)
	case auth.CustomerAdmin:
		s.PartnerID = ""
		return customerWithin(tx, actor, s)
	case auth.User:
		s.PartnerID = ""
		if err := customerWithin(tx, actor, s); err != nil {
			return err
		}
		return extensionWithin(tx, s)
	}
	s.PartnerID, s.CustomerID = "", ""
	return nil
}

func extensionWithin(tx *storage.Tx, s *UserSpec) error {
	_, err := tx.Extension(s.CustomerID, s.ExtensionID)
	if telephony.CodeOf(err) == telephony.NotFound {
		return telephony.Invalidf("extension_id", "extension_unknown", "there is no such extension")
	}
	return err
}

func partnerWithin(tx *storage.Tx, actor auth.Actor, s *UserSpec) error {
	if actor.Role == auth.PartnerAdmin && s.PartnerID == "" {
		s.PartnerID = actor.PartnerID
	}
	_, err := tx.Partner(s.PartnerID)
	if telephony.CodeOf(err) == telephony.NotFound || actor.Role == auth.PartnerAdmin && s.PartnerID != actor.PartnerID {
		return telephony.Invalidf("partner_id", "partner_unknown", "there is no such partner")
	}
	return err
}

func customerWithin(tx *storage.Tx, actor auth.Actor, s *UserSpec) error {
	if actor.Role == auth.CustomerAdmin && s.CustomerID == "" {
		s.CustomerID = actor.CustomerID
	}
	c, err := tx.Customer(s.CustomerID)
	if telephony.CodeOf(err) == telephony.NotFound || err == nil && !actor.Sees(c) {
		return telephony.Invalidf("customer_id", "customer_unknown", "there is no such customer")
	}
	return err
}

// notTheLast refuses to take away the only administrator the operator has.
func notTheLast(tx *storage.Tx, u storage.PortalUser) error {
	if u.Role != auth.OperatorAdmin || u.Disabled || !u.HasPassword {
		return nil
	}
	n, err := tx.OtherOperatorAdmins(u.ID)
	if err == nil && n == 0 {
		err = telephony.Conflictf("last_operator_admin", "this is the operator's last administrator")
	}
	return err
}
