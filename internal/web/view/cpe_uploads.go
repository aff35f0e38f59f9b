package view

import (
	"context"
	"time"

	"tischlein/internal/web/text"
)

// CPEUpload is a file that a device has sent.
type CPEUpload struct {
	ID, Name string
	Size     int64 // bytes
	TakenAt  time.Time
}

// fileSize is a number of bytes as people say it.
func fileSize(ctx context.Context, n int64) string {
	switch p := text.From(ctx); {
	case n >= 10<<20:
		return p.Number(int(n>>20)) + " MiB"
	case n >= 10<<10:
		return p.Number(int(n>>10)) + " KiB"
	default:
		return p.Number(int(n)) + " B"
	}
}
