package server

import (
	"testing"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

func TestC03_WhatTheRegistrarRefusesHasItsWords(t *testing.T) {
	for _, reason := range []string{sip.RefusedInstance, sip.RefusedDigest, sip.RefusedUser} {
		why := refusals[reason]
		if reason == sip.RefusedInstance {
			why += ": Snom D785 (192.0.2.7:5060)"
		}
		if w, ok := telephony.WhyOf(why); !ok || len(w.With) > 0 && w.With["phone"] != "Snom D785 (192.0.2.7:5060)" {
			t.Errorf("%s is %q, read as %+v %v", reason, why, w, ok)
		}
	}
}
