package app

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// UploadView is a file that a device has sent (P13). Foreign text: it is shown as
// text or saved, never as a page.
type UploadView struct {
	ID        string
	Name      string
	Size      int64 // as it came
	Address   string
	UserAgent string
	TakenAt   time.Time
	Body      []byte // Upload only; our secrets in it are masked
}

// What is kept of one device. A phone that sends more drops its oldest: the newest
// is what somebody looks for.
const (
	uploadsKept      = 20
	uploadBytesKept  = 8 << 20
	uploadsPerMinute = 30
)

// Upload is what a device sends.
type Upload struct {
	Name      string
	From      netip.Addr
	UserAgent string
	Body      []byte
}

// paces counts what devices send in the present minute.
type paces struct {
	mu     sync.Mutex
	minute int64
	sent   map[string]int
}

func (p *paces) pass(id string, now time.Time, most int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := now.Unix() / 60; m != p.minute || p.sent == nil {
		p.minute, p.sent = m, map[string]int{}
	}
	if p.sent[id] >= most {
		return false
	}
	p.sent[id]++
	return true
}

// Upload keeps a file that a device sent. Secrets of ours in it are masked before
// it is written: a phone's report may hold its whole configuration (X01, P14).
func (d Devices) Upload(ctx context.Context, dev Device, u Upload) (fresh bool, err error) {
	if !d.sending.pass(dev.ID, d.now(), uploadsPerMinute) {
		return false, &telephony.Error{Code: telephony.TooMany, Reason: "uploads_too_many", Message: "the device sends too many files"}
	}
	secrets, err := d.secretsAt(ctx, dev)
	if err != nil {
		return false, err
	}
	body, err := deflate(provision.Mask(u.Body, d.key.Mask, secrets...))
	if err != nil {
		return false, fmt.Errorf("compressing an upload: %w", err)
	}
	err = d.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		c, err := tx.CPE(dev.CustomerID, dev.ID)
		if err != nil {
			return err
		}
		fresh, err = tx.PutUpload(dev.CustomerID, storage.Upload{ID: storage.NewID(tx.Now), CPEID: dev.ID, Name: u.Name, Size: int64(len(u.Body)), Body: body,
			Address: u.From.String(), UserAgent: u.UserAgent, TakenAt: tx.Now})
		if err != nil {
			return err
		}
		if err := trim(tx, dev); err != nil {
			return err
		}
		if !fresh { // logs come again and again
			d.tell(tx, dev.CustomerID, "cpe", dev.ID, "uploaded", u.Name)
			return nil
		}
		return d.happened(tx, c, "uploaded", u.From, u.Name)
	})
	return fresh, err
}

// secretsAt are all secrets of ours that the device may know: those it should have,
// those before them that still count, and how it shows its HTTP password.
func (d Devices) secretsAt(ctx context.Context, dev Device) (secrets []telephony.Secret, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		want, x, err := d.desired(tx, dev.CustomerID, dev.ID)
		if err != nil {
			return err
		}
		secrets = provision.SecretsOf(want)
		for _, l := range want.Lines {
			if l.SIPUser == "" {
				continue
			}
			k, err := tx.CredentialsByUser(l.SIPUser)
			if err != nil {
				return err
			}
			if len(k.Previous) > 0 {
				old, err := d.key.Open(k.Previous, "sip "+k.ChannelID)
				if err != nil {
					return err
				}
				secrets = append(secrets, old)
			}
		}
		h, err := d.httpLogin(tx, x.CPE)
		if err != nil {
			return err
		}
		for user, password := range map[string]telephony.Secret{h.User: h.Password, h.PrevUser: h.PrevPassword} {
			if password != "" {
				basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password.Reveal())) // RFC 7617
				secrets = append(secrets, password, telephony.Secret(basic))
			}
		}
		return nil
	})
	return secrets, err
}

// trim drops a device's oldest files until it has no more than its share.
func trim(tx *storage.Tx, dev Device) error {
	list, err := tx.Uploads(dev.CustomerID, dev.ID)
	if err != nil {
		return err
	}
	var all int64
	for i, u := range list {
		if all += u.Size; i == 0 || i < uploadsKept && all <= uploadBytesKept {
			continue
		}
		if err := tx.DeleteUpload(dev.CustomerID, dev.ID, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// Noted has a line in a device's history about an odd request. Nothing is wrong
// with the device for it.
func (d Devices) Noted(_ context.Context, dev Device, from netip.Addr, what string) {
	d.note(note{odd: &refusal{CustomerID: dev.CustomerID, CPEID: dev.ID, From: from, Why: what}})
}

// Uploads lists what a device has sent, newest first.
func (c CPEs) Uploads(ctx context.Context, actor auth.Actor, customerID, id string) (list []UploadView, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if _, err := tx.CPE(customerID, id); err != nil {
			return err
		}
		rows, err := tx.Uploads(customerID, id)
		list = []UploadView{}
		for _, u := range rows {
			list = append(list, uploadView(u))
		}
		return err
	})
	return list, err
}

func uploadView(u storage.Upload) UploadView {
	return UploadView{ID: u.ID, Name: u.Name, Size: u.Size, Address: u.Address, UserAgent: u.UserAgent, TakenAt: u.TakenAt}
}

// Upload reads one file that a device has sent.
func (c CPEs) Upload(ctx context.Context, actor auth.Actor, customerID, id, upload string) (v UploadView, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		u, err := tx.UploadBody(customerID, id, upload)
		if err != nil {
			return err
		}
		v = uploadView(u)
		if v.Body, err = io.ReadAll(flate.NewReader(bytes.NewReader(u.Body))); err != nil {
			return &telephony.Error{Code: telephony.Internal, Reason: "internal", Message: "reading an upload", Err: err}
		}
		return nil
	})
	return v, err
}

// DeleteUpload removes one file that a device has sent.
func (c CPEs) DeleteUpload(ctx context.Context, actor auth.Actor, customerID, id, upload string) error {
	return c.change(ctx, actor, auth.ScopeWrite, customerID, "delete_upload", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		u, err := tx.UploadBody(customerID, id, upload)
		if err != nil {
			return err
		}
		if err := tx.DeleteUpload(customerID, id, upload); err != nil {
			return err
		}
		c.tell(tx, customerID, "cpe", id, "changed", "")
		return audit(tx, actor, customerID, "delete_upload", "cpe", id, map[string]any{"name": u.Name}, nil)
	})
}

func deflate(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
