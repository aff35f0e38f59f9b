package phone

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"tischlein/internal/provision"
)

// key is the SHA-256 of a permanent token.
type key [32]byte

// entry is one device, ready to be served at one address: its trust was checked
// and its files were rendered for a request from there (D16).
type entry struct {
	device   Device
	driver   provision.Driver
	chain    []provision.FileKind
	addr     netip.Addr
	made     time.Time
	revision string
	httpUser string // whose credentials the files bear (P02), "" = none
	files    map[provision.FileKind]*file
	routes   atomic.Pointer[[]*route]
	sent     *sent
	stale    atomic.Bool
	untried  atomic.Bool  // no chain was taken by the permanent token that memory knows of
	seen     atomic.Int64 // Unix seconds
}

// sent remembers the revision of the chain's files that a device took; it
// outlives the entry, so that a change in mid-chain is noticed (P10).
type sent struct {
	mu        sync.Mutex
	revisions map[provision.FileKind]string
}

// whole notes that a file went out, and reports whether it completes a chain of
// one revision. A chain whose beginning nobody remembers is believed.
func (s *sent) whole(chain []provision.FileKind, kind provision.FileKind, revision string) bool {
	if len(chain) == 0 {
		return false
	}
	last := chain[len(chain)-1]
	if len(chain) == 1 {
		return kind == last
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.revisions == nil {
		s.revisions = map[provision.FileKind]string{}
	}
	s.revisions[kind] = revision
	if kind != last {
		return false
	}
	for _, k := range chain {
		if had, ok := s.revisions[k]; ok && had != revision {
			return false
		}
	}
	return true
}

// memory keeps entries by token. It is bounded, and an entry made from what was
// read before a change is never kept after it.
type memory struct {
	most int
	now  func() time.Time

	mu    sync.RWMutex
	byKey map[key]*entry
	byID  map[string][]key

	changesMu sync.Mutex
	changes   [4096]change // ring of the latest
	count     uint64
}

// change names what changed; both empty: everything.
type change struct{ cpe, customer string }

func newMemory(most int, now func() time.Time) *memory {
	return &memory{most: most, now: now, byKey: map[key]*entry{}, byID: map[string][]key{}}
}

// get is the entry of a token, also a stale one, or nil.
func (m *memory) get(k key) *entry {
	m.mu.RLock()
	e := m.byKey[k]
	m.mu.RUnlock()
	return e
}

// mark is a point in the history of changes.
func (m *memory) mark() uint64 {
	m.changesMu.Lock()
	defer m.changesMu.Unlock()
	return m.count
}

// changed reports whether the device may have changed since mark.
func (m *memory) changed(mark uint64, d Device) bool {
	m.changesMu.Lock()
	defer m.changesMu.Unlock()
	size := uint64(len(m.changes))
	if m.count-mark > size {
		return true
	}
	for ; mark < m.count; mark++ {
		c := m.changes[mark%size]
		if c == (change{}) || c.cpe != "" && c.cpe == d.ID || c.customer != "" && c.customer == d.CustomerID {
			return true
		}
	}
	return false
}

func (m *memory) note(cs ...change) {
	m.changesMu.Lock()
	defer m.changesMu.Unlock()
	for _, c := range cs {
		m.changes[m.count%uint64(len(m.changes))] = c
		m.count++
	}
}

// keep stores the entry, unless its device changed since mark.
func (m *memory) keep(k key, e *entry, mark uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	// note comes before drop, and drop waits for this lock: a change that is not
	// seen here finds the entry.
	if m.changed(mark, e.device) {
		return false
	}
	m.removeLocked(k)
	for len(m.byKey) >= m.most {
		m.evictLocked()
	}
	e.seen.Store(m.now().Unix())
	m.byKey[k] = e
	m.byID[e.device.ID] = append(m.byID[e.device.ID], k)
	return true
}

func (m *memory) remove(k key) {
	m.mu.Lock()
	m.removeLocked(k)
	m.mu.Unlock()
}

func (m *memory) removeLocked(k key) {
	e := m.byKey[k]
	if e == nil {
		return
	}
	delete(m.byKey, k)
	var left []key
	for _, other := range m.byID[e.device.ID] {
		if other != k {
			left = append(left, other)
		}
	}
	if m.byID[e.device.ID] = left; left == nil {
		delete(m.byID, e.device.ID)
	}
}

// evictLocked drops the longest unused of a few.
func (m *memory) evictLocked() {
	var oldest key
	var at int64
	looked := 0
	for k, e := range m.byKey {
		if seen := e.seen.Load(); looked == 0 || seen < at {
			oldest, at = k, seen
		}
		if looked++; looked == 8 {
			break
		}
	}
	m.removeLocked(oldest)
}

func (m *memory) drop(ids []string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, id := range ids {
		for _, k := range m.byID[id] {
			m.byKey[k].stale.Store(true)
		}
	}
}

// dropCustomer drops a customer's entries, for "" all.
func (m *memory) dropCustomer(id string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, e := range m.byKey {
		if id == "" || e.device.CustomerID == id {
			e.stale.Store(true)
		}
	}
}

// forgetSets has read anew who may come without a token.
func (s *Server) forgetSets() {
	s.armed.dirty.Add(1)
	s.pins.dirty.Add(1)
	s.strangers.forget()
	s.absent.forget()
}

// Changed forgets what memory holds of these devices. A request that begins
// after it returns sees the change. It also has the armed MACs read again.
func (s *Server) Changed(cpeIDs ...string) {
	cs := make([]change, 0, len(cpeIDs))
	for _, id := range cpeIDs {
		if id != "" {
			cs = append(cs, change{cpe: id})
		}
	}
	s.memory.note(cs...)
	s.memory.drop(cpeIDs)
	s.forgetSets()
}

// ChangedCustomer forgets all devices of a customer.
func (s *Server) ChangedCustomer(id string) {
	if id == "" {
		return
	}
	s.memory.note(change{customer: id})
	s.memory.dropCustomer(id)
	s.forgetSets()
}

// ChangedAll forgets all devices.
func (s *Server) ChangedAll() {
	s.memory.note(change{})
	s.memory.dropCustomer("")
	s.forgetSets()
}
