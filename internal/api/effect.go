package api

import "tischlein/internal/app"

type effectBody struct {
	Kind      string `json:"kind" doc:"linked, unlinked, logged_in, logged_off, kept (a linked login that stays), waiting_for_device, address_refused, attached, detached or multi_login_off."`
	ChannelID string `json:"channel_id,omitempty"`
	Channel   string `json:"channel,omitempty" doc:"The channel's name."`
	Extension string `json:"extension,omitempty" doc:"The extension's number."`
	Name      string `json:"name,omitempty" doc:"The extension's name."`
	Reason    string `json:"reason,omitempty" doc:"Why a login ended."`
	Address   string `json:"address,omitempty" doc:"The address that is not on the allowlist."`
}

// Outcome is what an action did, or would do.
type Outcome struct {
	Effects []effectBody `json:"effects" nullable:"false" doc:"What was done, or would be."`
	DryRun  bool         `json:"dry_run" doc:"Nothing was changed."`
}

func effectsOf(e []app.Effect, dryRun bool) Outcome {
	return Outcome{each(e, func(x app.Effect) effectBody { return effectBody(x) }), dryRun}
}

func outcomeOf(e []app.Effect, dryRun bool, err error) (*plain[Outcome], error) {
	if err != nil {
		return nil, err
	}
	return &plain[Outcome]{effectsOf(e, dryRun)}, nil
}
