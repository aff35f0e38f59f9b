package server

import (
	"context"
	"errors"
	"time"

	"tischlein/internal/jobs"
)

// sweep is the task that a change for many devices wakes.
const sweep = "sweep"

// roll is the task that moves rollouts of firmware on.
const roll = "roll out firmware"

func (s *Server) newJobs() *jobs.Runner {
	return jobs.New(s.log,
		jobs.Task{Name: sweep, Every: 30 * time.Second, RunOnce: s.app.Jobs.Sweep},
		jobs.Task{Name: roll, Every: 30 * time.Second, RunOnce: s.app.Jobs.Roll},
		jobs.Task{Name: "end logins", Every: 5 * time.Second, RunOnce: s.app.Jobs.EndLogins},
		jobs.Task{Name: "expire bindings", Every: time.Minute, RunOnce: s.app.Jobs.ExpireBindings},
		jobs.Task{Name: "end secrets", Every: time.Minute, RunOnce: s.app.Jobs.EndSecrets},
		jobs.Task{Name: "prune", Every: time.Hour, RunOnce: s.app.Jobs.Prune},
		jobs.Task{Name: redirectEntries, Every: 15 * time.Second, RunOnce: s.redirectWorker().RunOnce},
		jobs.Task{Name: "stale redirect entries", Every: time.Minute, RunOnce: func(ctx context.Context) (bool, error) {
			return false, s.app.Redirects.Stale(ctx)
		}},
		jobs.Task{Name: "renew certificate", Every: time.Hour, RunOnce: func(context.Context) (bool, error) {
			return false, errors.Join(s.certs.renew(), s.renewLegacy())
		}},
	)
}
