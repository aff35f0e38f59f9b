package browser_test

import (
	"context"
	"strconv"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/telephony"
)

// house is a world with something of everything, for pages to show.
type house struct {
	*browser.World
	admin                   browser.Person
	halfway, guarded        *browser.Person // the code is still due; has a second factor
	channel, extension, cpe string
	multi, guest            string // extensions: with multi-login, linked once; logged in by hotdesking
	empty, waiting          string // channels: without anything; linked, without a device
	invited, reserve        string // reserve: a CPE without a channel
	partner, token          string
	guestAt                 string // channel where the guest is
	number, trunk, own      string // trunks: the installation's; the customer's own
	undoable                string // the entry of a link in the log
	self                    browser.Person
	taken, fixed            string // desks: where the guest is; linked
	foreign, refused        string // CPEs: another operator's at the maker's service; whose requests are refused
	rollout, firmware       string
	siteToken               string
}

// example is how to come to a page.
type example struct {
	path   string
	also   []string // other faces of the same page
	part   string   // what it is, if it is no page but a part of one, a stream or a file
	nobody bool     // it is for those who are not signed in
	as     *browser.Person
	leads  string // where it leads to, if it is no page of its own
	status int    // of its answer, if it is not 200
}

func furnish(t *testing.T) *house {
	t.Helper()
	maker := redirecttest.Start(t, "yealink_rps")
	h := &house{World: browser.NewWorldWith(t, browser.Redirected(t, maker))}
	h.admin = h.Person("Vera Amt", "vera", auth.OperatorAdmin)
	h.Person("Karl Wirt", "karl", auth.CustomerAdmin)
	careful := h.Person("Otto Sorg", "otto", auth.OperatorAdmin)
	h.SecondFactor(careful)
	half := h.HalfWay(careful)
	h.guarded, h.halfway = &careful, &half
	h.partner = h.Partner("Systemhaus Nord")
	h.token = h.Token("Abrechnung")
	h.number, h.trunk, h.own = h.Number("+49911555010"), h.Trunk("", "Amt", "192.0.2.0/28"), h.Trunk(h.Customer.ID, "Telefonnetz", "198.51.100.4/32")
	h.invited = h.Invited("Nora Neu", "nora", auth.OperatorSupport)
	reception, kitchen := h.Channel("Empfang"), h.Channel("Küche")
	h.empty, h.waiting = h.Channel("Lager").ID, kitchen.ID
	ada := h.Extension("101", "Ada Wirt")
	bruno := h.MultiLogin("102", "Bruno Koch")
	phone := h.Phone(reception)
	h.reserve = h.Record("Reserve", nil).ID
	guest, bar := h.Extension("103", "Gast Weber"), h.Channel("Bar")
	h.Phone(bar)
	h.LogIn(bar, guest)
	h.guestAt = bar.ID
	h.multi, h.guest = bruno.ID, guest.ID
	h.Link(reception, ada)
	h.Link(kitchen, bruno)
	phone.Shows("Ada Wirt")
	h.channel, h.extension, h.cpe = reception.ID, ada.ID, phone.CPE.ID
	h.self, h.taken, h.fixed = h.Self(bruno), bar.Desk, reception.Desk
	h.undoable = h.Entry("link", kitchen.ID)
	h.ListAddresses("127.0.0.1", "192.0.2.0-192.0.2.15")
	h.equip(maker, phone.CPE, ada)
	return h
}

// equip shows what devices come to: files, refusals, keys that do not fit, parameters without effect, a rollout, a redirect service.
func (h *house) equip(maker *redirecttest.Service, at telephony.CPE, ada telephony.Extension) {
	h.Sends(at, "805ec0112233-sys.log", "<134>Nov 23 19:02:11 sys: started\n")
	h.Sends(at, "805ec0112233-local.cfg", "#!version:1.0.0.1\nlang.gui = German\n")
	keys := []telephony.Key{{Kind: telephony.KeyWatch, Value: "102"}, {Kind: telephony.KeyDial, Label: "Taxi", Value: "0911 19410"}, {Kind: telephony.KeyHotdesk}}
	for n := range 28 {
		keys = append(keys, telephony.Key{Kind: telephony.KeyDial, Label: "Zimmer " + strconv.Itoa(11+n), Value: "0911 55501" + strconv.Itoa(11+n)})
	}
	h.Keys(ada, keys...)
	h.Overrides(app.OverridePlace{Vendor: "yealink"}, "phone_setting.lcd_logo.text", "Adler")
	one := app.OverridePlace{Vendor: "yealink", CustomerID: h.Customer.ID, CPEID: at.ID}
	h.Overrides(one, "phone_setting.lcd_logo.text", "Empfang")
	h.Overrides(one, "phone_setting.contrast_of_old", "7")
	foreign, refused := h.Record("Telefon Terrasse", nil), h.Record("Telefon Saal", nil)
	maker.Own(string(foreign.MAC), true)
	h.RedirectedAs(foreign, telephony.RedirectOwned)
	h.Refuses(refused, "203.0.113.7", "the first-access URL was used before")
	h.foreign, h.refused = foreign.ID, refused.ID
	h.rollout, h.firmware = h.Rollout("T46U", "108.87.0.30")
	h.siteToken = h.SiteToken("Gasthaus, Erdgeschoss")
}

// upload is a file that the phone has sent.
func (h *house) upload() string {
	list, err := h.App().CPEs.Uploads(context.Background(), auth.Actor{Kind: "cli", Name: "test", Role: auth.OperatorAdmin, Scopes: auth.Scopes}, h.Customer.ID, h.cpe)
	if err != nil || len(list) == 0 {
		return "none"
	}
	return list[0].ID
}

// at is the path of one of the customer's things.
func (h *house) at(list, id string) string {
	return "/customers/" + h.Customer.ID + "/" + list + "/" + id
}

// examples has a row for every GET of the portal.
func (h *house) examples() map[string]example {
	customer := "/customers/" + h.Customer.ID
	channel, extension := h.at("channels", h.channel), h.at("extensions", h.extension)
	cpe := h.at("cpes", h.cpe)
	return map[string]example{
		"/{$}":             {path: "/", leads: "/customers"},
		"/language":        {path: "/language?to=de&next=/sign-in", nobody: true, leads: "/sign-in"},
		"/sign-in":         {path: "/sign-in", nobody: true},
		"/sign-in/code":    {path: "/sign-in/code", as: h.halfway},
		"/sign-in/again":   {path: "/sign-in/again", leads: "/customers"}, // nothing was kept
		"/welcome/{token}": {path: h.invited, nobody: true},

		"/sign-in/extension":    {path: "/sign-in/extension", also: []string{"/sign-in/extension?next=%2Fdesk%2F1001%2F" + h.taken}, nobody: true},
		"/me":                   {path: "/me", as: &h.self},
		"/me/desk":              {path: "/me/desk?desk=" + h.taken, leads: "/desk/1001/" + h.taken, as: &h.self},
		"/me/pin":               {path: "/me/pin", as: &h.self},
		"/me/look":              {path: "/me/look", as: &h.self},
		"/me/events":            {path: "/me/events", part: "a stream", as: &h.self},
		"/desk/{number}/{desk}": {path: "/desk/1001/" + h.taken, also: []string{"/desk/1001/" + h.fixed}, as: &h.self},

		"/account":               {path: "/account"},
		"/account/password":      {path: "/account/password"},
		"/account/second-factor": {path: "/account/second-factor"},

		"/search": {path: "/search?q=a", also: []string{"/search", "/search?q=nichts"}},

		"/users":                     {path: "/users"},
		"/users/new":                 {path: "/users/new"},
		"/users/{user}":              {path: "/users/" + h.guarded.ID},
		"/users/{user}/delete":       {path: "/users/" + h.guarded.ID + "/delete"},
		"/partners":                  {path: "/partners"},
		"/partners/new":              {path: "/partners/new"},
		"/partners/{partner}":        {path: "/partners/" + h.partner},
		"/partners/{partner}/delete": {path: "/partners/" + h.partner + "/delete"},
		"/tokens":                    {path: "/tokens"},
		"/tokens/new":                {path: "/tokens/new"},
		"/tokens/{token}/revoke":     {path: "/tokens/" + h.token + "/revoke"},
		"/log":                       {path: "/log", also: []string{"/log?q=nichts"}},
		"/log/export.csv":            {path: "/log/export.csv", part: "a file"},

		"/trunks":                {path: "/trunks", also: []string{"/trunks?q=nichts"}},
		"/trunks/new":            {path: "/trunks/new"},
		"/trunks/{trunk}":        {path: "/trunks/" + h.trunk},
		"/trunks/{trunk}/delete": {path: "/trunks/" + h.trunk + "/delete"},

		"/customers/{customer}/numbers":                      {path: customer + "/numbers", also: []string{customer + "/numbers?q=nichts"}},
		"/customers/{customer}/numbers/new":                  {path: customer + "/numbers/new"},
		"/customers/{customer}/numbers/extensions":           {path: customer + "/numbers/extensions?q=a", part: "entries of a list"},
		"/customers/{customer}/numbers/{phonenumber}":        {path: h.at("numbers", h.number)},
		"/customers/{customer}/numbers/{phonenumber}/delete": {path: h.at("numbers", h.number) + "/delete"},
		"/customers/{customer}/trunks":                       {path: customer + "/trunks"},
		"/customers/{customer}/trunks/new":                   {path: customer + "/trunks/new"},
		"/customers/{customer}/trunks/{trunk}":               {path: h.at("trunks", h.own)},
		"/customers/{customer}/trunks/{trunk}/delete":        {path: h.at("trunks", h.own) + "/delete"},

		"/customers/events":                      {path: "/customers/events", part: "a stream"},
		"/customers":                             {path: "/customers", also: []string{"/customers?q=nichts"}},
		"/customers/new":                         {path: "/customers/new"},
		"/customers/{customer}":                  {path: customer},
		"/customers/{customer}/health":           {path: customer + "/health", part: "counts"},
		"/customers/{customer}/edit":             {path: customer + "/edit"},
		"/customers/{customer}/ip-listing":       {path: customer + "/ip-listing"},
		"/customers/{customer}/delete":           {path: customer + "/delete"},
		"/customers/{customer}/detail":           {path: customer + "/detail"},
		"/customers/{customer}/detail/disallow":  {path: customer + "/detail/disallow?entry=127.0.0.1"},
		"/customers/{customer}/log":              {path: customer + "/log", also: []string{customer + "/log?text=nichts"}},
		"/customers/{customer}/log/export.csv":   {path: customer + "/log/export.csv", part: "a file"},
		"/customers/{customer}/log/{entry}/undo": {path: customer + "/log/" + h.undoable + "/undo"},

		"/customers/{customer}/channels":                    {path: customer + "/channels", also: []string{customer + "/channels?q=nichts", customer + "/channels?filter=linked&sort=-user"}},
		"/customers/{customer}/channels/counts":             {path: customer + "/channels/counts", part: "numbers above the list"},
		"/customers/{customer}/channels/new":                {path: customer + "/channels/new"},
		"/customers/{customer}/channels/{channel}":          {path: channel, also: []string{h.at("channels", h.empty), h.at("channels", h.waiting)}},
		"/customers/{customer}/channels/{channel}/unlink":   {path: channel + "/unlink"},
		"/customers/{customer}/channels/{channel}/logout":   {path: h.at("channels", h.guestAt) + "/logout"},
		"/customers/{customer}/channels/{channel}/delete":   {path: channel + "/delete"},
		"/customers/{customer}/channels/{channel}/detach":   {path: channel + "/detach"},
		"/customers/{customer}/channels/{channel}/devices":  {path: h.at("channels", h.waiting) + "/devices?q=r", part: "entries of a list"},
		"/customers/{customer}/channels/{channel}/choices":  {path: channel + "/choices?q=ada", part: "entries of a list"},
		"/customers/{customer}/channels/{channel}/effects":  {path: channel + "/effects?extension=" + h.extension, part: "what saving would do"},
		"/customers/{customer}/channels/{channel}/progress": {path: channel + "/progress", part: "the way to the phone"},

		"/customers/{customer}/extensions":                     {path: customer + "/extensions", also: []string{customer + "/extensions?q=nichts", customer + "/extensions?sort=-place"}},
		"/customers/{customer}/extensions/new":                 {path: customer + "/extensions/new"},
		"/customers/{customer}/extensions/{extension}":         {path: extension, also: []string{h.at("extensions", h.multi), h.at("extensions", h.guest)}},
		"/customers/{customer}/extensions/{extension}/logout":  {path: h.at("extensions", h.guest) + "/logout"},
		"/customers/{customer}/extensions/{extension}/delete":  {path: extension + "/delete"},
		"/customers/{customer}/extensions/{extension}/choices": {path: extension + "/choices?q=l", part: "entries of a list"},
		"/customers/{customer}/extensions/{extension}/effects": {path: extension + "/effects", part: "what saving would do"},

		"/customers/{customer}/cpes":               {path: customer + "/cpes", also: []string{customer + "/cpes?q=nichts"}},
		"/customers/{customer}/cpes/new":           {path: customer + "/cpes/new"},
		"/customers/{customer}/cpes/{cpe}":         {path: cpe, also: []string{h.at("cpes", h.reserve), h.at("cpes", h.foreign), h.at("cpes", h.refused)}},
		"/customers/{customer}/cpes/{cpe}/edit":    {path: cpe + "/edit"},
		"/customers/{customer}/cpes/{cpe}/preview": {path: cpe + "/preview"},
		"/customers/{customer}/cpes/{cpe}/diff":    {path: cpe + "/diff"},
		"/customers/{customer}/cpes/{cpe}/ask":     {path: cpe + "/ask?action=lost"},
		"/customers/{customer}/cpes/{cpe}/attach":  {path: cpe + "/attach", also: []string{h.at("cpes", h.reserve) + "/attach"}},

		"/customers/{customer}/cpes/{cpe}/uploads/{upload}":  {path: cpe + "/uploads/" + h.upload(), part: "a file"},
		"/customers/{customer}/cpes/{cpe}/overrides":         {path: cpe + "/overrides", also: []string{cpe + "/overrides?q=nichts"}},
		"/customers/{customer}/cpes/{cpe}/overrides/set":     {path: cpe + "/overrides/set?name=phone_setting.lcd_logo.text"},
		"/customers/{customer}/site-tokens/new":              {path: customer + "/site-tokens/new"},
		"/customers/{customer}/site-tokens/{sitetoken}/void": {path: h.at("site-tokens", h.siteToken) + "/void"},
		"/customers/{customer}/rotate":                       {path: customer + "/rotate"},
		"/customers/{customer}/cpes/{cpe}/rotate":            {path: cpe + "/rotate"},
		"/customers/{customer}/overrides":                    {path: customer + "/overrides?vendor=yealink"},
		"/customers/{customer}/overrides/set":                {path: customer + "/overrides/set?vendor=yealink&name=lang.gui"},
		"/overrides":                                         {path: "/overrides?vendor=yealink", also: []string{"/overrides?vendor=yealink&model=T46U"}},
		"/overrides/set":                                     {path: "/overrides/set?vendor=yealink&name=phone_setting.lcd_logo.text"},
		"/fleet":                                             {path: "/fleet"},
		"/firmware":                                          {path: "/firmware"},
		"/firmware/files/{firmware}/delete":                  {path: "/firmware/files/" + h.firmware + "/delete"},
		"/firmware/rollouts/{rollout}":                       {path: "/firmware/rollouts/" + h.rollout},
		"/firmware/rollouts/{rollout}/end":                   {path: "/firmware/rollouts/" + h.rollout + "/end"},

		"/customers/{customer}/cpes/{cpe}/effects":  {path: cpe + "/effects?channel=" + h.empty, part: "what attaching would do"},
		"/customers/{customer}/cpes/{cpe}/channels": {path: cpe + "/channels?q=e", part: "entries of a list"},

		"/customers/{customer}/events": {path: customer + "/events", part: "a stream"},
	}
}
