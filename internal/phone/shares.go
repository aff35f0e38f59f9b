package phone

import "sync"

// shares gives each only so many of the places that all have together: one source
// that reads slowly, or one device that sends slowly, must leave some to others.
type shares[K comparable] struct {
	most int

	mu   sync.Mutex
	held map[K]int
}

func newShares[K comparable](most int) *shares[K] { return &shares[K]{most: most, held: map[K]int{}} }

// take is false when k holds its share; else give must follow.
func (s *shares[K]) take(k K) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[k] >= s.most {
		return false
	}
	s.held[k]++
	return true
}

func (s *shares[K]) give(k K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[k]--; s.held[k] == 0 {
		delete(s.held, k)
	}
}
