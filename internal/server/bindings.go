package server

import (
	"context"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// bindings keeps the registrar's bindings in the records.
type bindings struct{ *house }

func (b bindings) Load(ctx context.Context, each func(telephony.Binding) error) error {
	return b.app.Registrar.Load(ctx, each)
}

// Apply hands the last word about each channel on: the batch is in order, the
// records take what is put and what is removed as two sets.
func (b bindings) Apply(ctx context.Context, batch []sip.BindingChange) error {
	last := make(map[string]int, len(batch))
	for i, c := range batch {
		last[c.Binding.ChannelID] = i
	}
	var put []telephony.Binding
	var remove []string
	for i, c := range batch {
		switch {
		case last[c.Binding.ChannelID] != i:
		case c.Remove:
			remove = append(remove, c.Binding.ChannelID)
		default:
			put = append(put, c.Binding)
		}
	}
	return b.app.Registrar.Apply(ctx, put, remove)
}
