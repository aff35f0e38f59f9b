package browser

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch sees everything that a tab reports: what is under way, and what went wrong.
type watch struct {
	mu       sync.Mutex
	main     cdp.FrameID
	leaving  bool // a new document was asked for and is not there yet
	requests map[network.RequestID]request
	wrong    []problem
	expected []func(problem) bool
	answered []string      // addresses that the present page asked and has the whole answer of
	changed  chan struct{} // closed at each event that may matter
}

// request is one under way; loader is of the document that it belongs to.
type request struct {
	url    string
	loader cdp.LoaderID
}

// problem is something that went wrong unseen. Status is of an answer, 0 otherwise.
type problem struct {
	kind, text, url string
	status          int
}

func (p problem) String() string {
	s := p.kind + ": " + p.text
	if p.url != "" {
		s += " (" + p.url + ")"
	}
	return s
}

func newWatch() *watch {
	return &watch{requests: map[network.RequestID]request{}, changed: make(chan struct{})}
}

func (w *watch) frame(id cdp.FrameID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.main = id
}

// leave notes that a document was asked for by other means than the page's.
func (w *watch) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leaving = true
}

// busy tells what is under way, "" if nothing, and a channel that is closed when that changes.
func (w *watch) busy() (string, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.leaving {
		return "a document is loading", w.changed
	}
	for _, r := range w.requests {
		return r.url + " is loading", w.changed
	}
	return "", w.changed
}

// on is called for every event of the tab in the order of arrival, and must not wait.
func (w *watch) on(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := ev.(type) {
	case *page.EventFrameRequestedNavigation:
		w.leaving = w.leaving || w.isMain(e.FrameID) && e.Disposition == page.ClientNavigationDispositionCurrentTab
	case *page.EventFrameStartedLoading:
		w.leaving = w.leaving || w.isMain(e.FrameID)
	case *page.EventFrameStoppedLoading:
		w.leaving = w.leaving && !w.isMain(e.FrameID)
	case *page.EventFrameNavigated:
		// What the page before was still waiting for is not always told to have ended.
		maps.DeleteFunc(w.requests, func(_ network.RequestID, r request) bool {
			return w.isMain(e.Frame.ID) && r.loader != e.Frame.LoaderID
		})
		if w.isMain(e.Frame.ID) {
			w.answered = nil
		}
	case *page.EventNavigatedWithinDocument:
		w.leaving = w.leaving && !w.isMain(e.FrameID)
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypePing && e.Type != network.ResourceTypeEventSource {
			w.requests[e.RequestID] = request{e.Request.URL, e.LoaderID}
		}
	case *network.EventResponseReceived:
		w.answer(e)
	case *network.EventLoadingFinished:
		w.answered = append(w.answered, w.requests[e.RequestID].url)
		delete(w.requests, e.RequestID)
	case *network.EventLoadingFailed:
		if !e.Canceled {
			w.note(problem{kind: "request failed", text: e.ErrorText + " " + string(e.BlockedReason), url: w.requests[e.RequestID].url})
		}
		delete(w.requests, e.RequestID)
	case *log.EventEntryAdded:
		// The network's own entries repeat what the network's events tell better.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			w.note(problem{kind: string(e.Entry.Source), text: e.Entry.Text, url: e.Entry.URL})
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.note(problem{kind: "console." + string(e.Type), text: spoken(e.Args)})
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		w.note(problem{kind: "exception", text: text, url: e.ExceptionDetails.URL})
	case *audits.EventIssueAdded:
		w.issue(e.Issue)
	default:
		return
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *watch) isMain(id cdp.FrameID) bool { return id == w.main }

func (w *watch) answer(e *network.EventResponseReceived) {
	if e.Response.Status >= 400 {
		w.note(problem{kind: "answer", text: fmt.Sprint(e.Response.Status), url: e.Response.URL, status: int(e.Response.Status)})
	}
	if e.Response.MimeType == "text/event-stream" {
		delete(w.requests, e.RequestID) // it never ends by itself
	}
}

func (w *watch) issue(i *audits.InspectorIssue) {
	if d := i.Details.ContentSecurityPolicyIssueDetails; d != nil {
		p := problem{kind: "Content-Security-Policy", text: d.ViolatedDirective + " " + string(d.ContentSecurityPolicyViolationType), url: d.BlockedURL}
		if at := d.SourceCodeLocation; at != nil {
			p.text += fmt.Sprintf(" at %s:%d", at.URL, at.LineNumber)
		}
		w.note(p)
	}
	// Guessing what a name should complete to is advice, not a fault.
	if d := i.Details.GenericIssueDetails; d != nil && d.ErrorType != audits.GenericIssueErrorTypeFormInputAssignedAutocompleteValueToIDOrNameAttributeError {
		w.note(problem{kind: "markup", text: string(d.ErrorType) + " " + d.ViolatingNodeAttribute})
	}
}

func (w *watch) note(p problem) { w.wrong = append(w.wrong, p) }

// problems are what went wrong and was not expected.
func (w *watch) problems() []problem {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []problem
	for _, p := range w.wrong {
		known := false
		for _, f := range w.expected {
			known = known || f(p)
		}
		if !known {
			out = append(out, p)
		}
	}
	return out
}

// heard reports whether an address that holds this was answered.
func (w *watch) heard(part string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.answered, func(u string) bool { return strings.Contains(u, part) })
}

func (w *watch) expect(f func(problem) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, f)
}

// Expect says that answers with this status below this path belong to the test.
func (b *Tab) Expect(status int, path string) {
	b.seen.expect(func(p problem) bool {
		u, err := url.Parse(p.url)
		return err == nil && p.status == status && strings.HasPrefix(u.Path, path)
	})
}

// Answered waits until the present page has the answer of an address that holds this.
func (b *Tab) Answered(part string) {
	b.t.Helper()
	if !b.until(func() bool { return b.seen.heard(part) }) {
		b.fail("nobody asked for %s", part)
	}
	b.settle()
}

// ExpectOutage says that the server will be away for a while: requests fail.
func (b *Tab) ExpectOutage() {
	b.seen.expect(func(p problem) bool {
		return p.kind == "request failed" || p.status >= 500 || p.kind == "console.error" && strings.Contains(p.text, "htmx:sse:error")
	})
}

func spoken(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		switch {
		case a.Description != "":
			words = append(words, a.Description)
		default:
			words = append(words, string(a.Value))
		}
	}
	return strings.Join(words, " ")
}
