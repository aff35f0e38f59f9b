package call

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"net"
	"sync"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
)

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

// line is a flow as the library's transactions write to it. What it wrote last it
// writes again without making it anew.
type line struct {
	flow  sip.Flow
	again func() (sip.Flow, bool) // where the peer is now, when its flow is gone

	mu   sync.Mutex
	last siplib.Message
	text []byte
	ack  []byte // of a failed INVITE
}

var errNoFlow = errors.New("call: the way to the peer is gone")

func (l *line) WriteMsg(m siplib.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != m {
		var b bytes.Buffer
		b.Grow(1024)
		m.StringWrite(&b)
		l.last, l.text = m, b.Bytes()
		if req, ok := m.(*siplib.Request); ok && req.IsAck() {
			l.ack = l.text
		}
	}
	return l.send(l.text)
}

func (l *line) send(b []byte) error {
	if !l.flow.Alive() && l.again != nil {
		if f, ok := l.again(); ok {
			l.flow = f
		}
	}
	return l.flow.Send(b)
}

// sendAck repeats the ACK and reports whether there is one. The library would do
// it too, but only after four seconds during which its lock is held.
func (l *line) sendAck() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ack == nil {
		return false
	}
	_ = l.send(l.ack) // the peer repeats its answer when this is lost
	return true
}

func (l *line) LocalAddr() net.Addr    { return nil }
func (l *line) Ref(int) int            { return 0 }
func (l *line) TryClose() (int, error) { return 0, nil }
func (l *line) Close() error           { return nil }

const shards = 64

var shardSeed = maphash.MakeSeed()

// table is a map in shards, so that no call waits for another's.
type table[V any] struct{ shards [shards]shard[V] }

type shard[V any] struct {
	mu    sync.Mutex
	items map[string]V
}

// lock gives key's shard, locked, for what takes more than one step.
func (t *table[V]) lock(key string) *shard[V] {
	s := &t.shards[maphash.String(shardSeed, key)%shards]
	s.mu.Lock()
	if s.items == nil {
		s.items = make(map[string]V)
	}
	return s
}

func (t *table[V]) get(key string) (v V, ok bool) {
	s := t.lock(key)
	defer s.mu.Unlock()
	v, ok = s.items[key]
	return v, ok
}

// put keeps v unless the key is taken, and reports whether it did.
func (t *table[V]) put(key string, v V) bool {
	s := t.lock(key)
	defer s.mu.Unlock()
	if _, taken := s.items[key]; taken {
		return false
	}
	s.items[key] = v
	return true
}

func (t *table[V]) drop(key string) {
	s := t.lock(key)
	delete(s.items, key)
	s.mu.Unlock()
}

// each calls f for all that is there now, without holding a lock meanwhile.
func (t *table[V]) each(f func(V)) {
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		list := make([]V, 0, len(s.items))
		for _, v := range s.items {
			list = append(list, v)
		}
		s.mu.Unlock()
		for _, v := range list {
			f(v)
		}
	}
}

// serverTx is a request that is being answered.
type serverTx struct {
	*siplib.ServerTx
	req *request

	mu       sync.Mutex
	accepted bool
	cancel   func(reason string) // what a CANCEL does; nil: nothing yet
	reason   *string             // a CANCEL that came before
}

// accept opens the transaction; false means that there is one already.
func (s *Server) accept(r *request) (*serverTx, bool) {
	tx := &serverTx{req: r}
	l := &line{flow: r.Flow}
	if c := r.Credential; c != nil && c.ChannelID != "" {
		l.again = func() (sip.Flow, bool) {
			at, ok := s.front.Route(c.SIPUser)
			return at.Flow, ok
		}
	}
	tx.ServerTx = siplib.NewServerTx(r.Key, r.msg, l, quiet)
	_ = tx.Init() // it only sets timers
	if !s.serving.put(r.Key, tx) {
		tx.Terminate()
		return nil, false
	}
	tx.OnTerminate(func(key string, _ error) { s.serving.drop(key) })
	return tx, true
}

// respond sends a response; a lost one is repeated when the peer asks again.
func (tx *serverTx) respond(res *siplib.Response) {
	if res.IsSuccess() && tx.req.Method == "INVITE" {
		tx.mu.Lock()
		tx.accepted = true
		tx.mu.Unlock()
	}
	_ = tx.Respond(res)
}

// onCancel sets what a CANCEL does, and does it when one has come already.
func (tx *serverTx) onCancel(f func(reason string)) {
	tx.mu.Lock()
	tx.cancel = f
	early := tx.reason
	tx.mu.Unlock()
	if early != nil {
		f(*early)
	}
}

func (tx *serverTx) cancelled(reason string) {
	tx.mu.Lock()
	f := tx.cancel
	tx.reason = &reason
	tx.mu.Unlock()
	if f != nil {
		f(reason)
	}
}

// clientTx is a request of ours that waits for its answer.
type clientTx struct {
	*siplib.ClientTx
	line *line
	key  string
}

// listener hears what comes of a request.
type listener struct {
	got   func(*siplib.Response) // each response but a repeated one
	again func(*siplib.Response) // a repeated 2xx of an INVITE; may be nil
	lost  func(error)            // no final response: a timeout, or the flow is gone
}

// branchMark tells our branches from those of the registrar's NOTIFYs.
const branchMark = "z9hG4bKtc"

func newBranch() string { return branchMark + randomHex(10) }

// send sends out on a flow in a transaction of its own. What the listener does it
// does in the transaction's own goroutine, one after the other.
func (s *Server) send(out *siplib.Request, branch string, f sip.Flow, hear listener) *clientTx {
	out.SetTransport(upper[f.Transport()])
	l := &line{flow: f}
	key := branch + " " + string(out.Method)
	tx := &clientTx{ClientTx: siplib.NewClientTx(key, out, l, quiet), line: l, key: key}
	s.asking.put(key, tx)
	tx.OnTerminate(func(key string, _ error) { s.asking.drop(key) })
	if hear.again != nil {
		tx.OnRetransmission(hear.again)
	}
	if s.cfg.Relay != nil {
		hear = s.patient(hear)
	}
	if !s.run(func() { tx.listen(f, hear) }) {
		tx.Terminate()
	}
	return tx
}

func (tx *clientTx) listen(f sip.Flow, hear listener) {
	if tx.Init() != nil {
		tx.Terminate()
		hear.lost(errNoFlow)
		return
	}
	for {
		select {
		case res := <-tx.Responses():
			hear.got(res)
			if res.StatusCode >= 200 {
				return
			}
		case <-tx.Done():
			hear.lost(tx.Err())
			return
		case <-f.Gone():
			tx.Terminate()
			hear.lost(errNoFlow)
			return
		}
	}
}

var upper = map[string]string{"udp": "UDP", "tcp": "TCP", "tls": "TLS"}
