package sip

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

const (
	lookupTimeout = 5 * time.Second
	unknownLife   = 30 // seconds an unknown user is remembered
	maxUnknown    = 8192
)

// nobody stands for every unknown user, so that refusing one takes the same work
// as refusing a wrong secret (C14).
var nobody = func() *Credential {
	var h HA1
	rand.Read(h.MD5[:])
	rand.Read(h.SHA256[:])
	return &Credential{HA1: []HA1{h}}
}()

// cached is the credential in memory, or nil.
func (s *Server) cached(user []byte) *Credential {
	sh := s.table.shard(user)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if a := sh.users[string(user)]; a != nil {
		return a.cred
	}
	return nil
}

// known reports whether user is in memory: bound, or authenticated lately.
func (s *Server) known(user []byte) bool {
	sh := s.table.shard(user)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[string(user)]
	return a != nil
}

// phone reports whether user is a device of ours that is bound, or that has
// authenticated lately.
func (s *Server) phone(user []byte) bool {
	sh := s.table.shard(user)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[string(user)]
	return a != nil && (a.binding != nil || a.cred != nil && a.cred.ChannelID != "")
}

// lookup asks the house for user's credential and keeps it. The caller may
// block. An unknown user yields nobody.
func (s *Server) lookup(user string, now int64) (*Credential, error) {
	sh := s.table.shardOf(user)
	for range 3 {
		sh.mu.Lock()
		epoch := sh.epoch
		sh.mu.Unlock()
		ctx, cancel := context.WithTimeout(s.ctx, lookupTimeout)
		c, err := s.cfg.Credentials.Credential(ctx, user)
		cancel()
		absent := err != nil && telephony.CodeOf(err) == telephony.NotFound
		if err != nil && !absent {
			return nil, fmt.Errorf("asking for a credential: %w", err)
		}
		sh.mu.Lock()
		if sh.epoch != epoch { // forgotten while we asked: the answer may be the old one
			sh.mu.Unlock()
			continue
		}
		if absent {
			s.rememberUnknown(user, now)
		}
		if absent || len(c.HA1) == 0 {
			sh.mu.Unlock()
			return nobody, nil
		}
		a := sh.account(user)
		c.SIPUser = a.user
		a.cred, a.told, a.touched = &c, 0, now
		sh.mu.Unlock()
		return &c, nil
	}
	return nil, fmt.Errorf("asking for a credential: it keeps changing")
}

// rememberUnknown is called under the lock of the user's shard, so that Forget
// comes either before the look or after this.
func (s *Server) rememberUnknown(user string, now int64) {
	s.unknownMu.Lock()
	defer s.unknownMu.Unlock()
	if len(s.unknown) >= maxUnknown {
		clear(s.unknown)
	}
	s.unknown[user] = now + unknownLife
}

func (s *Server) isUnknown(user []byte, now int64) bool {
	s.unknownMu.Lock()
	defer s.unknownMu.Unlock()
	return s.unknown[string(user)] > now
}

// Forget drops what is remembered of the users' credentials. When it returns, no
// later request is judged by the old ones; call it after the commit.
func (s *Server) Forget(sipUsers ...string) {
	for _, user := range sipUsers {
		sh := s.table.shardOf(user)
		sh.mu.Lock()
		sh.epoch++
		if a := sh.users[user]; a != nil {
			a.cred = nil
		}
		sh.mu.Unlock()
	}
	s.unknownMu.Lock()
	for _, user := range sipUsers {
		delete(s.unknown, user)
	}
	s.unknownMu.Unlock()
}

// ForgetCustomer is Forget for all channels of a customer: its allowlist changed.
func (s *Server) ForgetCustomer(customerID string) {
	s.forgetWhere(func(a *account) bool {
		return a.cred != nil && a.cred.CustomerID == customerID
	})
}

// ForgetAll is Forget for everyone.
func (s *Server) ForgetAll() {
	s.forgetWhere(func(*account) bool { return true })
	s.unknownMu.Lock()
	clear(s.unknown)
	s.unknownMu.Unlock()
}

func (s *Server) forgetWhere(match func(*account) bool) {
	for i := range s.table.shards {
		sh := &s.table.shards[i]
		sh.mu.Lock()
		sh.epoch++
		for _, a := range sh.users {
			if match(a) {
				a.cred = nil
			}
		}
		sh.mu.Unlock()
	}
}
