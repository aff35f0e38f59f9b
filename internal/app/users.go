package app

import (
	"context"
	"slices"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Users keeps the people who sign in to the portal.
type Users struct{ *core }

// UserSpec is what an administrator says about a user.
type UserSpec struct {
	Name        string
	Login       string // e-mail address or name, one case
	Role        auth.Role
	PartnerID   string // partner_admin
	CustomerID  string // customer_admin, user
	ExtensionID string // user: whose own pages they have
	Language    string // "" = the browser's
	Disabled    bool
}

// UserState is how a user stands.
type UserState string

// The states of a user: the first that holds.
const (
	UserDisabled UserState = "disabled" // by an administrator
	UserLocked   UserState = "locked"   // for a while, after failures
	UserInvited  UserState = "invited"  // has no password yet
	UserActive   UserState = "active"
)

// UserView is a user as administrators see them.
type UserView struct {
	ID string
	UserSpec
	Partner      string // name
	Customer     string // name
	Number       string // of the user's extension
	Theme        string
	State        UserState
	LockedUntil  time.Time
	SecondFactor bool
	LinkExpires  time.Time // of an open one-time link
	Version      int64
	Created      time.Time
	CreatedBy    string
	LastSignIn   time.Time
	Own          bool // it is the actor
}

// UserQuery narrows the list of users, which is sorted by name.
type UserQuery struct {
	Query
	PartnerID  string // the partner's own and its customers'
	CustomerID string
}

func specOf(u storage.PortalUser) UserSpec {
	return UserSpec{Name: u.Name, Login: u.Login, Role: u.Role, PartnerID: u.PartnerID, CustomerID: u.CustomerID, ExtensionID: u.ExtensionID, Language: u.Language, Disabled: u.Disabled}
}

func userView(u storage.PortalUser, actor auth.Actor, now time.Time) UserView {
	v := UserView{ID: u.ID, UserSpec: specOf(u), Partner: u.Partner, Customer: u.Customer, Number: u.Number, Theme: u.Theme, State: UserActive, SecondFactor: u.HasTOTP,
		Version: u.Version, Created: u.Created, CreatedBy: u.CreatedBy, LastSignIn: u.SignedIn, Own: oneself(actor, u.ID)}
	if now.Before(u.LinkExpires) {
		v.LinkExpires = u.LinkExpires
	}
	if now.Before(u.LockedUntil) {
		v.LockedUntil = u.LockedUntil
	}
	switch {
	case u.Disabled:
		v.State = UserDisabled
	case !v.LockedUntil.IsZero():
		v.State = UserLocked
	case !u.HasPassword:
		v.State = UserInvited
	}
	return v
}

// List lists the users within the actor's reach by name.
func (u Users) List(ctx context.Context, actor auth.Actor, q UserQuery) (l List[UserView], err error) {
	if !actor.Can(auth.ScopeAdmin) {
		return l, auth.Denied(auth.ScopeAdmin)
	}
	pg, err := page(q.Query)
	if err != nil {
		return l, err
	}
	err = u.db.View(ctx, func(tx *storage.Tx) error {
		if err := listable(tx, actor, &q); err != nil {
			return err
		}
		rows, err := tx.PortalUsers(q.PartnerID, q.CustomerID, pg)
		var items []UserView
		for _, r := range rows {
			items = append(items, userView(r, actor, tx.Now))
		}
		l = list(items, pg, func(v UserView) (string, string) { return telephony.Fold(v.Name), v.ID })
		return err
	})
	return l, err
}

// listable narrows a query to the actor's reach.
func listable(tx *storage.Tx, actor auth.Actor, q *UserQuery) error {
	switch actor.Role {
	case auth.OperatorAdmin:
	case auth.PartnerAdmin:
		if actor.PartnerID == "" || q.PartnerID != "" && q.PartnerID != actor.PartnerID {
			return telephony.NotFoundf("partner")
		}
		q.PartnerID = actor.PartnerID
	default:
		if actor.CustomerID == "" || q.PartnerID != "" {
			return telephony.NotFoundf("customer")
		}
		if q.CustomerID == "" {
			q.CustomerID = actor.CustomerID
		}
	}
	if q.CustomerID == "" {
		return nil
	}
	c, err := tx.Customer(q.CustomerID)
	if err == nil && !actor.Sees(c) {
		err = telephony.NotFoundf("customer")
	}
	return err
}

// Get reads one user.
func (u Users) Get(ctx context.Context, actor auth.Actor, id string) (v UserView, err error) {
	err = u.db.View(ctx, func(tx *storage.Tx) error {
		x, err := reach(tx, actor, id)
		v = userView(x, actor, tx.Now)
		return err
	})
	return v, err
}

// Roles are the roles that the actor may give, besides that of an extension's own
// user, which everybody here may.
func (u Users) Roles(actor auth.Actor) []auth.Role {
	return slices.DeleteFunc(slices.Clone(auth.Roles), func(r auth.Role) bool {
		return r == auth.User || !actor.Can(auth.ScopeAdmin) || !actor.Grants(r)
	})
}

// Create makes a user without a password, and the link by which they choose one.
func (u Users) Create(ctx context.Context, actor auth.Actor, s UserSpec) (v UserView, l OneTimeLink, err error) {
	customerID := "" // until it is known to be within reach
	err = u.db.Update(ctx, func(tx *storage.Tx) error {
		if !actor.Can(auth.ScopeAdmin) {
			return auth.Denied(auth.ScopeAdmin)
		}
		if err := within(tx, actor, &s); err != nil {
			return err
		}
		customerID = s.CustomerID
		x := storage.PortalUser{ID: storage.NewID(tx.Now), CreatedBy: actor.Name}
		put(&x, s)
		if err := tx.InsertPortalUser(x); err != nil {
			return err
		}
		if l, err = u.link(tx, x); err != nil {
			return err
		}
		if x, err = tx.PortalUser(x.ID); err != nil {
			return err
		}
		v = userView(x, actor, tx.Now)
		return audit(tx, actor, x.CustomerID, "create", "user", x.ID, nil, specOf(x))
	})
	if err != nil {
		u.auditRefused(ctx, actor, customerID, "create", "user", "", err)
	}
	return v, l, err
}

func put(x *storage.PortalUser, s UserSpec) {
	x.Name, x.Login, x.Role, x.PartnerID, x.CustomerID, x.ExtensionID = s.Name, s.Login, s.Role, s.PartnerID, s.CustomerID, s.ExtensionID
	x.Language, x.Disabled = s.Language, s.Disabled
}

// Update changes a user. Another role, another reach or being disabled ends the
// user's sessions. It is refused when the user is no longer at version; 0 is any.
func (u Users) Update(ctx context.Context, actor auth.Actor, id string, version int64, f func(*UserSpec) error) (v UserView, err error) {
	err = u.manage(ctx, actor, id, "update", func(tx *storage.Tx, x storage.PortalUser) error {
		if err := versioned(version, x.Version); err != nil {
			return err
		}
		before, s := specOf(x), specOf(x)
		if err := f(&s); err != nil {
			return err
		}
		if err := within(tx, actor, &s); err != nil {
			return err
		}
		power := s.Role != before.Role || s.PartnerID != before.PartnerID || s.CustomerID != before.CustomerID || s.ExtensionID != before.ExtensionID || s.Disabled != before.Disabled
		if power && oneself(actor, id) {
			return ownAccount()
		}
		if power && (s.Role != auth.OperatorAdmin || s.Disabled) {
			if err := notTheLast(tx, x); err != nil {
				return err
			}
		}
		put(&x, s)
		if err := tx.UpdatePortalUser(x); err != nil {
			return err
		}
		if power {
			if _, err := tx.DeleteSessions(id, ""); err != nil {
				return err
			}
		}
		if x, err = tx.PortalUser(id); err != nil {
			return err
		}
		v = userView(x, actor, tx.Now)
		return audit(tx, actor, x.CustomerID, "update", "user", id, before, specOf(x))
	})
	return v, err
}

// Delete removes a user, whose sessions end. It is refused when the user is no
// longer at version; 0 is any.
func (u Users) Delete(ctx context.Context, actor auth.Actor, id string, version int64) error {
	return u.manage(ctx, actor, id, "delete", func(tx *storage.Tx, x storage.PortalUser) error {
		if err := versioned(version, x.Version); err != nil {
			return err
		}
		if oneself(actor, id) {
			return ownAccount()
		}
		if err := notTheLast(tx, x); err != nil {
			return err
		}
		if err := tx.DeletePortalUser(id); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "delete", "user", id, specOf(x), nil)
	})
}
