package sip

import (
	"encoding/binary"
	"hash/crc32"
)

// STUN Binding requests on the SIP port are a phone's keep-alive and tell it its
// public address (RFC 5389, RFC 5626 4.4.2 and 8).
const (
	stunHeader        = 20
	stunMagic         = 0x2112A442
	stunRequest       = 0x0001
	stunSuccess       = 0x0101
	stunError         = 0x0111
	stunXORMapped     = 0x0020
	stunErrorCode     = 0x0009
	stunUnknown       = 0x000A
	stunFingerprint   = 0x8028
	stunFingerprintXM = 0x5354554e
)

// stun answers a Binding request and reports whether b was one.
func (w *worker) stun(f *flow, b []byte) bool {
	if binary.BigEndian.Uint16(b) != stunRequest || binary.BigEndian.Uint32(b[4:]) != stunMagic {
		return false
	}
	length := int(binary.BigEndian.Uint16(b[2:]))
	if length%4 != 0 || stunHeader+length != len(b) {
		return false
	}
	var unknown uint16
	fingerprint := false
	for rest := b[stunHeader:]; len(rest) > 0; {
		if len(rest) < 4 {
			return false
		}
		kind, size := binary.BigEndian.Uint16(rest), (int(binary.BigEndian.Uint16(rest[2:]))+3)&^3
		if 4+size > len(rest) {
			return false
		}
		if kind == stunFingerprint {
			fingerprint = true
		} else if kind < 0x8000 && unknown == 0 {
			unknown = kind
		}
		rest = rest[4+size:]
	}
	w.begin(f)
	start := len(w.arena)
	w.arena = append(w.arena, b[:stunHeader]...)
	if unknown != 0 { // comprehension-required, and we comprehend none (RFC 5389 7.3.1)
		w.arena = append(w.arena, 0, stunErrorCode, 0, 4, 0, 0, 4, 20)
		w.arena = append(w.arena, 0, stunUnknown, 0, 2, byte(unknown>>8), byte(unknown), 0, 0)
		binary.BigEndian.PutUint16(w.arena[start:], stunError)
	} else {
		w.arena = appendMapped(w.arena, f, b[4:20])
		binary.BigEndian.PutUint16(w.arena[start:], stunSuccess)
	}
	size := len(w.arena) - start - stunHeader
	if fingerprint {
		binary.BigEndian.PutUint16(w.arena[start+2:], uint16(size+8))
		sum := crc32.ChecksumIEEE(w.arena[start:]) ^ stunFingerprintXM
		w.arena = append(w.arena, 0x80, 0x28, 0, 4)
		w.arena = binary.BigEndian.AppendUint32(w.arena, sum)
	} else {
		binary.BigEndian.PutUint16(w.arena[start+2:], uint16(size))
	}
	w.end()
	return true
}

// appendMapped appends XOR-MAPPED-ADDRESS; key is magic and transaction id.
func appendMapped(dst []byte, f *flow, key []byte) []byte {
	addr := f.peer.Addr()
	family, size := byte(1), 4
	if addr.Is6() {
		family, size = 2, 16
	}
	dst = append(dst, 0, stunXORMapped, 0, byte(4+size), 0, family)
	dst = binary.BigEndian.AppendUint16(dst, f.peer.Port()^(stunMagic>>16))
	if size == 4 {
		ip := addr.As4()
		for i, c := range ip {
			dst = append(dst, c^key[i])
		}
		return dst
	}
	ip := addr.As16()
	for i, c := range ip {
		dst = append(dst, c^key[i])
	}
	return dst
}
