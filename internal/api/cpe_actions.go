package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type urlBody struct {
	URL string `json:"url" doc:"A secret: whoever has it gets the device's configuration."`
}

// WhichSecrets is the choice of secrets.
type WhichSecrets struct {
	What []string `query:"what" doc:"sip, http, admin, token; all if left out."`
}

type rotatedBody struct {
	Devices int  `json:"devices" doc:"How many there are."`
	DryRun  bool `json:"dry_run" doc:"Nothing was changed."`
}

type pinBody struct {
	PIN string `json:"pin" doc:"Shown once; the user name is of no importance."`
	URL string `json:"url" doc:"The provisioning URL to enter at the phone."`
}

type lostOrder struct {
	Lost bool `json:"lost"`
}

type historyBody struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Address string    `json:"address,omitempty"`
	Detail  string    `json:"detail,omitempty"`
	Code    whyCode   `json:"detail_code,omitempty" doc:"What detail says, for programs, where it tells why the device was refused or what was odd about it."`
}

func showHistory(e app.HistoryEntry) historyBody {
	return historyBody{e.ID, e.At, e.Kind, e.Address, e.Detail, codeOf(e.Detail)}
}

// changesCPE is an action that answers with the CPE as it is after.
func changesCPE(f func(context.Context, auth.Actor, string, string) (app.CPEView, error)) handler[AtCPE, single[cpeBody]] {
	return func(ctx context.Context, actor auth.Actor, in *AtCPE) (*single[cpeBody], error) {
		v, err := f(ctx, actor, in.Customer, in.CPE)
		return &single[cpeBody]{etag(v.CPE.Version), showCPE(v)}, err
	}
}

func tellsCPE(f func(context.Context, auth.Actor, string, string) error) handler[AtCPE, nothing] {
	return func(ctx context.Context, actor auth.Actor, in *AtCPE) (*nothing, error) {
		return nil, f(ctx, actor, in.Customer, in.CPE)
	}
}

func givesURL(f func(context.Context, auth.Actor, string, string) (telephony.Secret, error)) handler[AtCPE, plain[urlBody]] {
	return func(ctx context.Context, actor auth.Actor, in *AtCPE) (*plain[urlBody], error) {
		u, err := f(ctx, actor, in.Customer, in.CPE)
		return &plain[urlBody]{urlBody{u.Reveal()}}, err
	}
}

func (r *routes) cpeActions() {
	const tag = "CPEs"
	a := &r.s.app.CPEs
	add(r, put(cpePath+"/arm"), tag, "arm-cpe", "Arm a CPE", "For a short while the device with this MAC is given its configuration at its first contact, and proves itself by registering from there.", changesCPE(a.Arm))
	add(r, remove(cpePath+"/arm"), tag, "disarm-cpe", "Disarm a CPE", "Ends the armed window.", changesCPE(a.Disarm))
	add(r, post(cpePath+"/first-access"), tag, "make-first-access", "Make a first-access URL", "Typed into the device, it works once. An older one ends.", givesURL(a.FirstAccess), hasSecret)
	add(r, post(cpePath+"/pin"), tag, "make-device-pin", "Make a CPE's PIN", "Six digits, typed at the phone as the password of the URL given; five tries, seven days, once. An older one ends.",
		func(ctx context.Context, actor auth.Actor, in *AtCPE) (*plain[pinBody], error) {
			pin, url, err := a.MakePIN(ctx, actor, in.Customer, in.CPE)
			return &plain[pinBody]{pinBody{pin.Reveal(), url}}, err
		}, hasSecret)
	add(r, post(cpePath+"/unfreeze"), tag, "unfreeze-cpe", "Set a frozen CPE free", "It has to prove itself anew.", changesCPE(a.Unfreeze))
	add(r, post(cpePath+"/url"), tag, "reveal-url", "Reveal a CPE's permanent URL", "Needs the scope reveal and is written to the audit log.", givesURL(a.Reveal), hasSecret)
	add(r, post(cpePath+"/resync"), tag, "resync-cpe", "Tell a CPE to fetch", "Sends check-sync as soon as the device can be reached.", tellsCPE(a.Resync))
	add(r, post(cpePath+"/reboot"), tag, "reboot-cpe", "Restart a CPE", "Sends the vendor's reboot event as soon as the device can be reached.", tellsCPE(a.Reboot))
	add(r, post(cpePath+"/rotate"), tag, "rotate-cpe", "Rotate a CPE's secrets", "The device fetches the new ones by itself; the old ones lead it there. They are accepted until the new ones were used, for 7 days at most.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			MayDryRun
			WhichSecrets
		}) (*plain[Outcome], error) {
			e, err := a.Rotate(ctx, actor, in.Customer, in.CPE, in.What, in.DryRun)
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, post("/v1/customers/{customer}/rotate"), tag, "rotate-cpes", "Rotate the secrets of all CPEs", "As for one CPE; it goes on after the answer, device by device.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			MayDryRun
			WhichSecrets
		}) (*plain[rotatedBody], error) {
			n, err := a.RotateAll(ctx, actor, in.Customer, in.What, in.DryRun)
			return &plain[rotatedBody]{rotatedBody{n, in.DryRun}}, err
		})
	add(r, post(cpePath+"/forget-certificate"), tag, "forget-certificate", "Set a CPE's certificate aside", "It may be armed again, or given a PIN, although it has once shown its maker's certificate.", changesCPE(a.ForgetCertificate))
	add(r, put(cpePath+"/lost"), tag, "mark-lost", "Mark a CPE as lost, or found", "A lost device gets nothing, whatever it presents.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			Body lostOrder
		}) (*single[cpeBody], error) {
			v, err := a.Lost(ctx, actor, in.Customer, in.CPE, in.Body.Lost)
			return &single[cpeBody]{etag(v.CPE.Version), showCPE(v)}, err
		})
	add(r, get(cpePath+"/history"), tag, "list-cpe-history", "List a CPE's history", "What the device did and what was done with it, newest first.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			Page
		}) (*listed[historyBody], error) {
			l, err := a.History(ctx, actor, in.Customer, in.CPE, in.query())
			return listOf(l, showHistory), err
		})
}
