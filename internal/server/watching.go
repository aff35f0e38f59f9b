package server

import (
	"context"

	"tischlein/internal/call"
	"tischlein/internal/storage"
)

// watching keeps who watches whom in the records (C12).
type watching struct{ *house }

var _ call.Records = watching{}

func (w watching) Load(ctx context.Context, each func(call.Record) error) error {
	return w.app.Subscriptions.Load(ctx, func(n storage.Subscription) error {
		return each(call.Record{ID: n.ID, CustomerID: n.CustomerID, ChannelIDs: []string{n.ChannelID}, State: n.State})
	})
}

func (w watching) Save(ctx context.Context, batch []call.Record) error {
	rows := make([]storage.Subscription, len(batch))
	for i, r := range batch {
		rows[i] = storage.Subscription{ID: r.ID, CustomerID: r.CustomerID, State: r.State}
		if len(r.ChannelIDs) > 0 {
			rows[i].ChannelID = r.ChannelIDs[0]
		}
	}
	return w.app.Subscriptions.Save(ctx, rows)
}

// Watch implements call.House.
func (c calls) Watch(ctx context.Context, channelID, event, number string) (call.Watched, error) {
	w, err := c.app.Calls.Watch(ctx, channelID, number, event == "message-summary")
	return call.Watched{CustomerID: w.CustomerID, Watcher: w.Watcher, Party: w.Party, Fresh: w.Messages.New, Old: w.Messages.Old}, err
}
