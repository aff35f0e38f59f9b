package sip

import (
	"context"
	"testing"

	"tischlein/internal/telephony"
)

// changing changes something while a credential is asked for.
type changing struct {
	*house
	meanwhile func(user string)
}

func (c changing) Credential(ctx context.Context, user string) (Credential, error) {
	x, err := c.house.Credential(ctx, user)
	c.meanwhile(user)
	return x, err
}

func TestC02_AnswerOvertakenByAChangeIsAskedAgain(t *testing.T) {
	h := newHouse()
	s := bare(h)
	asked := 0
	s.cfg.Credentials = changing{h, func(user string) {
		if asked++; asked == 1 { // the channel is made just now
			h.add(user)
			s.Forget(user)
		}
	}}
	c, err := s.lookup("alice", 1)
	if err != nil || c == nobody || c.SIPUser != "alice" || asked != 2 || s.isUnknown([]byte("alice"), 1) {
		t.Errorf("%+v, %v, asked %d times", c, err, asked)
	}
}

func TestC02_ChangesOfOthersDoNotHinder(t *testing.T) {
	h := newHouse("alice")
	s := bare(h)
	asked, others := 0, 0
	s.cfg.Credentials = changing{h, func(user string) {
		asked++
		for i := range 200 { // a customer-wide change, as seen from another customer
			if o := string(rune('a'+i%26)) + string(rune('a'+i/26)); s.table.shardOf(o) != s.table.shardOf(user) {
				s.Forget(o)
				others++
			}
		}
	}}
	if c, err := s.lookup("alice", 1); err != nil || c.SIPUser != "alice" || asked != 1 || others < 100 {
		t.Errorf("%+v, %v, asked %d times beside %d changes", c, err, asked, others)
	}
}

func TestC02_WhatChangesAllTheTimeIsToBeAskedLater(t *testing.T) {
	h := newHouse("alice")
	s := bare(h)
	s.cfg.Credentials = changing{h, func(user string) { s.Forget(user) }}
	if c, err := s.lookup("alice", 1); err == nil || telephony.CodeOf(err) == telephony.NotFound {
		t.Errorf("%+v, %v", c, err)
	}
}
