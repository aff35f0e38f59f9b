package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// writeTimeout is how long a reader of events may leave a write hanging.
const writeTimeout = 10 * time.Second

type eventBody struct {
	At         time.Time `json:"at"`
	CustomerID string    `json:"customer_id"`
	Kind       string    `json:"kind" doc:"channel, extension, cpe or customer."`
	ID         string    `json:"id" doc:"Of the object; read it anew."`
	What       string    `json:"what" doc:"linked, unlinked, logged_in, logged_off, pushed, fetched, registered, unregistered, changed and others."`
	Detail     string    `json:"detail,omitempty"`
	DetailCode whyCode   `json:"detail_code,omitempty"`
}

type eventsInput struct {
	Customer    string `query:"customer" doc:"Only this customer's; without it, all, for the operator."`
	LastEventID string `header:"Last-Event-ID" doc:"The id of the last event seen: what came after it is sent first, as far as it is remembered."`
}

func (r *routes) events() {
	const text = "A stream of server-sent events. The data of each is a small JSON object that names what changed; read that object anew. A comment is sent every 15 seconds as a sign of life. When the stream ends, connect again with Last-Event-ID."
	add(r, get("/v1/events"), "Events", "stream-events", "Watch what changes", text,
		func(ctx context.Context, actor auth.Actor, in *eventsInput) (*huma.StreamResponse, error) {
			var after uint64
			if in.LastEventID != "" {
				n, err := strconv.ParseUint(in.LastEventID, 10, 64)
				if err != nil {
					return nil, telephony.Invalidf("header.Last-Event-ID", "event_id_malformed", "the id of an event is a number")
				}
				after = n
			}
			ctx, cancel := context.WithCancel(ctx)
			events, err := r.s.app.Events.Subscribe(ctx, actor, in.Customer, after)
			if err != nil {
				cancel()
				return nil, err
			}
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				defer cancel()
				_, w := humago.Unwrap(hc)
				stream(ctx, w, events, r.s.heartbeat)
			}}, nil
		}, func(_ *routes, op *huma.Operation) {
			schema := huma.Schema{Type: huma.TypeString, Description: "data: lines with the event as JSON."}
			op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &schema}}}}
		})
}

// stream writes events until they end, or the reader goes or hangs.
func stream(ctx context.Context, w http.ResponseWriter, events <-chan app.Event, heartbeat time.Duration) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy in between must not collect them
	w.WriteHeader(http.StatusOK)
	c := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text := ": hello\n\n"
	for {
		c.SetWriteDeadline(time.Now().Add(writeTimeout)) // where it is not supported, the server's own deadline counts
		if _, err := io.WriteString(w, text); err != nil || c.Flush() != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			text = ": still here\n\n"
		case e, more := <-events:
			if !more {
				return
			}
			text = eventText(e)
		}
	}
}

func eventText(e app.Event) string {
	b, err := json.Marshal(eventBody{At: e.At, CustomerID: e.CustomerID, Kind: e.Kind, ID: e.ID, What: e.What, Detail: e.Detail, DetailCode: codeOf(e.Detail)})
	if err != nil {
		return ": an event could not be written\n\n"
	}
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, b)
}
