package sip

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// A nonce is 20 bytes in hexadecimal: seconds since 1970 (4), a serial number
// (4) and 12 bytes of HMAC-SHA256 over both and the peer's address. It costs no
// memory until a request with a right digest uses it (C02).
const (
	nonceBytes = 20
	nonceText  = 2 * nonceBytes
)

type nonceVerdict uint8

const (
	nonceGood  nonceVerdict = iota
	nonceStale              // not ours any more, another address's, too old, or used up
)

type nonces struct {
	life         int64 // seconds
	inner, outer [sha256.BlockSize]byte
	serial       atomic.Uint32
	shards       [64]nonceShard
}

// nonceShard counts the nonces that have been used. When it is full the oldest
// goes, and with it everything issued before: forgetting a used nonce must never
// make it look unused.
type nonceShard struct {
	mu    sync.Mutex
	used  map[uint64]nonceCount
	ring  []uint64
	head  int
	floor uint64
}

// nonceCount is the highest nc seen and which of the 64 below it were, so that
// requests overtaking each other pass and replays do not.
type nonceCount struct {
	max  uint32
	seen uint64
}

func newNonces(life time.Duration, table int) *nonces {
	n := &nonces{life: int64(life / time.Second)}
	var key [sha256.BlockSize]byte
	rand.Read(key[:32])
	for i := range key {
		n.inner[i], n.outer[i] = key[i]^0x36, key[i]^0x5c
	}
	per := max(table/len(n.shards), 1)
	for i := range n.shards {
		n.shards[i].used = make(map[uint64]nonceCount)
		n.shards[i].ring = make([]uint64, 0, per)
	}
	return n
}

// mac is HMAC-SHA256 written out over arrays, because crypto/hmac would
// allocate for each nonce (RFC 2104).
func (n *nonces) mac(id uint64, from netip.Addr) (out [12]byte) {
	var in [sha256.BlockSize + 8 + 16]byte
	copy(in[:], n.inner[:])
	putUint64(in[sha256.BlockSize:], id)
	a := from.As16()
	copy(in[sha256.BlockSize+8:], a[:])
	sum := sha256.Sum256(in[:])
	var outer [sha256.BlockSize + sha256.Size]byte
	copy(outer[:], n.outer[:])
	copy(outer[sha256.BlockSize:], sum[:])
	sum = sha256.Sum256(outer[:])
	copy(out[:], sum[:])
	return out
}

func putUint64(b []byte, v uint64) {
	for i := range 8 {
		b[i] = byte(v >> (56 - 8*i))
	}
}

// appendNew appends a fresh nonce for from.
func (n *nonces) appendNew(dst []byte, from netip.Addr, now int64) []byte {
	id := uint64(uint32(now))<<32 | uint64(n.serial.Add(1))
	var raw [nonceBytes]byte
	putUint64(raw[:], id)
	mac := n.mac(id, from)
	copy(raw[8:], mac[:])
	return hex.AppendEncode(dst, raw[:])
}

// check reads a nonce without counting it.
func (n *nonces) check(text []byte, from netip.Addr, now int64) (id uint64, v nonceVerdict) {
	var raw [nonceBytes]byte
	if len(text) != nonceText {
		return 0, nonceStale
	}
	if _, err := hex.Decode(raw[:], text); err != nil {
		return 0, nonceStale
	}
	for _, b := range raw[:8] {
		id = id<<8 | uint64(b)
	}
	mac := n.mac(id, from)
	if subtle.ConstantTimeCompare(mac[:], raw[8:]) != 1 {
		return 0, nonceStale
	}
	if age := now - int64(id>>32); age < -1 || age > n.life {
		return 0, nonceStale
	}
	return id, nonceGood
}

// use counts one request with a right digest; nc 0 (a client without qop) may
// use a nonce once. It reports whether this use is new.
func (n *nonces) use(id uint64, nc uint32) bool {
	s := &n.shards[id%uint64(len(n.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := s.used[id]
	if !known {
		if id <= s.floor {
			return false
		}
		s.remember(id)
		s.used[id] = nonceCount{max: nc, seen: 1}
		return true
	}
	if nc == 0 || c.max == 0 {
		return false
	}
	switch {
	case nc > c.max:
		if d := nc - c.max; d < 64 {
			c.seen = c.seen<<d | 1
		} else {
			c.seen = 1
		}
		c.max = nc
	case c.max-nc >= 64 || c.seen&(1<<(c.max-nc)) != 0:
		return false
	default:
		c.seen |= 1 << (c.max - nc)
	}
	s.used[id] = c
	return true
}

func (s *nonceShard) remember(id uint64) {
	if len(s.ring) < cap(s.ring) {
		s.ring = append(s.ring, id)
		return
	}
	old := s.ring[s.head]
	delete(s.used, old)
	s.floor = max(s.floor, old)
	s.ring[s.head] = id
	s.head = (s.head + 1) % len(s.ring)
}
