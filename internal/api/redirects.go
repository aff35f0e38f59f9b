package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type redirectOrder struct {
	Serial string `json:"serial,omitempty" maxLength:"64" doc:"The device's serial number, for services that ask for it, or the last four characters of a Gigaset's MAC-ID; left out, what was said before."`
}

type redirectBody struct {
	Service     string                  `json:"service" doc:"yealink_rps, snom_sraps, grandstream_gdms, poly_lens or gigaset_redirect."`
	Wanted      bool                    `json:"wanted" doc:"An entry that leads to us; else that there be none."`
	FirstAccess bool                    `json:"first_access" doc:"It leads to a first-access URL that is still good; else to where every phone begins."`
	State       telephony.RedirectState `json:"state" enum:"waiting,set,owned_by_another,refused,unavailable"`
	Detail      string                  `json:"detail,omitempty" doc:"The service's words."`
	Serial      string                  `json:"serial,omitempty"`
	Tries       int                     `json:"tries"`
	NextAt      time.Time               `json:"next_at" doc:"When it is looked at again."`
	ChangedAt   time.Time               `json:"changed_at" doc:"When the state last changed."`
}

func showRedirect(r *telephony.Redirect) *redirectBody {
	if r == nil {
		return nil
	}
	return &redirectBody{
		Service: r.Service, Wanted: r.Wanted, FirstAccess: r.Fresh, State: r.State, Detail: r.Detail, Serial: r.Serial,
		Tries: r.Tries, NextAt: r.Next, ChangedAt: r.ChangedAt,
	}
}

// cpeRedirects are the actions on a CPE's entry at its maker's redirect service.
func (r *routes) cpeRedirects() {
	const tag = "CPEs"
	a := &r.s.app.Redirects
	add(r, put(cpePath+"/redirect"), tag, "redirect-cpe", "Have the maker's redirect service lead a CPE here",
		"Makes a first-access URL, an earlier one ends, and has it written to the service; how that went is in the CPE's redirect.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			Body redirectOrder
		}) (*single[cpeBody], error) {
			v, err := a.Put(ctx, actor, in.Customer, in.CPE, in.Body.Serial)
			return seen(v), err
		})
	add(r, remove(cpePath+"/redirect"), tag, "unredirect-cpe", "Give a CPE free at the maker's redirect service", "The entry is removed as soon as the service can be reached.", changesCPE(a.Remove))
	add(r, post(cpePath+"/redirect/retry"), tag, "retry-redirect", "Ask the maker's redirect service again now", "After another owner has given the device free, or the account was mended.", changesCPE(a.Retry))
}

func seen(v app.CPEView) *single[cpeBody] {
	return &single[cpeBody]{etag(v.CPE.Version), showCPE(v)}
}
