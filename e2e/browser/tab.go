package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// As says who sits before the browser. The zero value is somebody with a German browser on a desk, in daylight.
type As struct {
	Language string // Accept-Language, "de" by default
	Dark     bool   // the device prefers dark
	Width    int    // CSS pixels, 1440 by default
	Zoom     int    // per cent, 100 by default: at 200 half as many CSS pixels are as wide as the window
	Touch    bool   // a phone or tablet: touches, no mouse
	NoScript bool   // scripts are off
	Still    bool   // prefers reduced motion
}

// The widths of windows that the portal is looked at in.
const (
	Screen = 1440
	Tablet = 768
	Phone  = 375
)

// Tab is one browser with one page, with cookies of its own. Its methods wait for what they need and end the test when it
// does not come. Use it from the goroutine of its test only.
type Tab struct {
	t     testing.TB
	ctx   context.Context
	as    As
	seen  *watch
	mouse point
}

// Open opens a browser for the test and closes it at its end, when it fails the test for everything that went wrong in the
// page unseen: errors on the console, violations of the Content-Security-Policy, requests that failed.
func Open(t testing.TB, as As) *Tab {
	t.Helper()
	tab := open(t, as)
	t.Cleanup(func() {
		for _, p := range tab.seen.problems() {
			t.Errorf("in the browser: %s", p)
		}
	})
	return tab
}

func open(t testing.TB, as As) *Tab {
	t.Helper()
	parent, err := chromium.open()
	if err != nil {
		t.Fatal(err)
	}
	seen := newWatch()
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(), chromedp.WithListener(seen.on))
	t.Cleanup(cancel)
	tab := &Tab{t: t, ctx: ctx, seen: seen}
	// The first call makes the tab and lasts as long as its context: no deadline here.
	tab.ok(chromedp.Do(ctx))
	seen.frame(cdp.FrameID(chromedp.FromContext(ctx).Target.TargetID))
	call(tab, audits.Enable, cdp.Empty{})
	// Two browsers may be looked at at once; without this all but one count as hidden, and hidden pages stand still.
	call(tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(tab, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Berlin"})
	tab.Become(as)
	return tab
}

// Become changes who sits there. What the page was told before stays until it is loaded again.
func (b *Tab) Become(as As) {
	b.t.Helper()
	if as.Language == "" {
		as.Language = "de"
	}
	if as.Width == 0 {
		as.Width = Screen
	}
	if as.Zoom == 0 {
		as.Zoom = 100
	}
	b.as = as
	v := call(b, browser.GetVersion, cdp.Empty{})
	call(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: strings.ReplaceAll(v.UserAgent, "Headless", ""), AcceptLanguage: as.Language,
	})
	scheme, motion := "light", "no-preference"
	if as.Dark {
		scheme = "dark"
	}
	if as.Still {
		motion = "reduce"
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion},
	}})
	height := 900
	if as.Width <= Phone {
		height = 812
	}
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(as.Width * 100 / as.Zoom), Height: int64(height * 100 / as.Zoom), DeviceScaleFactor: float64(as.Zoom) / 100, Mobile: as.Touch,
	})
	call(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: as.Touch})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: as.NoScript})
}

// Go opens an address, as if typed into the address bar, and waits until the page is there.
func (b *Tab) Go(url string) {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	b.ok(chromedp.Do(ctx, chromedp.Navigate(url)))
	b.settle()
}

// Reload loads the page again.
func (b *Tab) Reload() {
	b.t.Helper()
	b.seen.leave()
	call(b, page.Reload, page.ReloadParams{})
	b.settle()
}

// Back goes one page back.
func (b *Tab) Back() {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	b.ok(chromedp.Do(ctx, chromedp.NavigateBack()))
	b.settle()
}

// URL is where the page is.
func (b *Tab) URL() string { return js[string](b, `location.href`) }

func (b *Tab) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

func (b *Tab) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.fail("%v", err)
	}
}

// call runs a command of the protocol on the tab.
func call[P, R any](b *Tab, c cdp.Command[P, R], params P) R {
	b.t.Helper()
	r, err := try(b, c, params)
	b.ok(err)
	return r
}

func try[P, R any](b *Tab, c cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := b.within()
	defer cancel()
	return chromedp.Call(ctx, c, params)
}

// js evaluates an expression in the page; it works with scripts switched off, too.
func js[T any](b *Tab, expression string) T {
	b.t.Helper()
	v, err := tryJS[T](b, expression)
	b.ok(err)
	return v
}

func tryJS[T any](b *Tab, expression string) (T, error) {
	ctx, cancel := b.within()
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}
