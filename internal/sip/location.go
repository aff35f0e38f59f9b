package sip

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

const (
	tableShards = 256
)

// table is the location service: all channels that are bound or have lately
// authenticated, by SIP user. A shard's lock is held for memory work only.
type table struct {
	seed   maphash.Seed
	size   atomic.Int64 // bindings
	shards [tableShards]tableShard
}

type tableShard struct {
	mu    sync.Mutex
	users map[string]*account
	epoch uint64 // raised when something here is forgotten
}

// account is what is known of one SIP user. Everything in it is guarded by its
// shard's lock; cred and binding are replaced, never changed, where marked.
type account struct {
	user    string
	cred    *Credential // replaced; nil = ask again
	told    uint8       // which uses of cred Observer.Used was told
	binding *binding
	pending *change // a binding change on its way to the disk

	verified    netip.Addr // address that Contacted has seen
	verifiedGen uint64
	touched     int64 // Unix seconds of the last good digest
}

// binding is the memory form of telephony.Binding: about 300 bytes and its
// strings. User and channel texts are shared with the account.
type binding struct {
	channel, customer string
	contact, instance string
	callID, display   string
	agent             unique.Handle[string]
	flow              flow
	local             string // of the flow, kept when the flow itself is gone
	over              transport
	cseq              uint32
	nat               bool
	dirty             bool   // newer than on disk
	branch            uint64 // hash of the last REGISTER's branch: tells a retransmission
	registered        int64  // Unix seconds
	expires           int64
	stored            int64 // expires as on disk
}

func newTable() *table {
	t := &table{seed: maphash.MakeSeed()}
	for i := range t.shards {
		t.shards[i].users = make(map[string]*account)
	}
	return t
}

func (t *table) shard(user []byte) *tableShard {
	return &t.shards[maphash.Bytes(t.seed, user)%tableShards]
}

func (t *table) shardOf(user string) *tableShard {
	return &t.shards[maphash.String(t.seed, user)%tableShards]
}

// account is user's entry, made when there is none. The shard is locked.
func (s *tableShard) account(user string) *account {
	a := s.users[user]
	if a == nil {
		a = &account{user: user}
		s.users[user] = a
	}
	return a
}

// set puts b (nil removes) in the account's place and says what was there. The
// shard is locked.
func (t *table) set(a *account, b *binding) (old *binding) {
	old = a.binding
	a.binding = b
	switch {
	case old == nil && b != nil:
		t.size.Add(1)
	case old != nil && b == nil:
		t.size.Add(-1)
	}
	if b != nil && b.flow.conn != nil && (old == nil || old.flow.conn != b.flow.conn) {
		b.flow.conn.bound.Add(1)
	}
	if old != nil && old.flow.conn != nil && (b == nil || old.flow.conn != b.flow.conn) {
		old.flow.conn.bound.Add(-1)
	}
	return old
}

// export is the binding as everyone else sees it.
func (a *account) export(b *binding, node string) telephony.Binding {
	return telephony.Binding{
		ChannelID: b.channel, CustomerID: b.customer, SIPUser: a.user,
		Contact: b.contact, Instance: b.instance, CallID: b.callID, CSeq: b.cseq,
		Transport: b.over.String(), Source: b.flow.peer, Local: b.local,
		UserAgent: b.agent.Value(), Display: b.display,
		Registered: time.Unix(b.registered, 0), Expires: time.Unix(b.expires, 0), Node: node,
	}
}

// Lookup is the binding of a SIP user, if it has one that has not lapsed.
func (s *Server) Lookup(sipUser string) (telephony.Binding, bool) {
	sh := s.table.shardOf(sipUser)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[sipUser]
	if a == nil || a.binding == nil || a.binding.expires <= s.cfg.Now().Unix() {
		return telephony.Binding{}, false
	}
	return a.export(a.binding, s.cfg.Node), true
}

// load fills the table after a restart. UDP flows work at once through the
// listener they came in by; stream flows only when the phone speaks again (C03).
func (s *Server) load(b telephony.Binding) {
	n := &binding{
		channel: b.ChannelID, customer: unique.Make(b.CustomerID).Value(),
		contact: b.Contact, instance: b.Instance, callID: b.CallID, display: b.Display,
		agent: unique.Make(b.UserAgent), local: b.Local, cseq: b.CSeq,
		registered: b.Registered.Unix(), expires: b.Expires.Unix(), stored: b.Expires.Unix(),
	}
	n.flow.peer = b.Source
	switch b.Transport {
	case "tcp":
		n.over = overTCP
	case "tls":
		n.over = overTLS
	default:
		n.flow.udp = s.listenerFor(b.Local)
	}
	if u, ok := wire.ParseURI([]byte(b.Contact)); ok {
		n.nat = natted(&u, &n.flow)
	}
	sh := s.table.shardOf(b.SIPUser)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	s.table.set(sh.account(b.SIPUser), n)
}

// listenerFor is the UDP listener with that local address, else the first one:
// after a change of configuration it is the best guess.
func (s *Server) listenerFor(local string) *udpListener {
	for _, l := range s.udp {
		if l.local == local {
			return l
		}
	}
	if len(s.udp) > 0 {
		return s.udp[0]
	}
	return nil
}

// natted reports whether a UDP flow passes a translator that must be kept open:
// the phone's idea of its address is not where its packets come from (C04).
func natted(contact *wire.URI, f *flow) bool {
	if f.udp == nil {
		return false
	}
	port := contact.Port
	if port == 0 {
		port = 5060
	}
	if port != int(f.peer.Port()) {
		return true
	}
	var text [48]byte
	if string(f.peer.Addr().AppendTo(text[:0])) == string(contact.Host) {
		return false
	}
	addr, err := netip.ParseAddr(string(contact.Host)) // IPv6 has many spellings
	return err != nil || addr.Unmap() != f.peer.Addr()
}
