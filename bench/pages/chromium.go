package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// seen is one page in Chromium. First is of somebody who was never here before,
// Again of who comes back. Times are medians in milliseconds since the address
// was asked for.
type seen struct {
	Page  string `json:"page"`
	First load   `json:"first"`
	Again load   `json:"again"`
}

type load struct {
	Interactive float64 `json:"interactive_ms"` // painted, and every script has run
	Slowest     float64 `json:"max_ms"`
	Bytes       float64 `json:"bytes"` // that Chromium counted on the wire
}

const patience = 30 * time.Second

func browse(ctx context.Context, c config) error {
	text, err := os.ReadFile(filepath.Join(c.data, "visits.json"))
	if err != nil {
		return err
	}
	var v visits
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	browser, end, err := chromium(ctx)
	if err != nil {
		return err
	}
	defer end()
	for _, p := range append([]visit{{"(bare page)", bare}}, v.Pages...) {
		var first, again []load
		for range c.visits {
			a, b, err := open(browser, c.portal, v.Session, address(c.portal, p.Path))
			if err != nil {
				return fmt.Errorf("opening %s: %w", p.Path, err)
			}
			first, again = append(first, a), append(again, b)
		}
		if err := json.NewEncoder(os.Stdout).Encode(seen{p.Page, middle(first), middle(again)}); err != nil {
			return err
		}
	}
	return nil
}

func middle(of []load) load {
	var times, bytes []float64
	for _, l := range of {
		times, bytes = append(times, l.Interactive), append(bytes, l.Bytes)
	}
	slices.Sort(times)
	slices.Sort(bytes)
	return load{Interactive: times[len(times)/2], Slowest: times[len(times)-1], Bytes: bytes[len(bytes)/2]}
}

// chromium starts one that is to be ended with end.
func chromium(ctx context.Context) (browser context.Context, end func(), err error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("looking for chromium (scripts/install-test-tools installs it): %w", err)
	}
	profile, err := os.MkdirTemp("", "tischlein-pages-")
	if err != nil {
		return nil, nil, err
	}
	var said bytes.Buffer // why it would not start
	allocator, stop := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.CombinedOutput(&said),
		chromedp.NoSandbox, chromedp.DisableGPU, // in containers and on machines without a display
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Env("HOME="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile),
	)...)
	browser, cancel := chromedp.NewContext(allocator)
	end = func() {
		closing, done := context.WithTimeout(browser, 10*time.Second)
		defer done()
		_ = chromedp.Cancel(closing) // what does not end by itself is killed below
		cancel()
		stop()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(browser); err != nil {
		end()
		return nil, nil, fmt.Errorf("starting chromium: %w\n%s", err, said.Bytes())
	}
	return browser, end, nil
}

// bare is what Chromium costs for the least that a page can be.
const bare = "data:text/html,<p>Platz"

func address(portal, path string) string {
	if path == bare {
		return bare
	}
	return portal + path
}

// open opens a page in a browser that keeps nothing yet, and then once more.
func open(browser context.Context, portal, session, url string) (first, again load, err error) {
	var wire counter
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(wire.on))
	defer cancel()
	// The first call makes the tab, which lasts as long as its context: no deadline here.
	if err := chromedp.Do(ctx); err != nil {
		return first, again, err
	}
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return first, again, err
	}
	if _, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{
		Name: sessionCookie, Value: session, URL: portal, HTTPOnly: new(true), SameSite: network.CookieSameSiteLax,
	}); err != nil {
		return first, again, err
	}
	if first, err = wire.load(ctx, url); err != nil {
		return first, again, err
	}
	again, err = wire.load(ctx, url)
	return first, again, err
}

// ready waits until the page is painted and says when it was of use: the deferred
// scripts have run before DOMContentLoaded, and its listeners before the end of it.
const ready = `new Promise(done => {
	const look = () => {
		const page = performance.getEntriesByType("navigation")[0], paint = performance.getEntriesByName("first-contentful-paint")[0];
		if (page.domContentLoadedEventEnd && paint) done({at: Math.max(page.domContentLoadedEventEnd, paint.startTime), scripts: !!window.htmx, where: location.href});
		else setTimeout(look, 5);
	};
	look();
})`

// there is what the page says of itself.
type there struct {
	At      float64
	Scripts bool
	Where   string
}

// load opens an address and waits until somebody could work there.
func (w *counter) load(ctx context.Context, url string) (load, error) {
	w.reset()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return load{}, err
	}
	p, err := chromedp.Run(ctx, chromedp.Evaluate[there](ready, chromedp.EvalAwaitPromise))
	if err != nil {
		return load{}, err
	}
	if p.Where != url || !p.Scripts && url != bare {
		return load{}, errors.New("the page is " + p.Where + " or has no scripts")
	}
	return load{Interactive: p.At, Bytes: w.sum()}, nil
}

// counter adds up what Chromium says came over the wire.
type counter struct {
	mu    sync.Mutex
	bytes float64
}

func (w *counter) on(ev any) {
	if e, ok := ev.(*network.EventLoadingFinished); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.bytes += e.EncodedDataLength
	}
}

func (w *counter) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes = 0
}

func (w *counter) sum() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes
}
