package phonesim

import "sync"

// pool runs jobs on at most max goroutines. Waiting jobs are a slice, not
// goroutines, so that a hundred thousand phones can be switched on at once, and
// workers end when nothing waits.
type pool struct {
	mu      sync.Mutex
	max     int
	running int
	queue   []func()
	closed  bool
	wg      sync.WaitGroup
}

func (q *pool) run(job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if q.running >= q.max {
		q.queue = append(q.queue, job)
		return
	}
	q.running++
	q.wg.Go(func() { q.work(job) })
}

func (q *pool) work(job func()) {
	for {
		job()
		q.mu.Lock()
		if len(q.queue) == 0 {
			q.running--
			q.queue = nil
			q.mu.Unlock()
			return
		}
		job = q.queue[0]
		q.queue[0] = nil
		q.queue = q.queue[1:]
		q.mu.Unlock()
	}
}

// close drops waiting jobs and waits for running ones.
func (q *pool) close() {
	q.mu.Lock()
	q.closed, q.queue = true, nil
	q.mu.Unlock()
	q.wg.Wait()
}
