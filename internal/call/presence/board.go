package presence

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"tischlein/internal/telephony"
)

// State is how far a call has come (RFC 4235 3.7.1).
type State string

// The states.
const (
	Trying     State = "trying"
	Early      State = "early"
	Confirmed  State = "confirmed"
	Terminated State = "terminated"
)

// Line is one call at one device of an extension.
type Line struct {
	ID        string // the same from the first ringing to the end
	CallID    string
	LocalTag  string // of the device; "" while it has none
	RemoteTag string
	Initiator bool // the device calls
	State     State
	Local     telephony.Party
	Remote    telephony.Party // nobody: not known, or not to be told
}

// Board knows the calls of all extensions. Safe for concurrent use; extensions do
// not wait for each other.
type Board struct {
	// Changed is told of each change after it can be read. It must return at once
	// and may be called with the caller's locks held.
	Changed func(extension string)

	seed   maphash.Seed
	shards [shards]shard
}

const shards = 64

type shard struct {
	mu    sync.Mutex
	lines map[string][]held // by extension; few each
}

type held struct {
	Line
	owner any
}

// NewBoard makes a board without calls.
func NewBoard(changed func(extension string)) *Board {
	return &Board{Changed: changed, seed: maphash.MakeSeed()}
}

func (b *Board) shard(extension string) *shard {
	return &b.shards[maphash.String(b.seed, extension)%shards]
}

// Put notes a call, which is its owner's from now on: whoever owned it before can
// no longer clear it, nor bring an answered call back to ringing. No extension is
// nobody's call.
func (b *Board) Put(extension string, owner any, l Line) {
	if extension == "" {
		return
	}
	s := b.shard(extension)
	s.mu.Lock()
	if s.lines == nil {
		s.lines = map[string][]held{}
	}
	list := s.lines[extension]
	i := slices.IndexFunc(list, func(h held) bool { return h.ID == l.ID })
	switch {
	case i >= 0 && list[i].owner != owner && list[i].State == Confirmed && l.State == Confirmed:
		// Two have answered one call (RFC 3261 16.7 step 5): both talk.
		l.ID += "-" + l.RemoteTag
		list = append(list, held{l, owner})
	case i >= 0 && (list[i].Line == l || list[i].State == Confirmed && l.State != Confirmed):
		s.mu.Unlock()
		return
	case i >= 0:
		list[i] = held{l, owner}
	default:
		list = append(list, held{l, owner})
	}
	s.lines[extension] = list
	s.mu.Unlock()
	b.Changed(extension)
}

// Clear forgets what the owner still owns.
func (b *Board) Clear(extension string, owner any) {
	if extension == "" {
		return
	}
	s := b.shard(extension)
	s.mu.Lock()
	before := len(s.lines[extension])
	left := slices.DeleteFunc(s.lines[extension], func(h held) bool { return h.owner == owner })
	if len(left) == 0 {
		delete(s.lines, extension)
	} else {
		s.lines[extension] = left
	}
	s.mu.Unlock()
	if len(left) != before {
		b.Changed(extension)
	}
}

// Lines are an extension's calls now, by ID.
func (b *Board) Lines(extension string) []Line {
	s := b.shard(extension)
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Line, 0, len(s.lines[extension]))
	for _, h := range s.lines[extension] {
		list = append(list, h.Line)
	}
	slices.SortFunc(list, func(a, b Line) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// Since are the lines now, and as terminated those that were there before and are
// no more: a phone that sees a call end need not guess.
func Since(before, now []Line) []Line {
	all := slices.Clone(now)
	for _, l := range before {
		if l.State != Terminated && !slices.ContainsFunc(now, func(n Line) bool { return n.ID == l.ID }) {
			l.State = Terminated
			all = append(all, l)
		}
	}
	return all
}
