package sip

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bare is a registrar without sockets, for what needs none.
func bare(h *house) *Server {
	cfg := Config{Realm: testRealm, Credentials: h, Bindings: h, Observer: h, Log: slog.New(slog.DiscardHandler)}
	if err := cfg.fill(); err != nil {
		panic(err)
	}
	s := &Server{
		cfg: cfg, conns: newConnections(), table: newTable(), limits: newLimiter(cfg.Limits),
		nonces: newNonces(cfg.NonceLife, cfg.NonceTable), asides: make(chan aside, asideQueue),
		unknown: map[string]int64{}, pushes: transactions{open: map[string]chan answer{}},
		commits: committer{wake: make(chan struct{}, 1)},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// nullHouse knows everyone and keeps nothing: what is left is the registrar.
type nullHouse struct{ house }

func (h *nullHouse) Credential(_ context.Context, user string) (Credential, error) {
	return Credential{SIPUser: user, ChannelID: "channel-0123456789-" + user, CustomerID: strings.Clone("customer-0123456789"), HA1: []HA1{NewHA1(user, testRealm, "secret-"+user)}}, nil
}

// offline is a phone's messages without a socket.
func offline(user string, peer netip.AddrPort) *phone {
	c, d := net.Pipe()
	c.Close()
	d.Close()
	p := &phone{conn: d, transport: "udp", user: user, secret: "secret-" + user, callID: "8f3c2a7e91d04b6c@" + user, agent: "Yealink SIP-T54W 96.86.0.75"}
	p.contact = fmt.Sprintf("sip:%s@%s", user, peer)
	return p
}

// settleAll does the committer's work in the caller's goroutine.
func (s *Server) settleAll(w *worker) {
	for _, c := range s.commits.take(nil) {
		w.settle(c)
	}
}

func clearWorker(w *worker) {
	clear(w.outs)
	w.outs, w.arena, w.events = w.outs[:0], w.arena[:0], w.events[:0]
}

// BenchmarkQ01_Refresh is one authenticated REGISTER of a bound phone: parse,
// digest, nonce count, table and the bytes of the 200.
func BenchmarkQ01_Refresh(b *testing.B) { benchmarkRegister(b, false) }

// BenchmarkQ01_Pair is what Q01 counts: REGISTER, 401, REGISTER with credentials,
// new binding, 200; sockets and disk left out.
func BenchmarkQ01_Pair(b *testing.B) { benchmarkRegister(b, true) }

func benchmarkRegister(b *testing.B, pair bool) {
	h := &nullHouse{}
	s := bare(&h.house)
	s.cfg.Credentials = h
	s.cfg.Observer = silent{}
	f := flow{peer: netip.MustParseAddrPort("192.0.2.7:5060"), udp: &udpListener{local: "192.0.2.1:5060"}}
	w := s.newWorker(true)
	w.tick()
	const phones = 1024
	raw, ids := make([][]byte, 0, 2*phones), make([]uint64, 0, phones)
	buf := make([]byte, 2048)
	nonce := make([]byte, 0, 64)
	for i := range phones {
		p := offline(fmt.Sprintf("x7k2m9q4c%06d", i), f.peer)
		first := []byte(p.request(300, ""))
		p.nonce = string(s.nonces.appendNew(nonce, f.peer.Addr(), w.unix))
		id, _ := s.nonces.check([]byte(p.nonce), f.peer.Addr(), w.unix)
		ids = append(ids, id)
		raw = append(raw, first, []byte(p.request(300, "")))
	}
	accounts := make([]*account, phones)
	serve := func(msg []byte) {
		w.counted, w.depth = false, 0
		w.serve(&f, buf[:copy(buf, msg)], true)
	}
	for i := 1; i < len(raw); i += 2 {
		serve(raw[i])
		s.settleAll(w)
		if w.arena[8] != '2' {
			b.Fatalf("%s", w.arena)
		}
		clearWorker(w)
		user := fmt.Sprintf("x7k2m9q4c%06d", i/2)
		accounts[i/2] = s.table.shardOf(user).users[user]
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		k := i % phones
		a := accounts[k]
		if pair {
			serve(raw[2*k])
			s.table.set(a, nil)
		} else {
			a.binding.cseq = 0
		}
		s.nonces.forgetForBenchmark(ids[k])
		serve(raw[2*k+1])
		if pair {
			s.settleAll(w)
		}
		if w.arena[w.outs[len(w.outs)-1].start+8] != '2' {
			b.Fatalf("%s", w.arena)
		}
		clearWorker(w)
	}
}

// forgetForBenchmark lets a nonce be used again, so that making the next
// credentials does not enter the measurement.
func (n *nonces) forgetForBenchmark(id uint64) {
	s := &n.shards[id%uint64(len(n.shards))]
	delete(s.used, id)
	s.ring = s.ring[:0]
}

type silent struct{ Observer }

func (silent) Contacted(context.Context, Contact) error { return nil }

// TestQ02_MemoryPerBinding holds 20,000 bindings with all that belongs to them
// (account, credential, counted nonce) and looks at the heap.
func TestQ02_MemoryPerBinding(t *testing.T) {
	h := &nullHouse{}
	s := bare(&h.house)
	s.cfg.Credentials, s.cfg.Observer = h, silent{}
	w := s.newWorker(true)
	w.now = time.Now()
	w.unix = w.now.Unix()
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	l := &udpListener{local: "192.0.2.1:5060"}
	before := heap()
	const n = 20_000
	for i := range n {
		f := flow{peer: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 5060), udp: l}
		p := offline(fmt.Sprintf("x7k2m9q4c%06d", i), f.peer)
		p.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"
		p.nonce = string(s.nonces.appendNew(nil, f.peer.Addr(), w.unix))
		w.counted, w.depth = false, 0
		w.serve(&f, []byte(p.request(300, "")), true)
		s.settleAll(w)
		clearWorker(w)
	}
	per := (int64(heap()) - int64(before)) / n
	t.Logf("%d bytes per binding", per)
	if got := s.table.size.Load(); got != n {
		t.Fatalf("%d bindings", got)
	}
	if per > 1500 {
		t.Errorf("%d bytes per binding, more than 1,500", per)
	}
	runtime.KeepAlive(s)
}
