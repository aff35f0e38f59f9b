package app_test

import (
	"context"
	"slices"
	"sync"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func (h *house) user(e telephony.Extension) auth.Actor {
	return auth.Actor{Kind: "token", ID: "u" + e.Number, Name: e.Name, Role: auth.User, Scopes: auth.Scopes, CustomerID: e.CustomerID, ExtensionID: e.ID}
}

func (h *house) support() auth.Actor {
	return auth.Actor{Kind: "token", ID: "s", Name: "Sam Support", Role: auth.OperatorSupport, Scopes: auth.Scopes}
}

func (h *house) customerAdmin() auth.Actor {
	return auth.Actor{Kind: "token", ID: "c", Name: "Carla Kundin", Role: auth.CustomerAdmin, Scopes: auth.Scopes, CustomerID: h.cust.ID}
}

// registrar stands for the SIP side: it remembers what it was told.
type registrar struct {
	mu       sync.Mutex
	bindings map[string]telephony.Binding
	forgot   []string
	dropped  []string
	notified []telephony.Push
}

func (r *registrar) bind(b telephony.Binding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bindings[b.SIPUser] = b
}

func (r *registrar) Forget(users ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgot = append(r.forgot, users...)
}

func (r *registrar) ForgetCustomer(string) {}

func (r *registrar) Drop(_ context.Context, user, _ string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.bindings, user)
	r.dropped = append(r.dropped, user)
	return nil
}

func (r *registrar) Lookup(user string) (telephony.Binding, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.bindings[user]
	return b, ok
}

func (r *registrar) Notify(_ context.Context, p telephony.Push) telephony.PushResult {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notified = append(r.notified, p)
	return telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}
}

func (r *registrar) hasForgotten(user string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.forgot, user)
}

// devices stands for the provisioning side's memory.
type devices struct {
	mu      sync.Mutex
	changed []string

	onChanged func()
}

func (d *devices) Changed(ids ...string) {
	d.mu.Lock()
	d.changed = append(d.changed, ids...)
	hook := d.onChanged
	d.mu.Unlock()
	if hook != nil {
		hook()
	}
}

func (d *devices) ChangedCustomer(string) {}
func (d *devices) ChangedAll()            {}

func (d *devices) has(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.changed, id)
}
