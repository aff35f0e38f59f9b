package api

import (
	"time"

	"tischlein/internal/app"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

type cpeBody struct {
	ID          string           `json:"id"`
	MAC         string           `json:"mac,omitempty" example:"80:5e:c0:12:34:56"`
	Driver      string           `json:"driver"`
	Model       string           `json:"model,omitempty"`
	Name        string           `json:"name"`
	Ports       int              `json:"ports"`
	Lost        bool             `json:"lost" doc:"Lost or sold: it gets nothing, whatever it presents."`
	Attachments []attachmentBody `json:"attachments" nullable:"false"`
	Trust       trustBody        `json:"trust"`
	Dials       bool             `json:"dial_unregistered" doc:"Its model calls emergency numbers without a registration as well; false also where the maker does not say so."`
	Convergence convergenceBody  `json:"convergence"`
	Redirect    *redirectBody    `json:"redirect,omitempty" doc:"Its entry at the maker's redirect service; left out where none was wanted, and in lists."`
	Version     int64            `json:"version"`
}

type attachmentBody struct {
	ChannelID string    `json:"channel_id"`
	Port      int       `json:"port" doc:"From 1."`
	Since     time.Time `json:"since"`
}

type trustBody struct {
	Stage          telephony.Trust `json:"stage" enum:"none,pending,proven,frozen"`
	Way            string          `json:"way,omitempty" doc:"first_access, site_token, armed, pin or certificate."`
	At             time.Time       `json:"at,omitzero" doc:"When it became trusted."`
	Evidence       string          `json:"evidence,omitempty" doc:"What it showed then: a certificate's subject and issuer, a site token's name, an address."`
	Certified      bool            `json:"certified" doc:"It has shown its maker's certificate: it cannot be armed and gets no PIN before that is set aside."`
	PINUntil       time.Time       `json:"pin_until,omitzero" doc:"Until when its PIN is taken."`
	PINTries       int             `json:"pin_tries,omitempty" doc:"Wrong ones so far; the fifth ends it."`
	PendingAddress string          `json:"pending_address,omitempty" doc:"The only address it is served at until it is proven."`
	ArmedUntil     time.Time       `json:"armed_until,omitzero"`
	FrozenReason   string          `json:"frozen_reason,omitempty"`
	FrozenCode     whyCode         `json:"frozen_code,omitempty" doc:"What frozen_reason says, for programs: the sentence may change, the code does not."`
}

type convergenceBody struct {
	Pushable        bool                  `json:"pushable" doc:"It can be told to fetch now."`
	Fetches         bool                  `json:"fetches" doc:"It takes its configuration from us."`
	Applied         provision.Evidence    `json:"applied" doc:"What shows that a fetched configuration is in force; none: it is assumed."`
	Wanted          string                `json:"wanted,omitempty" doc:"The revision it should have."`
	Fetched         string                `json:"fetched,omitempty" doc:"The revision it has."`
	FetchedAt       time.Time             `json:"fetched_at,omitzero"`
	UserAgent       string                `json:"user_agent,omitempty"`
	Firmware        string                `json:"firmware,omitempty"`
	FetchAddress    string                `json:"fetch_address,omitempty" doc:"Where it last fetched from."`
	RegisterAddress string                `json:"register_address,omitempty" doc:"Where it last registered from."`
	Pushed          string                `json:"pushed,omitempty" doc:"The revision that the last push announced."`
	PushedAt        time.Time             `json:"pushed_at,omitzero"`
	PushOutcome     telephony.PushOutcome `json:"push_outcome,omitempty" doc:"answered, unsupported, unreachable, refused or unregistered."`
	PushStatus      int                   `json:"push_status,omitempty" doc:"The SIP status that said so."`
	NextPush        time.Time             `json:"next_push,omitzero"`
	RefusedAt       time.Time             `json:"refused_at,omitzero"`
	RefusedWhy      string                `json:"refused_why,omitempty"`
	RefusedCode     whyCode               `json:"refused_code,omitempty" doc:"What refused_why says, for programs: the sentence may change, the code does not."`
}

func showCPE(v app.CPEView) cpeBody {
	c := v.CPE
	return cpeBody{
		ID: c.ID, MAC: c.MAC.Colon(), Driver: c.Driver, Model: c.Model, Name: c.Name, Ports: c.Ports, Lost: c.Lost, Version: c.Version,
		Attachments: each(v.Attachments, func(a telephony.Attachment) attachmentBody { return attachmentBody{a.ChannelID, a.Port, a.Since} }),
		Dials:       v.DialUnregistered,
		Redirect:    showRedirect(v.Redirect),
		Trust:       trustBody{c.Trust, c.TrustWay, c.TrustAt, c.TrustEvidence, c.Certified, c.PINExpires, c.PINTries, address(c.PendingAddr), c.ArmedUntil, c.FrozenReason, codeOf(c.FrozenReason)},
		Convergence: convergenceBody{
			Pushable: v.Pushable, Fetches: v.Fetches, Applied: v.Applied, Wanted: c.Wanted, Fetched: c.Fetched, FetchedAt: c.FetchedAt,
			UserAgent: c.FetchedUA, Firmware: c.Firmware, FetchAddress: address(c.FetchAddr), RegisterAddress: address(c.RegisterAddr),
			Pushed: c.Pushed, PushedAt: c.PushedAt, PushOutcome: c.PushOutcome, PushStatus: c.PushStatus, NextPush: c.NextPush,
			RefusedAt: c.RefusedAt, RefusedWhy: c.RefusedWhy, RefusedCode: codeOf(c.RefusedWhy),
		},
	}
}
