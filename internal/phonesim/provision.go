package phonesim

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// maxRestarts bounds chains that follow each other because each one brought a
// new provisioning URL.
const maxRestarts = 5

// startChain queues a walk through the files, or remembers to repeat the one
// that is under way: its files may be from before the change.
func (p *Phone) startChain(t trigger) {
	if p.run != nil {
		p.again = &t
		return
	}
	url := p.fw.provisioningURL(p.settings)
	if url == "" {
		return
	}
	if p.timer != nil {
		p.timer.Stop()
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &chain{phone: p, cfg: p.cfg, url: url, agent: p.fw.httpAgent(&p.cfg), auth: p.auth,
		cancel: cancel, started: time.Now(), pushed: t.pushed, booting: p.state.Power == Provisioning}
	c.user, c.pass = p.fw.httpCredentials(p.settings)
	if c.user == "" {
		c.user, c.pass = p.cfg.HTTPUser, p.cfg.HTTPPassword
	}
	if a := p.fw.account(p.settings); a.active {
		c.from = a.aor()
	}
	transport, release := p.transport()
	c.client = &http.Client{Transport: transport}
	if !p.fw.traits().followsRedirects {
		c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	p.run = c
	p.fleet.fetchers.run(func() {
		defer cancel()
		if ctx.Err() == nil {
			// Time counts from here: the queue may have been long.
			limited, done := context.WithTimeout(ctx, fetchTimeout)
			p.fw.walk(limited, c)
			done()
		}
		release()
		p.do(func() { p.finishChain(c) })
	})
}

func (p *Phone) finishChain(c *chain) {
	if p.run != c {
		return // power was cut meanwhile
	}
	p.run, p.auth = nil, c.auth
	p.state.Files = c.files
	if p.again != nil {
		t := *p.again
		p.again = nil
		p.startChain(t)
		return
	}
	p.state.Chains++
	if bad, yes := c.transient(); yes || len(c.files) == 0 {
		p.chainFailed(c, bad)
		return
	}
	p.failures = 0
	took := time.Since(c.started)
	p.fleet.counts.chain.add(took)
	if !c.pushed.IsZero() {
		p.fleet.counts.notifyFetch.add(time.Since(c.pushed))
		p.pushed = c.pushed
	}
	p.emit(Event{Kind: ChainDone, URL: c.url, Took: took})
	if p.applyChain(c) {
		return
	}
	if c.restart {
		p.reboot()
		return
	}
	p.schedulePoll()
	p.state.Power = Running
	p.dirty = true
	p.syncAccount()
}

// applyChain merges the files. True: a new URL made the phone start over.
func (p *Phone) applyChain(c *chain) bool {
	p.state.LastError = ""
	for _, f := range c.files {
		if f.Status == http.StatusOK && f.Err != "" {
			p.failed(0, fmt.Sprintf("%s: %s", f.URL, f.Err))
		}
	}
	if len(c.docs) == 0 {
		if last := c.files[len(c.files)-1]; last.Err == "" {
			p.failed(0, fmt.Sprintf("%s: HTTP %d", last.URL, last.Status))
		}
		return false
	}
	tr := p.fw.traits()
	if tr.skipsUnchanged && c.sum == p.lastSum {
		return false
	}
	p.lastSum = c.sum
	before := maps.Clone(p.settings)
	keep := func(string) bool { return true }
	if p.fleet.cfg.Compact {
		keep = p.fw.relevant
	}
	p.fw.apply(p.settings, c.docs, keep)
	if maps.Equal(before, p.settings) {
		return false
	}
	p.state.Applied++
	p.dirty = true
	p.emit(Event{Kind: Applied})
	if tr.restartsOnChange && !c.booting {
		p.reboot()
		return true
	}
	url := p.fw.provisioningURL(p.settings)
	if !tr.restartsOnNewURL || url == p.fw.provisioningURL(before) || url == "" {
		p.restarts = 0
		return false
	}
	if p.restarts++; p.restarts > maxRestarts {
		p.failed(0, "provisioning URL changes without end")
		p.restarts = 0
		return false
	}
	p.startChain(trigger{pushed: c.pushed})
	return true
}

// chainFailed keeps the running configuration, goes on with what the phone has,
// and tries again later.
func (p *Phone) chainFailed(c *chain, bad File) {
	what := bad.Err
	if what == "" {
		what = fmt.Sprintf("HTTP %d", bad.Status)
	}
	if bad.URL == "" {
		bad.URL, what = c.url, "no time left to ask"
	}
	p.failed(bad.Status, bad.URL+": "+what)
	pause := c.retryAfter
	if pause == 0 {
		pause = backoff(p.fleet.cfg.RetryBase, p.failures)
	}
	p.failures++
	p.timer = p.after(pause, func() { p.startChain(trigger{pushed: c.pushed}) })
	p.state.Power = Running
	p.dirty = true
	p.syncAccount()
}

func (p *Phone) schedulePoll() {
	if d := p.fw.pollAfter(p.settings, time.Now()); d > 0 {
		p.timer = p.after(d, func() { p.startChain(trigger{}) })
	}
}

// failed notes a problem for State and listeners.
func (p *Phone) failed(status int, what string) {
	p.state.LastError = what
	p.fleet.counts.failures.Add(1)
	p.emit(Event{Kind: Failed, Status: status, Detail: what})
}

// backoff doubles up to 16 times the base, with up to a quarter taken off so
// that phones that failed together do not return together.
func backoff(base time.Duration, failures int) time.Duration {
	d := base << min(failures, 4)
	return d - jitter(d/4)
}

// obey does what a check-sync asked for, now or after the call.
func (p *Phone) obey(t trigger) {
	if p.state.Power == Off {
		return
	}
	if p.state.Busy {
		if p.deferred != nil {
			t.reboot = t.reboot || p.deferred.reboot
		}
		p.deferred = &t
		return
	}
	p.pushed = t.pushed
	if t.reboot {
		p.reboot()
		return
	}
	p.startChain(t)
}
