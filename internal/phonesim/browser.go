package phonesim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Page is what the phone's XML browser shows.
type Page struct {
	Title  string
	Text   string
	Inputs []Input
	Items  []Item // of a menu, or soft keys: what Choose takes
}

// Input is one field of a form, with what was typed so far.
type Input struct {
	Label  string
	Value  string
	Masked bool // the display shows stars
}

// Item is one thing to choose.
type Item struct{ Label, URL string }

// browsing is a firmware with an XML browser.
type browsing interface {
	// read understands a page, as strictly as the vendor does.
	read(body []byte) (shown, error)
}

// hypertext is a firmware whose browser takes HTML instead of XML.
type hypertext interface{ hypertext() }

// shown is an open page with what the phone needs to go on from it.
type shown struct {
	Page
	focus  int                          // the input that is typed into
	target func(values []string) string // of a form
	stays  time.Duration                // 0: until somebody leaves it
}

// addressed is where a form goes to: to with its fields behind it, by these names.
func addressed(to string, names []string) func(values []string) string {
	return func(values []string) string {
		to, sep := strings.TrimSpace(to), "?"
		if strings.Contains(to, "?") {
			sep = "&"
		}
		for n, name := range names {
			to, sep = to+sep+name+"="+url.QueryEscape(values[n]), "&"
		}
		return to
	}
}

// lasts is how long a page stays that says so in seconds, or says nothing.
func lasts(timeout string, usual time.Duration) (time.Duration, error) {
	if timeout == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(timeout)
	if err != nil {
		return 0, fmt.Errorf("timeout %q", timeout)
	}
	return time.Duration(n) * time.Second, nil
}

// empty is the first field in which nothing stands yet.
func empty(inputs []Input) int {
	return max(0, slices.IndexFunc(inputs, func(i Input) bool { return i.Value == "" }))
}

// mostPage is what the browsers take.
const mostPage = 10_000

// Page gives what the browser shows; ok is false when it is closed.
func (p *Phone) Page() (page Page, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.page == nil {
		return Page{}, false
	}
	page = p.page.Page
	page.Inputs, page.Items = slices.Clone(page.Inputs), slices.Clone(page.Items)
	return page, true
}

// Type writes into the field that has the focus, which then moves to the next.
// Form fields of these pages take digits, so nothing else is accepted.
func (p *Phone) Type(digits string) error {
	err := errors.New("there is no field to type into")
	p.do(func() {
		if p.page == nil || p.page.focus >= len(p.page.Inputs) {
			return
		}
		if err = nil; strings.Trim(digits, "0123456789*#+") != "" {
			err = fmt.Errorf("the keypad has no %q", digits)
			return
		}
		p.page.Inputs[p.page.focus].Value = digits
		p.page.focus++
		p.dirty = true
	})
	return err
}

// Focus moves to the field with that label.
func (p *Phone) Focus(label string) error {
	err := fmt.Errorf("no field %q", label)
	p.do(func() {
		if p.page == nil {
			return
		}
		if n := slices.IndexFunc(p.page.Inputs, func(i Input) bool { return i.Label == label }); n >= 0 {
			p.page.focus, err = n, nil
		}
	})
	return err
}

// Submit sends the form and returns when the next page is there.
func (p *Phone) Submit(ctx context.Context) error {
	p.mu.Lock()
	to := ""
	if p.page != nil && p.page.target != nil {
		var values []string
		for _, i := range p.page.Inputs {
			values = append(values, i.Value)
		}
		to = p.page.target(values)
	}
	p.mu.Unlock()
	if to == "" {
		return errors.New("there is no form to submit")
	}
	return p.open(ctx, to)
}

// Choose takes an item of a menu or a soft key.
func (p *Phone) Choose(ctx context.Context, label string) error {
	page, _ := p.Page()
	n := slices.IndexFunc(page.Items, func(i Item) bool { return i.Label == label })
	if n < 0 {
		return fmt.Errorf("no %q among %v", label, page.Items)
	}
	return p.open(ctx, page.Items[n].URL)
}

// Leave closes the browser.
func (p *Phone) Leave() { p.do(func() { p.show(nil) }) }

// show replaces the page. p.mu is held.
func (p *Phone) show(s *shown) {
	p.page, p.dirty = s, true
	if s == nil || s.stays == 0 {
		return
	}
	p.after(s.stays, func() {
		if p.page == s { // nobody did anything meanwhile
			p.show(nil)
		}
	})
}

// exits are the addresses by which pages close the browser.
func exits(to string) bool { return to == "snom://mb_exit" || to == "SoftKey:Exit" }

func (p *Phone) open(ctx context.Context, to string) error {
	b, ok := p.fw.(browsing)
	if !ok {
		return fmt.Errorf("a %s has no XML browser", p.cfg.Vendor)
	}
	if exits(to) {
		p.Leave()
		return nil
	}
	p.mu.Lock()
	epoch, agent := p.epoch, p.fw.httpAgent(&p.cfg)
	transport, release := p.transport()
	p.mu.Unlock()
	defer release()
	kinds := []string{"text/xml", "application/xml"}
	if _, html := p.fw.(hypertext); html {
		kinds = []string{"text/html"}
	}
	body, err := browse(ctx, &http.Client{Transport: transport, Timeout: fetchTimeout}, to, agent, kinds)
	if err != nil {
		return err
	}
	s, err := b.read(body)
	if err != nil {
		return fmt.Errorf("reading a page: %w\n%s", err, body)
	}
	p.do(func() {
		if p.epoch == epoch {
			p.show(&s)
		}
	})
	return nil
}

// browse fetches a page. Its errors do not hold the address: a PIN may stand
// in it.
func browse(ctx context.Context, client *http.Client, to, agent string, kinds []string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
	if err != nil {
		return nil, errors.New("opening a page: not a URL")
	}
	req.Header.Set("User-Agent", agent)
	resp, err := client.Do(req)
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err
		}
		return nil, fmt.Errorf("opening a page: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostPage+1))
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("opening a page: %w", err)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("opening a page: HTTP %d", resp.StatusCode)
	case len(body) > mostPage:
		return nil, errors.New("opening a page: too large")
	case !slices.Contains(kinds, kind):
		return nil, fmt.Errorf("opening a page: %q is not what this browser takes", kind)
	}
	return body, nil
}

// paint is the page as it stands on the display.
func (s *shown) paint() []string {
	lines := []string{s.Title, s.Text}
	for _, i := range s.Inputs {
		v := i.Value
		if i.Masked {
			v = strings.Repeat("*", len(v))
		}
		lines = append(lines, i.Label+": "+v)
	}
	for _, i := range s.Items {
		lines = append(lines, "["+i.Label+"]")
	}
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
}
