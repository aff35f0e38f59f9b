package call

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

// Watch is the house's word on subscriptions: within the one customer, by who is
// logged in.
func (h *house) Watch(_ context.Context, channelID, event, number string) (Watched, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	me, ok := h.at[channelID]
	if !ok {
		return Watched{}, telephony.Forbiddenf("desk_free", "nobody is logged in here")
	}
	w := Watched{CustomerID: "cu-1", Watcher: me.ExtensionID, Party: me}
	if event == "message-summary" {
		n := h.messages[me.ExtensionID]
		w.Fresh, w.Old = n[0], n[1]
		return w, nil
	}
	for _, who := range h.at {
		if who.Number == number {
			w.Party = who
			return w, nil
		}
	}
	return w, telephony.NotFoundf("extension")
}

// shelf keeps records in memory.
type shelf struct {
	mu   sync.Mutex
	list map[string]Record
}

func (k *shelf) Load(_ context.Context, each func(Record) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range k.list {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (k *shelf) Save(_ context.Context, batch []Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil {
		k.list = map[string]Record{}
	}
	for _, r := range batch {
		if r.State == nil {
			delete(k.list, r.ID)
		} else {
			k.list[r.ID] = r
		}
	}
	return nil
}

func (k *shelf) size() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.list)
}

func atRealm(c *Config) { c.Realm = testRealm }

// subscribe sends a SUBSCRIBE with credentials and waits for nothing.
func (p *phone) subscribe(to, event, extra string) *talk {
	p.t.Helper()
	p.branch++
	c := &talk{p: p, id: fmt.Sprintf("s%s-%d@h", p.user, p.branch), target: "sip:" + to + "@" + testRealm}
	c.local = fmt.Sprintf("<sip:%s@%s>;tag=w%s%d", p.user, testRealm, p.user, p.branch)
	c.other = "<" + c.target + ">"
	if p.nonce != "" {
		extra += p.credentials("Proxy-Authorization", "SUBSCRIBE", c.target)
	}
	c.request("SUBSCRIBE", "Event: "+event+"\r\n"+extra, "")
	return c
}

// watches is a subscription that was agreed to.
func (p *phone) watches(to, event string) *talk {
	p.t.Helper()
	c := p.subscribe(to, event, "Expires: 600\r\n")
	m := p.told("SUBSCRIBE", 200)
	if m.get("expires") != "600" {
		p.t.Errorf("agreed to %s", m.raw)
	}
	c.settle(m)
	return c
}

// seen is a dialog-info document as a phone reads it.
type seen struct {
	Version uint64 `xml:"version,attr"`
	State   string `xml:"state,attr"`
	Entity  string `xml:"entity,attr"`
	Dialogs []struct {
		ID        string `xml:"id,attr"`
		CallID    string `xml:"call-id,attr"`
		LocalTag  string `xml:"local-tag,attr"`
		RemoteTag string `xml:"remote-tag,attr"`
		Direction string `xml:"direction,attr"`
		State     string `xml:"state"`
		Remote    struct {
			Identity struct {
				Display string `xml:"display,attr"`
				URI     string `xml:",chardata"`
			} `xml:"identity"`
		} `xml:"remote"`
	} `xml:"dialog"`
}

func (d seen) states() string {
	var list []string
	for _, x := range d.Dialogs {
		list = append(list, x.State)
	}
	return strings.Join(list, " ")
}

// notified takes the next NOTIFY without answering it.
func (c *talk) notified() (msg, seen) {
	c.p.t.Helper()
	m := c.p.take("NOTIFY of "+c.id, func(m msg) bool { return m.method == "NOTIFY" && m.status == 0 && m.get("call-id") == c.id })
	if m.get("from") != c.other || m.get("to") != c.local || !strings.HasPrefix(m.uri(), "sip:"+c.p.user+"@127.0.0.1:") {
		c.p.t.Errorf("not of this subscription:\n%s", m.raw)
	}
	var d seen
	if m.body != "" && m.get("content-type") == "application/dialog-info+xml" {
		if err := xml.Unmarshal([]byte(m.body), &d); err != nil || d.State != "full" {
			c.p.t.Errorf("%v in\n%s", err, m.raw)
		}
	}
	return m, d
}

// sees answers NOTIFYs until one shows these states; what changes quickly may be
// told together, but never in another order.
func (c *talk) sees(states string) seen {
	c.p.t.Helper()
	version, cseq := int64(-1), 0
	for {
		m, d := c.notified()
		c.ok(m)
		number, _, _ := strings.Cut(m.get("cseq"), " ")
		n, _ := strconv.Atoi(number)
		if int64(d.Version) <= version || n <= cseq {
			c.p.t.Errorf("version %d and CSeq %d after %d and %d", d.Version, n, version, cseq)
		}
		version, cseq = int64(d.Version), n
		if d.states() == states {
			return d
		}
	}
}

// cubicles has Erika (101), Bernd (102) and Carla (103) at their desks.
func cubicles(t testing.TB, h *house, set ...func(*Config)) (s *site, alice, bob, carla *phone) {
	t.Helper()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.seat("103", "Carla", "ch-carla")
	s = start(t, h, append([]func(*Config){atRealm}, set...)...)
	return s, s.registered("udp", "alice"), s.registered("tcp", "bob"), s.registered("udp", "carla")
}
