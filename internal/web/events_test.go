package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// deadline bounds waits: it ends a broken test and measures nothing.
const deadline = 20 * time.Second

// listen opens the event stream of a customer; lines come as they are sent.
func (b *browser) listen(customerID, query string) (<-chan string, func()) {
	b.Helper()
	return b.hears("/customers/" + customerID + "/events" + query)
}

// hears opens the event stream at a path.
func (b *browser) hears(path string) (<-chan string, func()) {
	b.Helper()
	s := httptest.NewServer(b.portal)
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	r := b.request(http.MethodGet, path, nil).WithContext(ctx)
	r.RequestURI, r.URL.Host = "", strings.TrimPrefix(s.URL, "http://")
	a, err := s.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "text/event-stream" || a.Header.Get("Content-Encoding") != "" {
		b.Fatalf("%s %v", a.Status, a.Header)
	}
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for sc := bufio.NewScanner(a.Body); sc.Scan(); {
			lines <- sc.Text()
		}
	}()
	return lines, func() { cancel(); _ = a.Body.Close(); s.Close() }
}

// waits reads lines until one is as wanted.
func waits(t *testing.T, lines <-chan string, want string) {
	t.Helper()
	for l := range lines {
		if l == want {
			return
		}
	}
	t.Fatalf("the stream ends without %q", want)
}

func (h *house) customer(number string) telephony.Customer {
	h.Helper()
	c, err := h.app.Customers.Create(context.Background(), h.system, telephony.Customer{Number: number, Name: "Gasthaus " + number, Language: "de", TimeZone: "Europe/Berlin"})
	if err != nil {
		h.Fatal(err)
	}
	return c
}

func TestU04_EventStreamNamesWhatChanged(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own, other := h.customer("1001"), h.customer("1002")
	lines, end := b.listen(own.ID, "")
	defer end()
	waits(t, lines, ": hello")
	if _, err := h.app.Channels.Create(t.Context(), h.system, telephony.Channel{CustomerID: other.ID, Name: "Fremd"}); err != nil {
		t.Fatal(err)
	}
	c, err := h.app.Channels.Create(t.Context(), h.system, telephony.Channel{CustomerID: own.ID, Name: "Empfang"})
	if err != nil {
		t.Fatal(err)
	}
	for l := range lines {
		if strings.HasPrefix(l, "event: channel-") {
			if l != "event: channel-"+c.Channel.ID {
				t.Fatalf("it tells of another's: %s", l)
			}
			break
		}
	}
	waits(t, lines, "event: beat")
}

var eventsOf = regexp.MustCompile(`hx-sse:connect="/customers/[^/]+/events(\?after=\d+)"`)

// The list of customers follows what happens at each, told once a turn.
func TestU04_TheListOfCustomersIsLive(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own := h.customer("1001")
	m := regexp.MustCompile(`hx-sse:connect="(/customers/events\?after=\d+)"`).FindStringSubmatch(b.get("/customers").says(t, `data-live="customer-`+own.ID+`"`).text)
	if m == nil {
		t.Fatal("the list does not listen")
	}
	for _, name := range []string{"Empfang", "Küche", "Lager"} {
		if _, err := h.app.Channels.Create(t.Context(), h.system, telephony.Channel{CustomerID: own.ID, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	lines, end := b.hears(m[1])
	defer end()
	waits(t, lines, "event: customer-"+own.ID)
	other := h.customer("1002")
	for l := range lines {
		if l == "event: customer-"+own.ID {
			t.Error("three events of one turn are told one by one")
		}
		if l == "event: customer-"+other.ID {
			break
		}
	}
	k := h.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: own.ID})
	foreign, close := k.hears("/customers/events")
	defer close()
	waits(t, foreign, ": hello")
	h.customer("1003")
	if _, err := h.app.Channels.Create(t.Context(), h.system, telephony.Channel{CustomerID: own.ID, Name: "Bar"}); err != nil {
		t.Fatal(err)
	}
	for l := range foreign {
		if strings.HasPrefix(l, "event: customer-") {
			if l != "event: customer-"+own.ID {
				t.Errorf("a customer hears of another: %s", l)
			}
			break
		}
	}
}

// What happens between the drawing of a page and its first hearing is told too.
func TestU04_NothingIsMissedBetweenPageAndStream(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own := h.customer("1001")
	m := eventsOf.FindStringSubmatch(b.get("/customers/"+own.ID+"/channels").wants(t, http.StatusOK).text)
	if m == nil {
		t.Fatal("the page does not listen")
	}
	c, err := h.app.Channels.Create(t.Context(), h.system, telephony.Channel{CustomerID: own.ID, Name: "Empfang"})
	if err != nil {
		t.Fatal(err)
	}
	lines, end := b.listen(own.ID, m[1])
	defer end()
	waits(t, lines, "event: channel-"+c.Channel.ID)
}

// Who was away for longer than is remembered, or comes back to another process,
// reads all anew.
func TestU04_StreamSaysWhenSomethingMayBeMissing(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own := h.customer("1001")
	lines, end := b.listen(own.ID, "?after=987654")
	defer end()
	waits(t, lines, "event: all")
}

func TestX04_EventStreamEndsWithTheSession(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	lines, end := b.listen(h.customer("1001").ID, "")
	defer end()
	waits(t, lines, "event: beat")
	b.post("/sign-out").leads(t, "/sign-in?done=1")
	for range lines { // until it ends
	}
}

func TestBurstOfEventsNamesEachThingOnce(t *testing.T) {
	events := make(chan app.Event, 10)
	for i, id := range []string{"b", "a", "c", "a"} {
		events <- app.Event{Seq: uint64(i + 2), Kind: "channel", ID: id, What: "changed"}
	}
	var got []string
	var last uint64
	for _, e := range collect(events, []app.Event{{Seq: 1, Kind: "channel", ID: "a"}}, eventName) {
		got = append(got, eventName(e))
		if e.Seq < last {
			t.Errorf("%d comes after %d: who comes back would miss some", e.Seq, last)
		}
		last = e.Seq
	}
	if s := strings.Join(got, " "); s != "channel-b channel-c channel-a" || last != 5 {
		t.Errorf("%s, %d", s, last)
	}
	if n := eventName(app.Event{Kind: "customer", ID: "x"}); n != "customer" {
		t.Errorf("a customer's event is %s", n)
	}
}

func TestX04_StreamsOfASessionAreBounded(t *testing.T) {
	s := streams{open: map[string]int{}}
	var done []func()
	for range streamsMost {
		d, ok := s.begin("a")
		if !ok {
			t.Fatal("too few are let in")
		}
		done = append(done, d)
	}
	if _, ok := s.begin("a"); ok {
		t.Error("one too many is let in")
	}
	if _, ok := s.begin("b"); !ok {
		t.Error("one session keeps another out")
	}
	done[0]()
	if d, ok := s.begin("a"); !ok {
		t.Error("what ended still counts")
	} else {
		d()
	}
	for _, d := range done[1:] {
		d()
	}
	if len(s.open) != 1 {
		t.Errorf("it remembers %v", s.open)
	}
}
