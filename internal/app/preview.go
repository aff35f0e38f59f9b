package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// PreviewFile is one file as a device would get it now.
type PreviewFile struct {
	Kind        provision.FileKind
	Name        string
	ContentType string
	Body        string
	Revealed    bool // its secrets stand in it; otherwise masks do
}

// FileDiff compares a file with what its device last took.
type FileDiff struct {
	Kind  provision.FileKind
	Name  string
	Taken time.Time // of the file compared with; zero: it took none that was kept
	Same  bool
	Lines []DiffLine // all of it
}

// DiffLine is one line of a comparison: ' ' in both, '-' taken, '+' new.
type DiffLine = provision.DiffLine

// Preview renders the files that a device would get, or the one of a kind (P08).
// Secrets are masked; to reveal them needs the scope for it and is audited.
func (c CPEs) Preview(ctx context.Context, actor auth.Actor, customerID, id, kind string, reveal bool) ([]PreviewFile, error) {
	if !reveal {
		d, err := c.wanted(ctx, actor, customerID, id)
		if err != nil {
			return nil, err
		}
		return c.files(d, kind, c.key.Mask)
	}
	var d telephony.Desired
	err := c.change(ctx, actor, auth.ScopeReveal, customerID, "reveal_file", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) (err error) {
		if d, _, err = c.desired(tx, customerID, id); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "reveal_file", "cpe", id, nil, map[string]any{"kind": kind})
	})
	if err != nil {
		return nil, err
	}
	return c.files(d, kind, nil)
}

// wanted is what a device should be told now, for those who may see it.
func (c CPEs) wanted(ctx context.Context, actor auth.Actor, customerID, id string) (d telephony.Desired, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		d, _, err = c.desired(tx, customerID, id)
		return err
	})
	return d, err
}

// Diff compares what a device would get now with what it last took (P08). A
// secret that changed shows as changed, not what it is. A file that it took and
// would not get any more shows as gone.
func (c CPEs) Diff(ctx context.Context, actor auth.Actor, customerID, id string) ([]FileDiff, error) {
	var d telephony.Desired
	var served []storage.Served
	err := c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) (err error) {
		if d, _, err = c.desired(tx, customerID, id); err != nil {
			return err
		}
		served, err = tx.ServedFiles(customerID, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	files, err := c.files(d, "", c.key.Mask)
	if err != nil {
		return nil, err
	}
	took := map[string]storage.Served{}
	for _, s := range served {
		took[s.Kind] = s
	}
	list := []FileDiff{}
	compare := func(kind provision.FileKind, name, body string) error {
		s := took[string(kind)]
		before := ""
		if s.Kind != "" {
			if before, err = unpack(s); err != nil {
				return &telephony.Error{Code: telephony.Internal, Reason: "internal", Message: "reading a kept file", Err: err}
			}
		}
		list = append(list, FileDiff{Kind: kind, Name: name, Taken: s.Taken, Same: s.Kind != "" && before == body, Lines: provision.Diff(before, body)})
		delete(took, string(kind))
		return nil
	}
	for _, f := range files {
		if err := compare(f.Kind, f.Name, f.Body); err != nil {
			return nil, err
		}
	}
	for _, s := range served {
		if _, gone := took[s.Kind]; gone {
			if err := compare(provision.FileKind(s.Kind), s.Name, ""); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// Screen is what one sees of the device (U06): as its driver will make it, with
// which of its lines are registered and the time where it stands.
func (c CPEs) Screen(ctx context.Context, actor auth.Actor, customerID, id string) (s provision.Screen, err error) {
	var d telephony.Desired
	registered := map[int]bool{}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if d, _, err = c.desired(tx, customerID, id); err != nil {
			return err
		}
		bound, err := tx.BoundPorts(customerID, id)
		for _, l := range d.Lines {
			registered[l.Port] = bound[l.Port]
		}
		return err
	})
	if err != nil {
		return s, err
	}
	drv, err := c.drivers.Get(d.Driver)
	if err != nil {
		return s, err
	}
	at := c.now()
	if zone, err := time.LoadLocation(d.TimeZone); err == nil {
		at = at.In(zone)
	}
	return provision.ScreenOf(drv, d, "").Live(registered, at), nil
}
