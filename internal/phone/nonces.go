package phone

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"sync"
	"time"
)

// nonces are what digests of devices are bound to: each to one device, one source
// and five minutes, sealed with a key of this process, and counted from its first
// use, so that no answer is taken twice. Whatever was forgotten is outdated, which
// costs an honest phone one more request.
type nonces struct {
	key [32]byte

	mu      sync.Mutex
	devices map[key]*nonceList
	most    int
}

// nonceList is what is known of one device's.
type nonceList struct {
	since  int64 // those made before it, in microseconds, are outdated
	used   []usedNonce
	silent int // challenges without an answer
}

type usedNonce struct {
	made  int64
	tail  [8]byte
	count uint32
}

const (
	nonceLife   = 5 * time.Minute // a chain of files takes less
	nonceUsed   = 8               // at once, of one device
	nonceSilent = 5               // challenges after which a phone is taken for one that cannot answer
	nonceSize   = 8 + 8 + 16
)

func newNonces(most int) *nonces {
	n := &nonces{devices: map[key]*nonceList{}, most: most}
	rand.Read(n.key[:])
	return n
}

func (n *nonces) seal(b []byte, k key, from netip.Addr) []byte {
	h := hmac.New(sha256.New, n.key[:])
	h.Write(b)
	h.Write(k[:])
	h.Write(from.AsSlice())
	return h.Sum(nil)[:16]
}

// issue makes a nonce; silent says that the device has not answered several now.
func (n *nonces) issue(k key, from netip.Addr, now time.Time) (nonce string, silent bool) {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, nonceSize), uint64(now.UnixMicro()))
	b = b[:16]
	rand.Read(b[8:16])
	b = append(b, n.seal(b, k, from)...)
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.list(k, now)
	if l.silent++; l.silent >= nonceSilent {
		l.silent, silent = 0, true
	}
	return base64.RawURLEncoding.EncodeToString(b), silent
}

// list is the device's, made when there is none: then all nonces from before are
// outdated.
func (n *nonces) list(k key, now time.Time) *nonceList {
	l := n.devices[k]
	if l == nil {
		for other := range n.devices {
			if len(n.devices) < n.most {
				break
			}
			delete(n.devices, other)
		}
		l = &nonceList{since: now.UnixMicro()}
		n.devices[k] = l
	}
	return l
}

// answered ends the count of challenges without an answer.
func (n *nonces) answered(k key) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.devices[k]; l != nil {
		l.silent = 0
	}
}

// take judges an answer: it is right when the nonce is the device's, from there and
// not too old, and its count is above any before; replayed when it is not above. Without
// a count, 0, a nonce is good for once.
func (n *nonces) take(k key, from netip.Addr, nonce string, count uint32, now time.Time) verdict {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != nonceSize || !hmac.Equal(b[16:], n.seal(b[:16], k, from)) {
		return outdated
	}
	u := usedNonce{made: int64(binary.BigEndian.Uint64(b)), tail: [8]byte(b[8:16]), count: max(count, 1)}
	if now.Sub(time.UnixMicro(u.made)) > nonceLife {
		return outdated
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.list(k, now)
	if u.made < l.since {
		return outdated
	}
	for i := range l.used {
		if x := &l.used[i]; x.made == u.made && x.tail == u.tail {
			if count == 0 || u.count <= x.count {
				return replayed
			}
			x.count = u.count
			return right
		}
	}
	if len(l.used) >= nonceUsed {
		oldest := 0
		for i, x := range l.used {
			if x.made < l.used[oldest].made {
				oldest = i
			}
		}
		l.since = max(l.since, l.used[oldest].made+1)
		l.used[oldest] = l.used[len(l.used)-1]
		l.used = l.used[:len(l.used)-1]
		if u.made < l.since {
			return outdated
		}
	}
	l.used = append(l.used, u)
	return right
}
