package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// firmwareCmd keeps the files that phones are told to take, and their rollouts.
type firmwareCmd struct {
	List     firmwareListCmd   `cmd:"" help:"List files."`
	Add      firmwareAddCmd    `cmd:"" help:"Add a file."`
	Remove   firmwareRemoveCmd `cmd:"" help:"Remove a file that no rollout is of."`
	Rollouts rolloutListCmd    `cmd:"" help:"List rollouts with how far they have come."`
	Start    rolloutStartCmd   `cmd:"" help:"Begin a rollout for a model."`
	Pause    rolloutPauseCmd   `cmd:"" help:"Tell no further device, and take back what was told."`
	Resume   rolloutResumeCmd  `cmd:"" help:"Go on after a pause or a halt."`
	Retry    rolloutRetryCmd   `cmd:"" help:"Give devices that failed another turn."`
	End      rolloutEndCmd     `cmd:"" help:"End a rollout for good."`
	Laggards rolloutLagCmd     `cmd:"" help:"List a rollout's devices that have not arrived, and why."`
}

// image is a file as the API shows it.
type image struct {
	ID       string   `json:"id"`
	Driver   string   `json:"driver"`
	Models   []string `json:"models"`
	Version  string   `json:"version"`
	FileName string   `json:"file_name"`
	Size     int64    `json:"size"`
}

func (i image) String() string {
	models := strings.Join(i.Models, ",")
	if models == "" {
		models = "all models"
	}
	return fmt.Sprintf("%s %s %s %s %s (%d bytes)", i.ID, pad(i.Driver, 12), pad(models, 20), pad(i.Version, 16), i.FileName, i.Size)
}

type firmwareListCmd struct {
	Remote remote `embed:""`
}

func (c firmwareListCmd) Run(ctx context.Context) error {
	return each[image](ctx, c.Remote, os.Stdout, "/v1/firmware", "")
}

type firmwareAddCmd struct {
	File    string   `arg:"" type:"existingfile" help:"The file as the maker published it."`
	Driver  string   `required:"" help:"Maker, such as yealink."`
	Version string   `required:"" help:"As the phones say it in their User-Agent."`
	Model   []string `help:"Model that it is for; may be given several times. Default: all of the maker's."`
	As      string   `placeholder:"NAME" help:"File name that the phones ask for. Default: the file's own."`
	Remote  remote   `embed:""`
}

func (c firmwareAddCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("reading the firmware: %w", err)
	}
	defer f.Close()
	name := c.As
	if name == "" {
		name = filepath.Base(c.File)
	}
	q := url.Values{"driver": {c.Driver}, "version": {c.Version}, "models": {strings.Join(c.Model, ",")}, "file_name": {name}}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute) // it may be large
	defer cancel()
	text, err := c.Remote.ask(ctx, http.MethodPost, "/v1/firmware?"+q.Encode(), "application/octet-stream", f)
	if err != nil {
		return err
	}
	return printAs[image](c.Remote, os.Stdout, text)
}

type firmwareRemoveCmd struct {
	ID     string `arg:"" help:"The file's id, as list shows it."`
	Remote remote `embed:""`
}

func (c firmwareRemoveCmd) Run(ctx context.Context) error {
	return c.Remote.call(ctx, http.MethodDelete, "/v1/firmware/"+url.PathEscape(c.ID), nil, nil, nil)
}

// rollout is one as the API shows it.
type rollout struct {
	ID       string         `json:"id"`
	Firmware string         `json:"firmware"`
	Driver   string         `json:"driver"`
	Model    string         `json:"model"`
	Status   string         `json:"status"`
	Reason   string         `json:"reason"`
	Percent  int            `json:"percent"`
	Counts   map[string]int `json:"counts"`
}

func (r rollout) String() string {
	s := fmt.Sprintf("%s %s %s %s %3d%%  %d done, %d told, %d waiting, %d failed", r.ID, pad(r.Driver+" "+r.Model, 24), pad(r.Firmware, 16), pad(r.Status, 8), r.Percent,
		r.Counts["done"], r.Counts["told"], r.Counts["waiting"], r.Counts["failed"])
	if r.Reason != "" {
		s += ": " + r.Reason
	}
	return s
}

type rolloutListCmd struct {
	Remote remote `embed:""`
}

func (c rolloutListCmd) Run(ctx context.Context) error {
	return each[rollout](ctx, c.Remote, os.Stdout, "/v1/rollouts", "")
}

type rolloutStartCmd struct {
	Firmware string        `arg:"" help:"The file's id."`
	Model    string        `arg:"" help:"The model."`
	Percent  int           `default:"100" help:"Share of its devices, by a stable choice."`
	Customer []string      `placeholder:"NUMBER" help:"Only this customer's; may be given several times."`
	Window   string        `placeholder:"22:00-05:00" help:"Time of day, in each customer's zone. Default: any."`
	AtOnce   int           `help:"Devices on their way together. Default: 50."`
	Failures int           `help:"So many failed devices halt it. Default: 3."`
	Patience time.Duration `help:"In which a device comes back. Default: 30m."`
	Remote   remote        `embed:""`
}

func (c rolloutStartCmd) Run(ctx context.Context) error {
	body := map[string]any{"firmware_id": c.Firmware, "model": c.Model, "percent": c.Percent}
	if c.Window != "" {
		from, to, ok := strings.Cut(c.Window, "-")
		if !ok {
			return fmt.Errorf("%q is no window such as 22:00-05:00", c.Window)
		}
		body["opens"], body["closes"] = from, to
	}
	var ids []string
	for _, number := range c.Customer {
		path, err := c.Remote.customer(ctx, number)
		if err != nil {
			return err
		}
		ids = append(ids, path[strings.LastIndexByte(path, '/')+1:])
	}
	if ids != nil {
		body["customers"] = ids
	}
	if c.AtOnce > 0 {
		body["at_once"] = c.AtOnce
	}
	if c.Failures > 0 {
		body["most_failures"] = c.Failures
	}
	if c.Patience > 0 {
		body["patience_seconds"] = int(c.Patience / time.Second)
	}
	return show[rollout](ctx, c.Remote, os.Stdout, http.MethodPost, "/v1/rollouts", body)
}

// rolloutOf is a rollout with which something is done.
type rolloutOf struct {
	ID     string `arg:"" help:"The rollout's id."`
	Remote remote `embed:""`
}

func (c rolloutOf) do(ctx context.Context, action string) error {
	return show[rollout](ctx, c.Remote, os.Stdout, http.MethodPost, "/v1/rollouts/"+url.PathEscape(c.ID)+"/"+action, nil)
}

type (
	rolloutPauseCmd  struct{ rolloutOf }
	rolloutResumeCmd struct{ rolloutOf }
	rolloutRetryCmd  struct{ rolloutOf }
	rolloutEndCmd    struct{ rolloutOf }
)

func (c rolloutPauseCmd) Run(ctx context.Context) error  { return c.do(ctx, "pause") }
func (c rolloutResumeCmd) Run(ctx context.Context) error { return c.do(ctx, "resume") }
func (c rolloutRetryCmd) Run(ctx context.Context) error  { return c.do(ctx, "retry") }
func (c rolloutEndCmd) Run(ctx context.Context) error    { return c.do(ctx, "end") }

type rolloutLagCmd struct {
	ID     string `arg:"" help:"The rollout's id."`
	Remote remote `embed:""`
}

func (c rolloutLagCmd) Run(ctx context.Context) error {
	return each[rolloutLaggard](ctx, c.Remote, os.Stdout, "/v1/rollouts/"+url.PathEscape(c.ID)+"/laggards", "")
}

type rolloutLaggard struct{ Name, Customer, State, Reason, Firmware string }

func (x rolloutLaggard) String() string {
	return fmt.Sprintf("%s %s %s %s %s", pad(x.Customer, 20), pad(x.Name, 28), pad(x.State, 7), pad(x.Reason, 15), x.Firmware)
}
