package redirect

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// Job is one entry that may differ from what is wanted.
type Job struct {
	CustomerID string
	Device     Device
	Service    string
	Want       bool             // an entry with URL; else none
	URL        telephony.Secret // only where Want
	Ticket     any              // the queue's own, handed back with the outcome
}

// Outcome is what became of a job.
type Outcome struct {
	State  telephony.RedirectState // never waiting
	Detail string                  // the service's words, safe to show
}

// Queue is what is due in the records. Claim leases, Done notes.
type Queue interface {
	Claim(ctx context.Context, limit int) ([]Job, error)
	Done(ctx context.Context, j Job, o Outcome) error
}

// Worker brings the services to what the records want. It is level-triggered: a
// job says what should be, never what to do, and asks the service how it is.
type Worker struct {
	Queue    Queue
	Services map[string]Redirector
	Log      *slog.Logger
}

const (
	batch   = 16
	atOnce  = 4 // of one batch; services are slow, and count their callers
	longest = 200
)

// RunOnce works off one batch and says whether more may be due.
func (w Worker) RunOnce(ctx context.Context) (more bool, err error) {
	if len(w.Services) == 0 {
		return false, nil
	}
	jobs, err := w.Queue.Claim(ctx, batch)
	if err != nil {
		return false, err
	}
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			o := w.settle(ctx, j)
			if ctx.Err() != nil {
				return // our end, not the service's: the lease runs out
			}
			w.Log.Debug("a redirect entry was looked at", "component", "redirect", "customer", j.CustomerID, "outcome", o.State)
			errs[i] = w.Queue.Done(ctx, j, o)
		})
	}
	group.Wait()
	return len(jobs) == batch, errors.Join(errs...)
}

func (w Worker) settle(ctx context.Context, j Job) Outcome {
	s, ok := w.Services[j.Service]
	if !ok {
		return Outcome{telephony.RedirectRefused, "there is no account for this service any more"}
	}
	if !j.Want {
		return outcome(s.Delete(ctx, j.Device), telephony.RedirectRemoved, "")
	}
	have, err := s.Get(ctx, j.Device)
	if err == nil && have == j.URL {
		return Outcome{State: telephony.RedirectSet}
	}
	if err != nil && !errors.Is(err, ErrAbsent) {
		return outcome(err, "", j.URL)
	}
	return outcome(s.Put(ctx, j.Device, j.URL), telephony.RedirectSet, j.URL)
}

func outcome(err error, good telephony.RedirectState, hide telephony.Secret) Outcome {
	switch {
	case err == nil:
		return Outcome{State: good}
	case errors.Is(err, ErrOwned):
		return Outcome{State: telephony.RedirectOwned}
	case errors.Is(err, ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return Outcome{telephony.RedirectUnavailable, clean(err, hide)}
	}
	return Outcome{telephony.RedirectRefused, clean(err, hide)}
}

// clean makes a service's words fit to show: short, one line, and without the URL,
// which services like to repeat.
func clean(err error, hide telephony.Secret) string {
	s := err.Error()
	if u := hide.Reveal(); u != "" {
		s = strings.ReplaceAll(s, u, "***")
		if i := strings.LastIndex(strings.TrimSuffix(u, "/"), "/"); i >= 0 {
			s = strings.ReplaceAll(s, strings.TrimSuffix(u[i+1:], "/"), "***")
		}
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}

// Timeout is how long a service may take for one request.
const Timeout = 20 * time.Second
