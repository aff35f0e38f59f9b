package app_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// ids name objects in a use case.
type ids struct{ customer, channel, extension, cpe, number, trunk, direct, upload string }

// useCase is one thing an actor can ask of a customer's object. Its name begins
// with the method that it calls.
type useCase struct {
	name  string
	needs auth.Scope
	run   func(a *app.App, who auth.Actor, x ids) error
}

func second[T any](_ T, err error) error { return err }

func same[T any](*T) error { return nil }

var useCases = []useCase{
	{"Links.Link", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Link(bg, w, app.LinkRequest{CustomerID: x.customer, ChannelID: x.channel, ExtensionID: x.extension, Side: telephony.FromChannel}))
	}},
	{"Links.Link as a dry run", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Link(bg, w, app.LinkRequest{CustomerID: x.customer, ChannelID: x.channel, ExtensionID: x.extension, Side: telephony.FromExtension, DryRun: true}))
	}},
	{"Links.Unlink", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Unlink(bg, w, x.customer, x.channel, false))
	}},
	{"Logins.Login", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Logins.Login(bg, w, app.LoginRequest{CustomerID: x.customer, ChannelID: x.channel, Number: x.number, PIN: pin, Path: "api"}))
	}},
	{"Logins.Logout", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Logins.Logout(bg, w, x.customer, x.channel, false))
	}},
	{"Logins.LogoutAll", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Logins.LogoutAll(bg, w, x.customer, x.extension, false))
	}},
	{"Desks.Here", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Desks.Here(bg, w, x.customer, x.channel))
	}},
	{"Desks.LogIn", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Desks.LogIn(bg, w, app.LoginRequest{CustomerID: x.customer, ChannelID: x.channel, Number: x.number, PIN: pin, Path: "key"})
		return err
	}},
	{"Desks.LogOut", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Desks.LogOut(bg, w, app.LogoutRequest{CustomerID: x.customer, ChannelID: x.channel}))
	}},
	{"Desks.Mine", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Desks.Mine(bg, w, x.customer, x.extension))
	}},
	{"Desks.ChangePIN", auth.ScopeLogin, func(a *app.App, w auth.Actor, x ids) error {
		return a.Desks.ChangePIN(bg, w, app.PINChange{CustomerID: x.customer, ExtensionID: x.extension, Old: pin, New: pin})
	}},
	{"Channels.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Get(bg, w, x.customer, x.channel))
	}},
	{"Channels.Explain", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Explain(bg, w, x.customer, x.channel))
	}},
	{"Channels.Linkable", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Linkable(bg, w, x.customer, x.channel, app.Query{}))
	}},
	{"Channels.Choices", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Choices(bg, w, x.customer, x.channel, app.Query{}))
	}},
	{"Channels.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Update(bg, w, x.customer, x.channel, 0, same))
	}},
	{"Channels.Arrange", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Channels.Arrange(bg, w, app.Furnishing{CustomerID: x.customer, ChannelID: x.channel, Change: same[telephony.Channel]})
		return err
	}},
	{"Extensions.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Get(bg, w, x.customer, x.extension))
	}},
	{"Extensions.Linkable", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Linkable(bg, w, x.customer, x.extension, app.Query{}))
	}},
	{"Extensions.Choices", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Choices(bg, w, x.customer, x.extension, app.Query{}))
	}},
	{"Extensions.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Extensions.Update(bg, w, x.customer, x.extension, 0, false, false, same)
		return err
	}},
	{"Extensions.Arrange", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Extensions.Arrange(bg, w, app.Arrangement{CustomerID: x.customer, ExtensionID: x.extension, Change: same[telephony.Extension]})
		return err
	}},
	{"Overrides.Get of a device", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Overrides.Get(bg, w, app.OverridePlace{CustomerID: x.customer, CPEID: x.cpe}))
	}},
	{"Overrides.Change of a device", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Overrides.Change(bg, w, app.OverridePlace{CustomerID: x.customer, CPEID: x.cpe}, 0, app.OverridePatch{Set: map[string]string{"lang.gui": "Dutch"}}))
	}},
	{"Overrides.Parameters", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Overrides.Parameters(bg, w, app.OverridePlace{CustomerID: x.customer, CPEID: x.cpe}, ""))
	}},
	{"Extensions.KeyFits", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.KeyFits(bg, w, x.customer, x.extension))
	}},
	{"Extensions.Messages", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Messages(bg, w, x.customer, x.extension))
	}},
	{"Extensions.SetMessages", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.SetMessages(bg, w, x.customer, x.extension, telephony.Messages{New: 1})
	}},
	{"Extensions.SetPIN", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.SetPIN(bg, w, x.customer, x.extension, pin)
	}},
	{"Extensions.Unlock", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.Unlock(bg, w, x.customer, x.extension)
	}},
	{"CPEs.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Get(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.History", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.History(bg, w, x.customer, x.cpe, app.Query{}))
	}},
	{"CPEs.Preview", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Preview(bg, w, x.customer, x.cpe, "", false))
	}},
	{"CPEs.Preview with its secrets", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Preview(bg, w, x.customer, x.cpe, "", true))
	}},
	{"CPEs.Diff", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Diff(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Screen", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Screen(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Update(bg, w, x.customer, x.cpe, 0, same))
	}},
	{"CPEs.Attach", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Attach(bg, w, x.customer, x.cpe, x.channel, 0, false))
	}},
	{"CPEs.Resync", auth.ScopePush, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Resync(bg, w, x.customer, x.cpe) }},
	{"CPEs.Reboot", auth.ScopePush, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Reboot(bg, w, x.customer, x.cpe) }},
	{"CPEs.Arm", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return second(a.CPEs.Arm(bg, w, x.customer, x.cpe)) }},
	{"CPEs.Disarm", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Disarm(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.FirstAccess", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.FirstAccess(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Reveal", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Reveal(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Credentials", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.CPEs.Credentials(bg, w, x.customer, x.channel)
		return err
	}},
	{"CPEs.Rotate", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Rotate(bg, w, x.customer, x.cpe, nil, false))
	}},
	{"CPEs.Unfreeze", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Unfreeze(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.MakePIN", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.CPEs.MakePIN(bg, w, x.customer, x.cpe)
		return err
	}},
	{"CPEs.ForgetCertificate", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.ForgetCertificate(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Uploads", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Uploads(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Upload", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Upload(bg, w, x.customer, x.cpe, x.upload))
	}},
	{"CPEs.DeleteUpload", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.CPEs.DeleteUpload(bg, w, x.customer, x.cpe, x.upload)
	}},
	{"Redirects.Put", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Redirects.Put(bg, w, x.customer, x.cpe, ""))
	}},
	{"Redirects.Retry", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Redirects.Retry(bg, w, x.customer, x.cpe))
	}},
	{"Redirects.Remove", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Redirects.Remove(bg, w, x.customer, x.cpe))
	}},
	{"CPEs.Detach", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Detach(bg, w, x.customer, x.channel, false))
	}},
	{"CPEs.Lost", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Lost(bg, w, x.customer, x.cpe, true))
	}},
	{"CPEs.Delete", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Delete(bg, w, x.customer, x.cpe, 0) }},
	{"Extensions.Delete", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.Delete(bg, w, x.customer, x.extension, 0)
	}},
	{"Channels.Delete", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return a.Channels.Delete(bg, w, x.customer, x.channel, 0) }},
}

// account are use cases on the customer itself: it alone can be foreign.
var account = []useCase{
	{"Customers.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error { return second(a.Customers.Get(bg, w, x.customer)) }},
	{"SiteTokens.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.SiteTokens.List(bg, w, x.customer, app.Query{}))
	}},
	{"SiteTokens.Create", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.SiteTokens.Create(bg, w, x.customer, app.SiteToken{Name: "x", Devices: 1, Addresses: []string{"192.0.2.1"}, Expires: time.Now().Add(time.Hour)})
		return err
	}},
	{"CPEs.RotateAll", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.RotateAll(bg, w, x.customer, nil, false))
	}},
	{"Customers.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Update(bg, w, x.customer, 0, same))
	}},
	{"Customers.Allowlist", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Allowlist(bg, w, x.customer))
	}},
	{"Customers.Allow", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Allow(bg, w, x.customer, "192.0.2.99", ""))
	}},
	{"Customers.Disallow", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Customers.Disallow(bg, w, x.customer, "192.0.2.99")
	}},
	{"Customers.WouldFail", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.WouldFail(bg, w, x.customer, true, ""))
	}},
	{"Customers.ListingEffect", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Customers.ListingEffect(bg, w, x.customer, true, "")
		return err
	}},
	{"Overrides.Get of a customer", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Overrides.Get(bg, w, app.OverridePlace{Vendor: "yealink", CustomerID: x.customer}))
	}},
	{"Overrides.Change of a customer", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Overrides.Change(bg, w, app.OverridePlace{Vendor: "yealink", CustomerID: x.customer}, 0, app.OverridePatch{Set: map[string]string{"lang.gui": "Dutch"}}))
	}},
	{"Channels.Create", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Create(bg, w, telephony.Channel{CustomerID: x.customer, Name: "Neuer Platz"}))
	}},
	{"Extensions.Create", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Create(bg, w, telephony.Extension{CustomerID: x.customer, Number: "99", Name: "Neu"}, ""))
	}},
	{"CPEs.Create", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Create(bg, w, telephony.CPE{CustomerID: x.customer, Driver: "yealink", MAC: "805ec00000ff"}))
	}},
	{"Channels.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.List(bg, w, x.customer, app.Query{}))
	}},
	{"Extensions.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.List(bg, w, x.customer, app.Query{}))
	}},
	{"CPEs.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.List(bg, w, x.customer, app.Query{}))
	}},
	{"Audit.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Audit.List(bg, w, x.customer, app.AuditQuery{}))
	}},
	{"Audit.Export", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		for _, err := range a.Audit.Export(bg, w, x.customer, app.AuditQuery{}) {
			return err
		}
		return nil
	}},
	{"Customers.Size", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Size(bg, w, x.customer))
	}},
	{"Customers.Health", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Health(bg, w, x.customer))
	}},
	{"Events.Subscribe", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Events.Subscribe(bg, w, x.customer, 0))
	}},
}

// elsewhere are the use cases that name no customer, and where their reach is
// proven instead.
var elsewhere = map[string]string{
	"Customers.List":      "TestD24_EverybodyListsWhatTheySee",
	"Customers.Overview":  "TestD24_OverviewAndSearchStayWithinReach",
	"SiteTokens.Void":     "TestP03_SiteTokenOnceForEachListedDevice",
	"Desks.ByNumber":      "TestX02_APhoneActsAtItsOwnChannelOnly",
	"Audit.Undo":          "TestU12_UndoIsForAdministratorsWithinReach",
	"Customers.Create":    "TestX02_PartnersMakeCustomersOfTheirOwn",
	"Customers.Delete":    "TestX02_OnlyOperatorAndPartnerRemoveACustomer",
	"Partners.List":       "TestX02_PartnersAreTheOperatorsAlone",
	"Partners.Get":        "TestX02_PartnersAreTheOperatorsAlone",
	"Partners.Create":     "TestX02_PartnersAreTheOperatorsAlone",
	"Partners.Update":     "TestX02_PartnersAreTheOperatorsAlone",
	"Partners.Delete":     "TestX02_PartnersAreTheOperatorsAlone",
	"Tokens.List":         "TestD24_TokensAreListedAndRevokedWithinReach",
	"Tokens.Create":       "TestX02_NobodyMakesATokenBeyondTheirReach",
	"Tokens.Get":          "TestD24_TokensAreListedAndRevokedWithinReach",
	"Tokens.Revoke":       "TestD24_TokensAreListedAndRevokedWithinReach",
	"Events.SubscribeOwn": "TestX02_EndUsersHearOfTheirOwnExtensionOnly",
	"Events.Within":       "TestD24_EventsStayWithinReach",
	"Fleet.Summary":       "TestP10_FleetCountsWhoHasArrivedAndNamesWhoHasNot",
	"Fleet.Laggards":      "TestP10_FleetCountsWhoHasArrivedAndNamesWhoHasNot",
	"Firmware.List":       "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Firmware.Add":        "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Firmware.Remove":     "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.List":       "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Get":        "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Create":     "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Update":     "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Pause":      "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Resume":     "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Retry":      "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.End":        "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",
	"Rollouts.Laggards":   "TestX02_FirmwareAndRolloutsAreTheOperatorsAlone",

	"Users.List":               "TestD24_ForeignUsersAreNotFound",
	"Users.Get":                "TestD24_ForeignUsersAreNotFound",
	"Users.Create":             "TestU09_NobodyGrantsMoreThanTheyHave",
	"Users.Update":             "TestD24_ForeignUsersAreNotFound",
	"Users.Delete":             "TestD24_ForeignUsersAreNotFound",
	"Users.ResetLink":          "TestD24_ForeignUsersAreNotFound",
	"Users.Unlock":             "TestD24_ForeignUsersAreNotFound",
	"Users.EndSessions":        "TestD24_ForeignUsersAreNotFound",
	"Users.RemoveSecondFactor": "TestD24_ForeignUsersAreNotFound",
}

// A use case without a row would be one whose borders nobody has tried.
func TestD24_EveryUseCaseThatAnActorCanAskHasARow(t *testing.T) {
	var have, rows []string
	for _, u := range append(slices.Clone(useCases), account...) {
		method, _, _ := strings.Cut(u.name, " ")
		rows = append(rows, method)
	}
	ctx, actor := reflect.TypeFor[context.Context](), reflect.TypeFor[auth.Actor]()
	for _, f := range reflect.VisibleFields(reflect.TypeFor[app.App]()) {
		if !f.IsExported() {
			continue
		}
		for i := range f.Type.NumMethod() {
			m := f.Type.Method(i)
			if m.Type.NumIn() < 3 || m.Type.In(1) != ctx || m.Type.In(2) != actor {
				continue
			}
			name := f.Name + "." + m.Name
			have = append(have, name)
			if _, ok := elsewhere[name]; !ok && !slices.Contains(rows, name) {
				t.Errorf("%s has no row: give it one in useCases or account, or say in elsewhere where its reach is proven", name)
			}
		}
	}
	for _, name := range rows {
		if !slices.Contains(have, name) {
			t.Errorf("there is a row for %s, which nobody can ask", name)
		}
	}
	for name := range elsewhere {
		if !slices.Contains(have, name) || slices.Contains(rows, name) {
			t.Errorf("%s does not belong into elsewhere", name)
		}
	}
}
