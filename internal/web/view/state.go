package view

import (
	"context"
	"net/netip"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// tones are the colours of a channel's states; shape and word say the same.
var tones = map[telephony.StateCode]Tone{
	telephony.StateNoDevice:         ToneIdle,
	telephony.StateWaitingForDevice: ToneWait,
	telephony.StateFailed:           ToneBad,
	telephony.StateOffline:          ToneIdle,
	telephony.StatePending:          ToneBusy,
	telephony.StateLoggedIn:         ToneOK,
	telephony.StateLoggedOut:        ToneFree,
}

// StateWord words a channel's state as spec 2 names it, with the reason of a
// failure.
func StateWord(ctx context.Context, s telephony.State) string {
	if s.Code != telephony.StateFailed {
		return text.T(ctx, "common.state_"+string(s.Code))
	}
	return text.T(ctx, "common.state_failed", "Reason", FailureWord(ctx, s))
}

// FailureWord words why a state is failed.
func FailureWord(ctx context.Context, s telephony.State) string {
	if s.Reason == telephony.FailedAddress {
		return text.T(ctx, "common.failed_address_not_listed", "Address", address(s.Address))
	}
	if s.Reason == "" {
		return text.T(ctx, "common.failed_device_refused")
	}
	return text.T(ctx, "common.failed_"+s.Reason)
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return "?"
	}
	return a.String()
}
