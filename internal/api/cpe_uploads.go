package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

type uploadBody struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" doc:"As the device called it: letters, digits and ._- only."`
	Size      int64     `json:"size" doc:"Bytes, as it came."`
	Address   string    `json:"address"`
	UserAgent string    `json:"user_agent,omitempty"`
	At        time.Time `json:"at"`
}

func showUpload(u app.UploadView) uploadBody {
	return uploadBody{ID: u.ID, Name: u.Name, Size: u.Size, Address: u.Address, UserAgent: u.UserAgent, At: u.TakenAt}
}

// AtUpload names a file that a device has sent.
type AtUpload struct {
	AtCPE
	Upload string `path:"upload" doc:"The file's id."`
}

// sentFile is a file that a device has sent: foreign text, never to be rendered.
type sentFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// uploads are what devices have sent (P13).
func (r *routes) uploads() {
	const tag = "CPEs"
	a := &r.s.app.CPEs
	add(r, get(cpePath+"/uploads"), tag, "list-uploads", "List what a CPE has sent", "Logs, local settings, reports: one of each name, the newest first. The oldest make room.",
		func(ctx context.Context, actor auth.Actor, in *AtCPE) (*listed[uploadBody], error) {
			l, err := a.Uploads(ctx, actor, in.Customer, in.CPE)
			return &listed[uploadBody]{listBody[uploadBody]{Items: each(l, showUpload)}}, err
		})
	add(r, get(cpePath+"/uploads/{upload}"), tag, "get-upload", "Read what a CPE has sent", "Gives the file as text to be saved. Secrets of ours in it are masked.",
		func(ctx context.Context, actor auth.Actor, in *AtUpload) (*sentFile, error) {
			u, err := a.Upload(ctx, actor, in.Customer, in.CPE, in.Upload)
			return &sentFile{"text/plain; charset=utf-8", `attachment; filename="` + u.Name + `"`, u.Body}, err
		})
	add(r, remove(cpePath+"/uploads/{upload}"), tag, "delete-upload", "Delete what a CPE has sent", "The device may send it again.",
		func(ctx context.Context, actor auth.Actor, in *AtUpload) (*nothing, error) {
			return nil, a.DeleteUpload(ctx, actor, in.Customer, in.CPE, in.Upload)
		})
}
