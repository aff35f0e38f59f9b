package app

import (
	"context"
	"net/netip"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Tokens keeps API tokens and makes the first administrator.
type Tokens struct{ *core }

func tokenView(t storage.APIToken) TokenView {
	return TokenView{ID: t.ID, Name: t.Name, Role: t.Role, PartnerID: t.PartnerID, CustomerID: t.CustomerID, ExtensionID: t.ExtensionID,
		Scopes: t.Scopes, Expires: t.Expires, CreatedBy: t.CreatedBy, Created: t.Created}
}

// List lists the tokens within the actor's reach.
func (t Tokens) List(ctx context.Context, actor auth.Actor, q Query) (l List[TokenView], err error) {
	if !actor.Can(auth.ScopeAdmin) {
		return l, auth.Denied(auth.ScopeAdmin)
	}
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = t.db.View(ctx, func(tx *storage.Tx) error {
		rows, err := tx.Tokens(actor.PartnerID, actor.CustomerID, pg)
		var items []TokenView
		for _, r := range rows {
			items = append(items, tokenView(r))
		}
		l = list(items, pg, func(v TokenView) (string, string) { return "", v.ID })
		return err
	})
	return l, err
}

// Create makes a token, shown once. Nobody makes one that can do or see more
// than they themselves.
func (t Tokens) Create(ctx context.Context, actor auth.Actor, s TokenSpec) (v TokenView, secret telephony.Secret, err error) {
	if !actor.Can(auth.ScopeAdmin) {
		return v, "", auth.Denied(auth.ScopeAdmin)
	}
	err = t.db.Update(ctx, func(tx *storage.Tx) error {
		if err := t.within(tx, actor, &s); err != nil {
			return err
		}
		v, secret, err = t.insert(tx, actor, s)
		return err
	})
	return v, secret, err
}

func (t Tokens) insert(tx *storage.Tx, actor auth.Actor, s TokenSpec) (TokenView, telephony.Secret, error) {
	secret := auth.NewToken("tsl-")
	row := storage.APIToken{ID: storage.NewID(tx.Now), Hash: auth.HashToken(secret.Reveal()), Name: s.Name, Role: s.Role,
		PartnerID: s.PartnerID, CustomerID: s.CustomerID, ExtensionID: s.ExtensionID, Scopes: s.Scopes, Expires: s.Expires, CreatedBy: actor.Name, Created: tx.Now}
	if err := tx.InsertToken(row); err != nil {
		return TokenView{}, "", err
	}
	v := tokenView(row)
	return v, secret, audit(tx, actor, s.CustomerID, "create", "token", row.ID, nil, v)
}

// within checks the wish against the actor's own reach.
func (t Tokens) within(tx *storage.Tx, actor auth.Actor, s *TokenSpec) (err error) {
	if s.Name, err = telephony.Name("name", s.Name); err != nil {
		return err
	}
	if !slices.Contains(auth.Roles, s.Role) {
		return telephony.Invalidf("role", "role_unknown", "%q is not a role", s.Role)
	}
	if len(s.Scopes) == 0 {
		for _, x := range auth.Scopes {
			if (auth.Actor{Role: s.Role, Scopes: auth.Scopes}).Can(x) && actor.Can(x) || s.Role == auth.User && x == auth.ScopeLogin {
				s.Scopes = append(s.Scopes, x)
			}
		}
	}
	for _, x := range s.Scopes {
		if !slices.Contains(auth.Scopes, x) {
			return telephony.Invalidf("scopes", "scope_unknown", "%q is not a scope", x)
		}
		if !actor.Can(x) {
			return telephony.Forbiddenf("beyond_reach", "you do not have the scope %q yourself", x)
		}
	}
	if !s.Expires.IsZero() && !s.Expires.After(tx.Now) {
		return telephony.Invalidf("expires", "expires_past", "the token would have expired already")
	}
	switch s.Role {
	case auth.OperatorAdmin, auth.OperatorSupport:
		if actor.Role != auth.OperatorAdmin {
			return telephony.Forbiddenf("beyond_reach", "only the operator makes operator tokens")
		}
		s.PartnerID, s.CustomerID, s.ExtensionID = "", "", ""
	case auth.PartnerAdmin:
		if actor.Role == auth.PartnerAdmin {
			s.PartnerID = actor.PartnerID
		} else if actor.Role != auth.OperatorAdmin {
			return telephony.Forbiddenf("beyond_reach", "only the operator makes partner tokens")
		}
		s.CustomerID, s.ExtensionID = "", ""
		_, err := tx.Partner(s.PartnerID)
		return unknown(err, "partner_id", "partner")
	case auth.CustomerAdmin, auth.User:
		c, err := tx.Customer(s.CustomerID)
		if err == nil && !actor.Sees(c) {
			err = telephony.NotFoundf("customer")
		}
		if err != nil {
			return unknown(err, "customer_id", "customer")
		}
		s.PartnerID = c.PartnerID
		if s.Role == auth.CustomerAdmin {
			s.ExtensionID = ""
			return nil
		}
		_, err = tx.Extension(s.CustomerID, s.ExtensionID)
		return unknown(err, "extension_id", "extension")
	}
	return nil
}

// unknown is a look-up's err as a refusal of the field, where what it looked for is
// not there; a database that failed is no wrong input.
func unknown(err error, field, what string) error {
	if telephony.CodeOf(err) == telephony.NotFound {
		return telephony.Invalidf(field, what+"_unknown", "there is no such %s", what)
	}
	return err
}

// reached is a token that the actor may see.
func (t Tokens) reached(tx *storage.Tx, actor auth.Actor, id string) (storage.APIToken, error) {
	row, err := tx.Token(id)
	if err == nil && !actor.Operator() && (row.PartnerID != actor.PartnerID || actor.CustomerID != "" && row.CustomerID != actor.CustomerID) {
		err = telephony.NotFoundf("token")
	}
	return row, err
}

// Get reads one token.
func (t Tokens) Get(ctx context.Context, actor auth.Actor, id string) (v TokenView, err error) {
	if !actor.Can(auth.ScopeAdmin) {
		return v, auth.Denied(auth.ScopeAdmin)
	}
	err = t.db.View(ctx, func(tx *storage.Tx) error {
		row, err := t.reached(tx, actor, id)
		v = tokenView(row)
		return err
	})
	return v, err
}

// Revoke ends a token.
func (t Tokens) Revoke(ctx context.Context, actor auth.Actor, id string) error {
	if !actor.Can(auth.ScopeAdmin) {
		return auth.Denied(auth.ScopeAdmin)
	}
	return t.db.Update(ctx, func(tx *storage.Tx) error {
		row, err := t.reached(tx, actor, id)
		if err != nil {
			return err
		}
		if err := tx.DeleteToken(id); err != nil {
			return err
		}
		return audit(tx, actor, row.CustomerID, "revoke", "token", id, tokenView(row), nil)
	})
}

// Authenticate says who bears the token.
func (t Tokens) Authenticate(ctx context.Context, token string, from netip.Addr) (a auth.Actor, err error) {
	err = t.db.View(ctx, func(tx *storage.Tx) error {
		row, err := tx.TokenByHash(auth.HashToken(token))
		if err != nil {
			return err
		}
		a = auth.Actor{Kind: "token", ID: row.ID, Name: row.Name, Role: row.Role, Scopes: row.Scopes,
			PartnerID: row.PartnerID, CustomerID: row.CustomerID, ExtensionID: row.ExtensionID, From: from}
		return nil
	})
	if telephony.CodeOf(err) == telephony.NotFound {
		err = &telephony.Error{Code: telephony.Unauthenticated, Reason: "token_unknown", Message: "the token is unknown or has expired"}
	}
	return a, err
}

// Setup uses the one-time token of the first start up and makes the first
// administrator's token (U09).
func (t Tokens) Setup(ctx context.Context, setupToken, name string, from netip.Addr) (v TokenView, secret telephony.Secret, err error) {
	if name, err = telephony.Name("name", name); err != nil {
		return v, "", err
	}
	err = t.db.Update(ctx, func(tx *storage.Tx) error {
		i, err := tx.Installation()
		if err != nil {
			return err
		}
		if i.SetupHash == "" || i.SetupHash != auth.HashToken(setupToken) || !tx.Now.Before(i.SetupExpires) {
			return &telephony.Error{Code: telephony.Unauthenticated, Reason: "setup_token_unknown", Message: "the one-time token is wrong, used up or has expired"}
		}
		i.SetupHash = ""
		if err := tx.UpdateInstallation(i); err != nil {
			return err
		}
		actor := auth.Actor{Kind: "setup", Name: "first start", From: from}
		v, secret, err = t.insert(tx, actor, TokenSpec{Name: name, Role: auth.OperatorAdmin, Scopes: auth.Scopes})
		return err
	})
	return v, secret, err
}

// Answer is what a token's request with this idempotency key was answered, nil
// if there was none.
func (a *App) Answer(ctx context.Context, tokenID, key string) (ans *Answer, err error) {
	err = a.db.View(ctx, func(tx *storage.Tx) error {
		x, err := tx.Answer(tokenID, key)
		if telephony.CodeOf(err) == telephony.NotFound {
			return nil
		}
		ans = (*Answer)(&x)
		return err
	})
	return ans, err
}

// KeepAnswer keeps an answer to be given again.
func (a *App) KeepAnswer(ctx context.Context, tokenID, key string, ans Answer) error {
	return a.db.Update(ctx, func(tx *storage.Tx) error { return tx.KeepAnswer(tokenID, key, storage.Answer(ans)) })
}
