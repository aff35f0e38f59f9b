package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type keyBody struct {
	Kind  telephony.KeyKind `json:"kind" enum:"blf,speed_dial,hotdesk" doc:"blf watches an extension and calls it; speed_dial dials; hotdesk says where the key for logging in and out stands."`
	Label string            `json:"label,omitempty" maxLength:"160" doc:"Beside the key; absent: the name of whom it watches, or the number."`
	Value string            `json:"value,omitempty" maxLength:"160" doc:"blf: the number of an extension of the customer, which the key follows when it gets another; speed_dial: what is dialled." example:"102"`
}

func showKey(k telephony.Key) keyBody { return keyBody(k) }

func (k keyBody) key() telephony.Key { return telephony.Key(k) }

type keyFitBody struct {
	CPEID string    `json:"cpe_id"`
	Name  string    `json:"name"`
	Model string    `json:"model" doc:"The maker and the model."`
	Room  int       `json:"room" doc:"The programmable keys that it has in all."`
	Left  []keyBody `json:"left" nullable:"false" doc:"The person's keys for which it has no room."`
}

func showKeyFit(f app.KeyFit) keyFitBody {
	return keyFitBody{f.CPEID, f.Name, f.Model, f.Room, each(f.Left, showKey)}
}

type keyFits struct {
	Items []keyFitBody `json:"items" nullable:"false"`
}

func (r *routes) extensionKeys() {
	a := &r.s.app.Extensions
	add(r, get(extensionPath+"/key-fits"), "Extensions", "list-key-fits", "See which keys do not fit", "Lists the phones at which the extension is logged in, each with the person's keys that it has no room for.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*plain[keyFits], error) {
			l, err := a.KeyFits(ctx, actor, in.Customer, in.Extension)
			return &plain[keyFits]{keyFits{each(l, showKeyFit)}}, err
		})
}
