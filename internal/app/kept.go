package app

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"io"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// What a device took is kept so that its next file can be compared with it
// (P08). It is made again from the records rather than carried along from the
// fetch: only so is it certain which secrets stand in it. Where the records have
// moved on meanwhile it is left out; the device is about to take the newer one.

// keptBatch is how many devices' files are kept in one transaction.
const keptBatch = 8

// keepLater has the files of a fetch kept in the background. A fetch that finds
// the queue full is left out: the device fetches again within the hour.
func (k *core) keepLater(f storage.Fetch) {
	select {
	case k.taken <- f:
	default:
	}
}

// keep writes what devices took until ctx ends, and what is waiting then. After
// each batch it rests for three times as long as it worked: a roll-out to all
// devices leaves the processor to their fetches.
func (k *core) keep(ctx context.Context) {
	for {
		select {
		case f := <-k.taken:
			started := time.Now()
			k.keepBatch(k.more(f))
			select {
			case <-time.After(3 * time.Since(started)):
			case <-ctx.Done():
			}
		case <-ctx.Done():
			return
		}
	}
}

// keepRest writes one last batch: what is left out is kept at the next fetch.
func (k *core) keepRest() {
	select {
	case f := <-k.taken:
		k.keepBatch(k.more(f))
	default:
	}
}

func (k *core) more(f storage.Fetch) []storage.Fetch {
	batch := []storage.Fetch{f}
	for len(batch) < keptBatch {
		select {
		case f := <-k.taken:
			batch = append(batch, f)
		default:
			return batch
		}
	}
	return batch
}

func (k *core) keepBatch(batch []storage.Fetch) {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	wanted := make([]*telephony.Desired, len(batch))
	err := k.db.View(ctx, func(tx *storage.Tx) error {
		for i, f := range batch {
			d, _, err := k.desired(tx, f.CustomerID, f.CPEID)
			if err != nil {
				continue // deleted meanwhile, or not to be rendered: nothing to keep
			}
			if rev, err := k.revision(d); err == nil && rev == f.Revision {
				wanted[i] = &d
			}
		}
		return nil
	})
	files := make([][]storage.Served, len(batch))
	w, badLevel := flate.NewWriter(io.Discard, flate.BestSpeed)
	err = errors.Join(err, badLevel)
	for i, d := range wanted {
		if d == nil || err != nil {
			continue
		}
		var rendered []PreviewFile
		if rendered, err = k.files(*d, "", k.key.Mask); err == nil {
			files[i], err = pack(w, rendered, batch[i].At)
		}
	}
	if err == nil {
		err = k.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
			for i, f := range batch {
				if wanted[i] == nil {
					continue
				}
				if err := tx.KeepServed(f.CustomerID, f.CPEID, f.Revision, files[i]); err != nil && telephony.CodeOf(err) != telephony.NotFound {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		k.log.Error("keeping what devices took failed", "count", len(batch), "err", err)
	}
}

// pack compresses with w, which costs more to make than a file takes.
func pack(w *flate.Writer, files []PreviewFile, at time.Time) (list []storage.Served, err error) {
	for _, f := range files {
		var b bytes.Buffer
		w.Reset(&b)
		if _, err := io.WriteString(w, f.Body); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		list = append(list, storage.Served{Kind: string(f.Kind), Name: f.Name, Body: b.Bytes(), Taken: at})
	}
	return list, nil
}

func unpack(s storage.Served) (string, error) {
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(s.Body)))
	return string(b), err
}

// files renders what a device would get: all of it, or one kind. Each secret is
// replaced by its mask; mask nil leaves them.
func (k *core) files(d telephony.Desired, kind string, mask func(telephony.Secret) string) ([]PreviewFile, error) {
	drv, err := k.drivers.Get(d.Driver)
	if err != nil {
		return nil, err
	}
	list := []PreviewFile{}
	for _, x := range drv.Info().Kinds {
		if kind != "" && kind != string(x) {
			continue
		}
		f, err := drv.Render(d, x)
		if telephony.CodeOf(err) == telephony.NotFound {
			continue // its phones can do without
		}
		if err != nil {
			return nil, err
		}
		body := f.Body
		if mask != nil {
			body = provision.Mask(body, mask, provision.SecretsOf(d)...)
		}
		list = append(list, PreviewFile{Kind: x, Name: f.Name, ContentType: f.ContentType, Body: string(body), Revealed: mask == nil})
	}
	if kind != "" && len(list) == 0 {
		return nil, telephony.NotFoundf("file")
	}
	return list, nil
}
