package call

import (
	"net/netip"
	"sync"
)

// mostOpen is how many INVITEs of one channel from one address may be under way or
// await their ACK, unless it may dial more than that in a minute.
const mostOpen = 64

// crowd bounds what a channel's INVITEs hold here before the house is asked and the
// limits are looked at (C14): each has a transaction for half a minute. Addresses
// count apart, so that who floods with a stolen secret keeps the phone itself from
// nothing. What has no INVITE under way takes no room.
type crowd struct {
	mu   sync.Mutex
	open map[string]int
}

// crowdOf is whom an INVITE counts for, "" for a trunk: that has many calls.
func crowdOf(r *request) string {
	if r.Credential == nil || r.Credential.ChannelID == "" {
		return ""
	}
	bits, addr := 32, r.Flow.Peer().Addr().Unmap()
	if addr.Is6() {
		bits = 64 // one line, whatever addresses it makes up
	}
	return r.Credential.ChannelID + " " + netip.PrefixFrom(addr, bits).Masked().String()
}

// enter counts one more unless there are too many.
func (k *crowd) enter(who string, most int) bool {
	if who == "" {
		return true
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open[who] >= most {
		return false
	}
	if k.open == nil {
		k.open = map[string]int{}
	}
	k.open[who]++
	return true
}

func (k *crowd) leave(who string) {
	if who == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open[who]--; k.open[who] <= 0 {
		delete(k.open, who)
	}
}
