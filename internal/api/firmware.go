package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type firmwareBody struct {
	ID        string    `json:"id"`
	Driver    string    `json:"driver"`
	Models    []string  `json:"models" nullable:"false" doc:"Empty: all of the maker's."`
	Version   string    `json:"version" doc:"As the phones say it in their User-Agent."`
	FileName  string    `json:"file_name" doc:"As the phones ask for it."`
	SHA256    string    `json:"sha256"`
	Size      int64     `json:"size" doc:"Bytes."`
	CreatedAt time.Time `json:"created_at"`
}

func showFirmware(f telephony.FirmwareFile) firmwareBody {
	return firmwareBody{f.ID, f.Driver, each(f.Models, func(m string) string { return m }), f.Version, f.FileName, f.SHA256, f.Size, f.CreatedAt}
}

const (
	firmwarePath = "/v1/firmware"
	uploadTime   = 30 * time.Minute
)

// isFirmwareUpload reports whether a request brings a file that may be larger than
// other bodies.
func isFirmwareUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == firmwarePath
}

// addFirmware takes a file as the body itself, straight to the disk; what it is
// stands in the query.
func (s *server) addFirmware(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime)) // without it, the usual one holds
	q := r.URL.Query()
	f := telephony.FirmwareFile{Driver: q.Get("driver"), Version: q.Get("version"), FileName: q.Get("file_name")}
	for _, m := range strings.Split(q.Get("models"), ",") {
		if m = strings.TrimSpace(m); m != "" {
			f.Models = append(f.Models, m)
		}
	}
	f, err := s.app.Firmware.Add(r.Context(), actorOf(r.Context()), f, r.Body)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of the file is not read
		report(r.Context(), s.log, "add-firmware", err)
		writeProblem(w, problem(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", firmwarePath+"/"+f.ID)
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(showFirmware(f)) // a client that went away is no error of ours
}

// AtFirmware names a file.
type AtFirmware struct {
	Firmware string `path:"firmware" doc:"The file's id."`
}

func (r *routes) firmware() {
	const tag = "Firmware"
	a := &r.s.app.Firmware
	add(r, get(firmwarePath), tag, "list-firmware", "List firmware", "The files that phones can be told to take; the operator keeps them. The list is whole.",
		func(ctx context.Context, actor auth.Actor, _ *struct{ Page }) (*listed[firmwareBody], error) {
			l, err := a.List(ctx, actor)
			return &listed[firmwareBody]{listBody[firmwareBody]{Items: each(l, showFirmware)}}, err
		})
	add(r, remove(firmwarePath+"/{firmware}"), tag, "delete-firmware", "Delete firmware", "Refused while a rollout is of it.",
		func(ctx context.Context, actor auth.Actor, in *AtFirmware) (*nothing, error) {
			return nil, a.Remove(ctx, actor, in.Firmware)
		})
	text := &huma.Schema{Type: "string"}
	param := func(name, doc string, required bool) *huma.Param {
		return &huma.Param{Name: name, In: "query", Required: required, Schema: text, Description: doc}
	}
	r.api.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodPost, Path: firmwarePath, OperationID: "add-firmware", Summary: "Add firmware", Tags: []string{tag},
		Description: "The body is the file itself, of up to firmware_limit bytes. An Idempotency-Key has no effect: the same version and file name are taken once.",
		Parameters: []*huma.Param{param("driver", "The maker.", true), param("models", "Separated by commas; empty: all of the maker's.", false),
			param("version", "As the phones say it in their User-Agent.", true), param("file_name", "As the phones ask for it.", true)},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
		Responses: map[string]*huma.Response{
			"201":     {Description: "Created", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Firmware"}}}},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Type: "object"}}}},
		},
	})
}

type rolloutBody struct {
	ID           string                         `json:"id"`
	FirmwareID   string                         `json:"firmware_id"`
	Firmware     string                         `json:"firmware" doc:"The version."`
	Driver       string                         `json:"driver"`
	Model        string                         `json:"model"`
	Status       telephony.RolloutStatus        `json:"status" enum:"running,paused,halted,ended"`
	Reason       string                         `json:"reason,omitempty" doc:"Why it halted."`
	Percent      int                            `json:"percent" doc:"Of the devices, by a stable choice."`
	Customers    []string                       `json:"customers" nullable:"false" doc:"Ids; empty: all."`
	Opens        string                         `json:"opens,omitempty" doc:"In each customer's zone." example:"22:00"`
	Closes       string                         `json:"closes,omitempty" example:"05:00"`
	AtOnce       int                            `json:"at_once"`
	MostFailures int                            `json:"most_failures"`
	Patience     int                            `json:"patience_seconds"`
	Counts       map[telephony.UpgradeState]int `json:"counts" doc:"Devices by state: waiting, told, done, failed."`
	Looking      bool                           `json:"looking" doc:"The model's devices are still being looked at, so that the counts grow."`
	Version      int64                          `json:"version"`
}

func showRollout(v app.RolloutView) rolloutBody {
	r := v.Rollout
	return rolloutBody{r.ID, r.FirmwareID, v.File.Version, r.Driver, r.Model, r.Status, r.Reason, r.Percent, each(r.Customers, func(c string) string { return c }),
		r.Opens, r.Closes, r.AtOnce, r.MostFailures, int(r.Patience / time.Second), v.Counts, v.Looking, r.Version}
}

type newRollout struct {
	FirmwareID   string   `json:"firmware_id"`
	Model        string   `json:"model"`
	Percent      int      `json:"percent" minimum:"0" maximum:"100"`
	Customers    []string `json:"customers,omitempty" maxItems:"1000"`
	Opens        string   `json:"opens,omitempty" maxLength:"5"`
	Closes       string   `json:"closes,omitempty" maxLength:"5"`
	AtOnce       int      `json:"at_once,omitempty" doc:"50 if left out."`
	MostFailures int      `json:"most_failures,omitempty" doc:"3 if left out."`
	Patience     int      `json:"patience_seconds,omitempty" doc:"1800 if left out."`
}

type rolloutPatch struct {
	Percent      *int      `json:"percent,omitempty" minimum:"0" maximum:"100"`
	Customers    *[]string `json:"customers,omitempty" maxItems:"1000"`
	Opens        *string   `json:"opens,omitempty" maxLength:"5"`
	Closes       *string   `json:"closes,omitempty" maxLength:"5"`
	AtOnce       *int      `json:"at_once,omitempty"`
	MostFailures *int      `json:"most_failures,omitempty"`
	Patience     *int      `json:"patience_seconds,omitempty"`
}

func (p rolloutPatch) apply(r *telephony.Rollout) error {
	set(&r.Percent, p.Percent)
	set(&r.Customers, p.Customers)
	set(&r.Opens, p.Opens)
	set(&r.Closes, p.Closes)
	set(&r.AtOnce, p.AtOnce)
	set(&r.MostFailures, p.MostFailures)
	if p.Patience != nil {
		r.Patience = time.Duration(*p.Patience) * time.Second
	}
	return nil
}

type upgradeBody struct {
	CPEID      string                 `json:"cpe_id"`
	Name       string                 `json:"name"`
	CustomerID string                 `json:"customer_id"`
	Customer   string                 `json:"customer"`
	State      telephony.UpgradeState `json:"state" enum:"told,failed"`
	Reason     string                 `json:"reason,omitempty" doc:"not_fetched, old_version, silent or not_registered."`
	Firmware   string                 `json:"firmware,omitempty" doc:"What it says that it runs."`
	ToldAt     time.Time              `json:"told_at,omitzero"`
	TookAt     time.Time              `json:"took_at,omitzero"`
}

// AtRollout names a rollout.
type AtRollout struct {
	Rollout string `path:"rollout" doc:"The rollout's id."`
}

func (r *routes) rollouts() {
	const tag, all, one = "Firmware", "/v1/rollouts", "/v1/rollouts/{rollout}"
	a := &r.s.app.Rollouts
	add(r, get(all), tag, "list-rollouts", "List rollouts", "The latest hundred, the newest first, with how far they have come; there is no further piece.",
		func(ctx context.Context, actor auth.Actor, _ *struct{ Page }) (*listed[rolloutBody], error) {
			l, err := a.List(ctx, actor)
			return &listed[rolloutBody]{listBody[rolloutBody]{Items: each(l, showRollout)}}, err
		})
	add(r, post(all), tag, "create-rollout", "Begin a rollout", "Brings the devices of one model to a version: a share of them or some customers', in a window of each customer's day. It halts when too many fail.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Body newRollout }) (*made[rolloutBody], error) {
			b := in.Body
			v, err := a.Create(ctx, actor, telephony.Rollout{FirmwareID: b.FirmwareID, Model: b.Model, Percent: b.Percent, Customers: b.Customers, Opens: b.Opens, Closes: b.Closes,
				AtOnce: b.AtOnce, MostFailures: b.MostFailures, Patience: time.Duration(b.Patience) * time.Second})
			return &made[rolloutBody]{etag(v.Rollout.Version), all + "/" + v.Rollout.ID, showRollout(v)}, err
		}, isCreated)
	add(r, get(one), tag, "get-rollout", "Read a rollout", "Gives it with how far it has come.",
		func(ctx context.Context, actor auth.Actor, in *AtRollout) (*single[rolloutBody], error) {
			v, err := a.Get(ctx, actor, in.Rollout)
			return &single[rolloutBody]{etag(v.Rollout.Version), showRollout(v)}, err
		})
	add(r, patch(one), tag, "change-rollout", "Change a rollout", "Stage, window and limits; members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtRollout
			Precondition
			Body rolloutPatch
		}) (*single[rolloutBody], error) {
			version, err := in.version()
			if err != nil {
				return nil, err
			}
			v, err := a.Update(ctx, actor, in.Rollout, version, in.Body.apply)
			return &single[rolloutBody]{etag(v.Rollout.Version), showRollout(v)}, err
		})
	for _, x := range []struct {
		word, summary, text string
		f                   func(context.Context, auth.Actor, string) (app.RolloutView, error)
	}{
		{"pause", "Pause a rollout", "No further device is told, and what was told is taken back.", a.Pause},
		{"resume", "Resume a rollout", "Goes on after a pause or a halt.", a.Resume},
		{"end", "End a rollout", "For good; devices that have arrived keep what they run.", a.End},
		{"retry", "Retry a rollout's failures", "Devices that failed get another turn, and the rollout goes on.", a.Retry},
	} {
		add(r, post(one+"/"+x.word), tag, x.word+"-rollout", x.summary, x.text,
			func(ctx context.Context, actor auth.Actor, in *AtRollout) (*single[rolloutBody], error) {
				v, err := x.f(ctx, actor, in.Rollout)
				return &single[rolloutBody]{etag(v.Rollout.Version), showRollout(v)}, err
			})
	}
	add(r, get(one+"/laggards"), tag, "list-laggards", "List a rollout's laggards", "Devices that were told and have not arrived, those that failed first, up to the limit of each, with the reason; it has no further piece.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtRollout
			Page
		}) (*listed[upgradeBody], error) {
			l, err := a.Laggards(ctx, actor, in.Rollout, in.Limit)
			return &listed[upgradeBody]{listBody[upgradeBody]{Items: each(l, func(x app.Laggard) upgradeBody {
				u := x.Upgrade
				return upgradeBody{u.CPEID, x.Name, u.CustomerID, x.Customer, u.State, u.Reason, u.Firmware, u.ToldAt, u.TookAt}
			})}}, err
		})
}
