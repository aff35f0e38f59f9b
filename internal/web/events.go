package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

var eventRoutes = []Route{
	get("/customers/{customer}/events", OfCustomer, (*Portal).eventsStream),
	get("/customers/events", SignedIn, (*Portal).customersStream).needs(auth.ScopeRead),
}

// writeTimeout is how long a reader may leave a write hanging.
const writeTimeout = 10 * time.Second

// eventsStream tells the pages of a customer what changes: an event is named
// channel-<id>, extension-<id>, cpe-<id> or customer, and whoever shows that reads
// it anew. beat is the sign of life, all means that something may have been missed.
// It ends when the session does.
func (p *Portal) eventsStream(c *Call) error {
	return p.streamed(c, 0, eventName, func(ctx context.Context, after uint64) (<-chan app.Event, error) {
		return p.app.Events.Subscribe(ctx, c.Actor, c.Customer.ID, after)
	})
}

// customersStream tells the list of customers whose devices, channels or data have
// changed: an event is named customer-<id>. Among many customers something always
// does, so that it is told in turns.
func (p *Portal) customersStream(c *Call) error {
	return p.streamed(c, p.cfg.Turn, func(e app.Event) string { return "customer-" + e.CustomerID }, func(ctx context.Context, after uint64) (<-chan app.Event, error) {
		return p.app.Events.Within(ctx, c.Actor, after)
	})
}

// streamed is an event stream under the names that name gives. With a turn, what
// comes during it is told once at its end.
func (p *Portal) streamed(c *Call, turn time.Duration, name func(app.Event) string, subscribe func(context.Context, uint64) (<-chan app.Event, error)) error {
	done, ok := p.streams.begin(c.Session.ID)
	if !ok {
		return &telephony.Error{Code: telephony.TooMany, Reason: "too_many_streams", Message: "this session listens in too many windows"}
	}
	defer done()
	after := c.heard()
	whole := after == 0 || p.app.Events.Remembers(after)
	ctx, cancel := context.WithCancel(c.R.Context())
	defer cancel()
	events, err := subscribe(ctx, after)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	c.W.WriteHeader(http.StatusOK)
	s := stream{w: c.W, control: http.NewResponseController(c.W), name: name}
	var waiting []app.Event
	var over <-chan time.Time // the turn's end
	beat := time.NewTicker(p.cfg.Heartbeat)
	defer beat.Stop()
	hello := ": hello\n\n"
	if !whole {
		hello += "event: all\ndata:\n\n"
	}
	if s.say(hello) != nil {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
			if _, err := p.app.Sessions.Peek(ctx, p.cookie(c.R, sessionCookie), c.From); telephony.CodeOf(err) == telephony.Unauthenticated && err != nil {
				return nil
			}
			if s.say("event: beat\ndata:\n\n") != nil {
				return nil
			}
		case e, more := <-events:
			if !more {
				_ = s.say("event: all\ndata:\n\n") // it fell behind; reading on makes it whole, and the line ends here anyway
				return nil
			}
			waiting = collect(events, append(waiting, e), name)
			if turn > 0 {
				if over == nil {
					over = time.After(turn)
				}
				continue
			}
			if s.tell(waiting) != nil {
				return nil
			}
			waiting = nil
		case <-over:
			if s.tell(waiting) != nil {
				return nil
			}
			waiting, over = nil, nil
		}
	}
}

// streamsMost is how many windows of one session may listen at once.
const streamsMost = 24

// streams counts the open streams of each session.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

func (s *streams) begin(session string) (done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[session] >= streamsMost {
		return nil, false
	}
	s.open[session]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[session]--; s.open[session] <= 0 {
			delete(s.open, session)
		}
	}, true
}

// heard is the number of the last event that the page knows of: what it has heard,
// else what was so when it was drawn.
func (c *Call) heard() uint64 {
	for _, s := range []string{c.R.Header.Get("Last-Event-ID"), c.R.URL.Query().Get("after")} {
		if n, err := strconv.ParseUint(s, 10, 64); err == nil {
			return n
		}
	}
	return 0
}

// stream writes to a browser that may go or hang at any time.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	name    func(app.Event) string
}

func (s stream) say(text string) error {
	s.control.SetWriteDeadline(time.Now().Add(writeTimeout)) // where it is not supported, the server's own counts
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}

func (s stream) tell(events []app.Event) error {
	text := ""
	for _, e := range events {
		text += fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", e.Seq, s.name(e), e.What)
	}
	return s.say(text)
}

func eventName(e app.Event) string {
	if e.Kind == "customer" {
		return e.Kind
	}
	return e.Kind + "-" + e.ID
}

// collect adds what is already there to what waits, the last event of each name
// only: a bulk of changes must not be a bulk of messages.
func collect(events <-chan app.Event, waiting []app.Event, name func(app.Event) string) []app.Event {
	for {
		last := waiting[len(waiting)-1]
		same := func(x app.Event) bool { return x.Seq != last.Seq && name(x) == name(last) }
		waiting = slices.DeleteFunc(waiting, same)
		select {
		case e, more := <-events:
			if !more {
				return waiting
			}
			waiting = append(waiting, e)
		default:
			return waiting
		}
	}
}
