package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Firmware keeps the files that phones can be told to take (P12). The operator
// keeps them: they are for the phones of all customers.
type Firmware struct{ *core }

// firmwareMost is the largest file where the settings say nothing, in bytes.
const firmwareMost = 512 << 20

// firmwareSet is what is known of files on disk, so that inventing names costs
// neither a disk nor the database anything (P05).
type firmwareSet struct {
	mu    sync.Mutex
	names map[string]time.Time // content/file name → since when
	until time.Time

	keeping sync.Mutex // held while a content gets or loses its name
}

// firmwareFor is how long the set is believed: another node may add one.
const firmwareFor = time.Minute

func (s *firmwareSet) forget() {
	s.mu.Lock()
	s.until = time.Time{}
	s.mu.Unlock()
}

// List lists all files, the newest first.
func (f Firmware) List(ctx context.Context, actor auth.Actor) (list []telephony.FirmwareFile, err error) {
	if err := installation(actor, auth.ScopeRead); err != nil {
		return nil, err
	}
	err = f.db.View(ctx, func(tx *storage.Tx) error { list, err = tx.FirmwareFiles(); return err })
	return list, err
}

func (f Firmware) check(x *telephony.FirmwareFile) (err error) {
	d, err := f.drivers.Get(x.Driver)
	if err != nil {
		return err
	}
	if !d.Info().Firmware {
		return telephony.Invalidf("driver", "firmware_unable", "phones of %s cannot be told from here which firmware to take", d.Info().Name)
	}
	for i, m := range x.Models {
		known, ok := d.Info().Model(m)
		if !ok {
			return telephony.Invalidf("models", "model_unknown", "%s has no model %q", d.Info().Name, m)
		}
		x.Models[i] = known.Name
	}
	slices.Sort(x.Models)
	x.Models = slices.Compact(x.Models)
	if x.Version, err = telephony.Name("version", x.Version); err != nil {
		return err
	}
	if n := x.FileName; n == "" || len(n) > 100 || strings.Trim(n, ".") == "" || strings.Trim(n, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return telephony.Invalidf("file_name", "file_name_malformed", "a file name has letters, digits and ._- only")
	}
	return nil
}

// Add keeps a file: its content on disk under its SHA-256, what it is in the
// records.
func (f Firmware) Add(ctx context.Context, actor auth.Actor, x telephony.FirmwareFile, content io.Reader) (telephony.FirmwareFile, error) {
	if err := installation(actor, auth.ScopeAdmin); err != nil {
		return x, err
	}
	if err := f.check(&x); err != nil {
		return x, err
	}
	if f.settings.FirmwareDir == "" {
		return x, &telephony.Error{Code: telephony.Unavailable, Reason: "firmware_off", Message: "no directory for firmware is set"}
	}
	tmp, err := f.receive(&x, content)
	if err != nil {
		return x, err
	}
	defer os.Remove(tmp) // once it is kept there is nothing of that name
	f.images.keeping.Lock()
	defer f.images.keeping.Unlock()
	if err := os.Rename(tmp, filepath.Join(f.settings.FirmwareDir, x.SHA256)); err != nil {
		return x, fmt.Errorf("writing firmware: %w", err)
	}
	err = f.db.Update(ctx, func(tx *storage.Tx) error {
		x.ID, x.CreatedAt, x.CreatedBy = storage.NewID(tx.Now), tx.Now, actor.Name
		if err := tx.InsertFirmware(x); err != nil {
			return err
		}
		tx.AfterCommit(f.images.forget)
		return audit(tx, actor, "", "create", "firmware", x.ID, nil, x)
	})
	if err != nil {
		f.discard(ctx, x.SHA256)
	}
	return x, err
}

// discard removes a content that no record names, such as that of a file that was
// refused. Where it cannot be said that none does, it stays.
func (f Firmware) discard(ctx context.Context, sum string) {
	var list []telephony.FirmwareFile
	err := f.db.View(context.WithoutCancel(ctx), func(tx *storage.Tx) (err error) { list, err = tx.FirmwareFiles(); return err })
	if err == nil && !slices.ContainsFunc(list, func(x telephony.FirmwareFile) bool { return x.SHA256 == sum }) {
		err = os.Remove(filepath.Join(f.settings.FirmwareDir, sum))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.log.ErrorContext(ctx, "removing firmware that was refused", "err", err)
	}
}

// receive writes the content into a file of its own and syncs it before it gets its
// name, which is its hash: a file that the records name is there after a crash.
func (f Firmware) receive(x *telephony.FirmwareFile, content io.Reader) (name string, err error) {
	dir, most := f.settings.FirmwareDir, f.settings.FirmwareMost
	if most <= 0 {
		most = firmwareMost
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the firmware directory: %w", err)
	}
	tmp, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return "", fmt.Errorf("writing firmware: %w", err)
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, h), io.LimitReader(content, most+1))
	switch {
	case err != nil:
		return "", &telephony.Error{Code: telephony.Invalid, Reason: "firmware_broken", Field: "file", Message: "the file did not arrive whole", Err: err}
	case n > most:
		return "", telephony.Invalidf("file", "firmware_large", "a firmware file has at most %d MiB", most>>20)
	case n == 0:
		return "", telephony.Invalidf("file", "firmware_empty", "the file is empty")
	}
	if err := errors.Join(tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("writing firmware: %w", err)
	}
	x.SHA256, x.Size = hex.EncodeToString(h.Sum(nil)), n
	return tmp.Name(), nil
}

// Remove forgets a file that no rollout names, and its content with the last one
// that has it.
func (f Firmware) Remove(ctx context.Context, actor auth.Actor, id string) error {
	if err := installation(actor, auth.ScopeAdmin); err != nil {
		return err
	}
	f.images.keeping.Lock() // nobody adds the same content meanwhile
	defer f.images.keeping.Unlock()
	return f.db.Update(ctx, func(tx *storage.Tx) error {
		x, err := tx.FirmwareFile(id)
		if err != nil {
			return err
		}
		last, err := tx.DeleteFirmware(id)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() {
			f.images.forget()
			if !last {
				return
			}
			if err := os.Remove(filepath.Join(f.settings.FirmwareDir, x.SHA256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				f.log.Error("removing firmware", "err", err)
			}
		})
		return audit(tx, actor, "", "delete", "firmware", id, x, nil)
	})
}

// Open opens a file for a phone that asks for it by its content's hash and its
// name. Nothing else in the directory can be reached.
func (f Firmware) Open(ctx context.Context, sum, name string) (*os.File, time.Time, error) {
	at, ok, err := f.known(ctx, sum+"/"+name)
	if err != nil {
		return nil, at, err
	}
	if !ok || len(sum) != 2*sha256.Size {
		return nil, at, telephony.NotFoundf("firmware")
	}
	file, err := os.Open(filepath.Join(f.settings.FirmwareDir, sum))
	if errors.Is(err, fs.ErrNotExist) { // kept by another node
		return nil, at, telephony.NotFoundf("firmware")
	}
	return file, at, err
}

func (f Firmware) known(ctx context.Context, name string) (time.Time, bool, error) {
	s := &f.images
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := f.now(); !now.Before(s.until) {
		names := map[string]time.Time{}
		err := f.db.View(ctx, func(tx *storage.Tx) error {
			list, err := tx.FirmwareFiles()
			for _, x := range list {
				names[x.SHA256+"/"+x.FileName] = x.CreatedAt
			}
			return err
		})
		if err != nil {
			return time.Time{}, false, err
		}
		s.names, s.until = names, now.Add(firmwareFor)
	}
	at, ok := s.names[name]
	return at, ok, nil
}
