package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds every wait: it is there to end a broken test, not to measure.
const patience = 40 * time.Second

// Run runs a package's tests and then ends the Chromium that they shared. Call it from TestMain.
func Run(m *testing.M) int {
	defer chromium.close()
	return m.Run()
}

// chromium is the one process of a test binary, started by the first test that needs it; tests have contexts of their
// own in it, which share nothing.
var chromium process

type process struct {
	start sync.Once
	ctx   context.Context
	err   error
	ended []func()
}

func (p *process) open() (context.Context, error) {
	p.start.Do(func() { p.err = p.launch() })
	return p.ctx, p.err
}

func (p *process) launch() error {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return fmt.Errorf("looking for Debian's chromium (scripts/install-test-tools installs it): %w", err)
	}
	profile, err := os.MkdirTemp("", "tischlein-chromium-")
	if err != nil {
		return fmt.Errorf("making a profile: %w", err)
	}
	var said bytes.Buffer // why it would not start
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.CombinedOutput(&said),
		chromedp.NoSandbox, chromedp.DisableGPU, // in containers and on machines without a display
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider"),
		// Nothing but the portal: a look-up of any other name fails at once.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("hide-scrollbars", false),
		chromedp.Env("HOME="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile),
	)...)
	ctx, cancel := chromedp.NewContext(allocator)
	p.ended = []func(){
		func() {
			closing, stop := context.WithTimeout(ctx, 10*time.Second)
			defer stop()
			_ = chromedp.Cancel(closing) // what does not end by itself is killed by its pid below
		},
		cancel, end, func() { _ = os.RemoveAll(profile) },
	}
	if err := chromedp.Do(ctx); err != nil {
		p.close()
		return fmt.Errorf("starting chromium: %w\n%s", err, said.Bytes())
	}
	p.ctx = ctx
	return nil
}

func (p *process) close() {
	for _, f := range p.ended {
		f()
	}
	p.ended = nil
}
