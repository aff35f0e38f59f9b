package view

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// CPEList is the tab CPEs.
type CPEList struct {
	Customer telephony.Customer
	Service  string
	Place    Place
	Edit     bool // whoever reads may change devices
	Rows     []CPERow
	Pager    Pager
	Total    int
	More     bool // Total is a lower bound
}

// CPERow is one device, and the channels at its ports.
type CPERow struct {
	CPE   telephony.CPE
	Maker string
	State telephony.CPEState
	Ports []CPEPort
}

// CPEPort is a port that is connected with a channel.
type CPEPort struct {
	Port               int
	ChannelID, Channel string
	Guest              *Guest // who hot-desks there, nil if nobody does; on the device's page
}

// portLine is a port as the device's page shows it: connected, or free.
type portLine struct {
	Number string
	CPEPort
}

// CPEPage is the page of a device.
type CPEPage struct {
	CPERow
	Customer   telephony.Customer
	Service    string
	Picture    string // SVG of the phone
	Registered bool
	Fetches    bool // else registered means converged (D27)
	Pushable   bool
	Restarts   bool // it can be told to
	Dials      bool // also without a registration (C11); else it is not known to
	Assumed    bool // that it applied what it fetched is not seen (C06)
	Tracks     []ExtensionTrack
	History    []CPEEvent
	Uploads    []CPEUpload

	RedirectService string              // where an entry can be made, "" = nowhere
	Redirect        *telephony.Redirect // nil: none was wanted
	Now             time.Time

	Attachable bool    // there is a port for another channel, and who reads may attach
	Form       Form    // channel, port
	Choices    Picker  // of channels, once somebody asked for it
	Effects    Effects // of attaching it to what is chosen
	Edit       bool    // whoever reads may change it
	Push       bool    // may resync and reboot it
	Reveal     bool    // may see URLs that are secrets

	Code DeskCode // of a phone where nobody is linked

	URL, URLLabel, URLText string // a URL that is shown once
	PIN                    string // that belongs to it, mostly ""
}

// CPEEvent is one line of a device's history.
type CPEEvent struct {
	ID                    string
	At                    time.Time
	Kind, Address, Detail string
}

// CPEForm is the page on which a device is added or changed.
type CPEForm struct {
	Customer telephony.Customer
	Service  string
	CPE      *telephony.CPE // nil: a new one
	Form     Form           // mac, driver, model, name, ports, channel
	Makers   []Maker
	Channel  string // name of the channel that it is to be attached to
}

// Maker is a vendor with its devices. OUIs begin the MACs that hint at it.
type Maker struct {
	Vendor, Name string
	OUIs         []string
	Models       []MakerModel
}

// MakerModel is one type of device.
type MakerModel struct {
	Name  string
	Ports int
}

// CPEFiles are the files of a device: what it would get, or how that differs from
// what it took.
type CPEFiles struct {
	Customer telephony.Customer
	Service  string
	CPE      telephony.CPE
	Files    []CPEFile
	Reveal   bool // whoever reads may have the secrets shown
	Revealed bool
}

// CPEFile is one of them.
type CPEFile struct {
	Kind, Name, Body string
	Size             int
	Taken            time.Time // zero: none was taken
	Same             bool
	Lines            []CPELine
}

// CPELine is one line of a comparison.
type CPELine struct {
	Number string
	Op     byte // ' ', '+', '-'
	Text   string
}

// CPEQuestion is asked before something ends at a device.
type CPEQuestion struct {
	Customer telephony.Customer
	Service  string
	CPE      telephony.CPE
	Action   string
}

// cpeQuestions are the actions that are asked for first.
var cpeQuestions = []string{"delete", "lost", "reboot"}

// Known reports whether there is such a question.
func (q CPEQuestion) Known() bool {
	for _, a := range cpeQuestions {
		if a == q.Action {
			return true
		}
	}
	return false
}

func (q CPEQuestion) confirmation(ctx context.Context) Confirmation {
	c := Confirmation{
		ID: "cpe-" + q.Action, Title: text.T(ctx, "cpes.ask_"+q.Action, "Name", q.CPE.Name), Back: CustomerPath(q.Customer.ID, "cpes", q.CPE.ID),
		Action: CustomerPath(q.Customer.ID, "cpes", q.CPE.ID, q.Action), Do: text.T(ctx, "cpes.do_"+q.Action), Danger: q.Action != "reboot",
		Hidden: []Choice{{Value: "version", Label: strconv.FormatInt(q.CPE.Version, 10)}},
	}
	if q.Action == "lost" {
		c.Hidden = []Choice{{Value: "lost", Label: "on"}}
	}
	return c
}

// consequence says what comes of it.
func (q CPEQuestion) consequence(ctx context.Context) string {
	return text.T(ctx, "cpes.ask_"+q.Action+"_text")
}

func (m CPEPage) ask(action string) CPEQuestion {
	return CPEQuestion{Customer: m.Customer, Service: m.Service, CPE: m.CPE, Action: action}
}

func (m CPEPage) questions() (list []CPEQuestion) {
	if m.Push && m.Restarts {
		list = append(list, m.ask("reboot"))
	}
	if m.Edit {
		list = append(list, m.ask("delete"))
		if !m.CPE.Lost {
			list = append(list, m.ask("lost"))
		}
	}
	return list
}

func (m CPEList) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"cpes"}, parts...)...)
}

func (m CPEPage) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"cpes", m.CPE.ID}, parts...)...)
}

// live are the events that change the device's row.
func (r CPERow) live() string {
	s := "cpe-" + r.CPE.ID
	for _, p := range r.Ports {
		s += " channel-" + p.ChannelID
	}
	return s
}

var cpeTones = map[telephony.CPEStateCode]Tone{
	telephony.CPEFailed: ToneBad, telephony.CPENeverContacted: ToneWait, telephony.CPEOffline: ToneIdle,
	telephony.CPEPending: ToneBusy, telephony.CPEConverged: ToneOK,
}

var cpeIcons = map[telephony.CPEStateCode]string{
	telephony.CPEFailed: "state-failed", telephony.CPENeverContacted: "clock", telephony.CPEOffline: "state-offline",
	telephony.CPEPending: "state-pending", telephony.CPEConverged: "check",
}

// CPEStateWord words a device's state, with the reason of a failure.
func CPEStateWord(ctx context.Context, s telephony.CPEState) string {
	if s.Code == telephony.CPEFailed {
		return text.T(ctx, "cpes.state_failed", "Reason", text.T(ctx, "common.failed_"+s.Reason))
	}
	return text.T(ctx, "cpes.state_"+string(s.Code))
}

func (m CPEList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("cpes.name"), Sort: "name", Class: "name"}, {Label: t("cpes.state"), Sort: "state", Class: "bare"},
		{Label: t("cpes.mac"), Sort: "mac"}, {Label: t("cpes.model"), Sort: "model", Class: "wide"}, {Label: t("cpes.channels")},
		{Label: t("cpes.firmware"), Sort: "firmware", Class: "wide"},
	}
}

func (m CPEList) filters(ctx context.Context) []Filter {
	f := Filter{Name: "filter", Label: text.T(ctx, "cpes.filter"), Choices: []Choice{{"", text.T(ctx, "cpes.filter_all")}}}
	for _, w := range []string{"failed", "never_contacted", "offline", "pending", "converged", "unattached"} {
		f.Choices = append(f.Choices, Choice{w, text.T(ctx, "cpes.filter_"+w)})
	}
	return []Filter{f}
}

func (m CPEList) count(ctx context.Context) string {
	if m.More {
		return text.T(ctx, "cpes.count_more", "Count", m.Total)
	}
	return text.N(ctx, "cpes.count", m.Total)
}

func cpeCrumbs(ctx context.Context, c telephony.Customer, service string, last ...Crumb) []Crumb {
	return append([]Crumb{
		{text.T(ctx, "common.nav_customers"), "/customers"}, {c.Name, CustomerPath(c.ID)},
		{service + " · " + text.T(ctx, "common.tab_cpes"), CustomerPath(c.ID, "cpes")},
	}, last...)
}

func (m CPEForm) crumbs(ctx context.Context) []Crumb {
	if m.CPE == nil {
		return cpeCrumbs(ctx, m.Customer, m.Service, Crumb{text.T(ctx, "cpes.new"), ""})
	}
	return cpeCrumbs(ctx, m.Customer, m.Service, Crumb{m.CPE.Name, m.back()}, Crumb{text.T(ctx, "cpes.edit"), ""})
}

func (m CPEForm) back() string {
	if m.CPE == nil {
		return CustomerPath(m.Customer.ID, "cpes")
	}
	return CustomerPath(m.Customer.ID, "cpes", m.CPE.ID)
}

func (m CPEForm) title(ctx context.Context) string {
	if m.CPE == nil {
		return text.T(ctx, "cpes.new")
	}
	return text.T(ctx, "cpes.edit")
}

// save is what the button is called.
func (m CPEForm) save(ctx context.Context) string {
	if m.CPE == nil {
		return text.T(ctx, "cpes.new")
	}
	return text.T(ctx, "common.save")
}

// ouis are the beginnings of MACs that hint at the maker, for the page's script.
func (m Maker) ouis() string { return strings.Join(m.OUIs, " ") }

// pushWord words what came of the last push.
func (m CPEPage) pushWord(ctx context.Context) string {
	if m.CPE.PushedAt.IsZero() {
		return text.T(ctx, "cpes.never")
	}
	w := text.T(ctx, "cpes.push_"+string(m.CPE.PushOutcome))
	if m.CPE.PushStatus > 0 {
		w += " (" + strconv.Itoa(m.CPE.PushStatus) + ")"
	}
	return w
}

// short is a revision as it is shown: its beginning.
func short(revision string) string {
	if len(revision) > 10 {
		return revision[:10]
	}
	return revision
}

// lines are all the ports of a device with several, else the connected one.
func (m CPEPage) lines() (list []portLine) {
	if m.CPE.Ports <= 1 {
		for _, p := range m.Ports {
			list = append(list, portLine{CPEPort: p})
		}
		return list
	}
	for n := 1; n <= m.CPE.Ports; n++ {
		l := portLine{Number: strconv.Itoa(n)}
		for _, p := range m.Ports {
			if p.Port == n {
				l.CPEPort = p
			}
		}
		list = append(list, l)
	}
	return list
}

// Moves reports whether attaching the device takes it away from where it is.
func (r CPERow) Moves() bool { return r.CPE.Ports <= 1 && len(r.Ports) > 0 }

// freePorts are the ports to choose from: the next free one unless somebody wants
// another.
func (m CPEPage) freePorts(ctx context.Context) []Choice {
	list := []Choice{{"", text.T(ctx, "cpes.port_next")}}
	for _, l := range m.lines() {
		if l.ChannelID == "" {
			list = append(list, Choice{l.Number, l.Number})
		}
	}
	return list
}

// attachLive are the events after which attaching is possible, or no more. What
// somebody is choosing stays as it is.
func (m CPEPage) attachLive() string {
	if m.Choices.Name != "" {
		return ""
	}
	return m.live()
}

// attachAsk is what leads to the choice of a channel.
func (m CPEPage) attachAsk(ctx context.Context) string {
	if m.Moves() {
		return text.T(ctx, "cpes.move_ask")
	}
	return text.T(ctx, "cpes.attach_ask")
}

// attachWord is what attaching is called here.
func (m CPEPage) attachWord(ctx context.Context) string {
	if m.Moves() {
		return text.T(ctx, "cpes.move")
	}
	return text.T(ctx, "cpes.attach")
}

// CPEMove is the question before a device leaves the channel where it is.
type CPEMove struct {
	Customer telephony.Customer
	Service  string
	CPE      telephony.CPE
	Effects  []Effect
	Form     Form // channel, port
}

func (m CPEMove) confirmation(ctx context.Context) Confirmation {
	page := CustomerPath(m.Customer.ID, "cpes", m.CPE.ID)
	return Confirmation{
		ID: "cpe-move", Title: text.T(ctx, "cpes.move_title", "Name", m.CPE.Name), Back: page, Action: page + "/attach",
		Do: text.T(ctx, "cpes.move"), Danger: true,
		Hidden: []Choice{{"channel", m.Form.Value("channel")}, {"port", m.Form.Value("port")}, {"read", "on"}},
	}
}

// needsProof reports whether the device has yet to show whose it is. It is then what
// somebody comes for.
func (m CPEPage) needsProof() bool {
	return m.CPE.Trust == telephony.TrustNone || m.CPE.Trust == telephony.TrustPending
}

// hasWays reports whether whoever reads can open a way to trust.
func (m CPEPage) hasWays() bool {
	return !m.CPE.Lost && (m.Edit && m.CPE.MAC != "" || m.Reveal && m.Fetches)
}

func (m CPEPage) armed() bool { return m.CPE.ArmedUntil.After(m.Now) }

// changed are the lines of a comparison with three around each change; a nil line
// stands for those left out.
func (f CPEFile) changed() (out []*CPELine) {
	const around = 3
	near := func(i int) bool {
		for j := max(0, i-around); j <= i+around && j < len(f.Lines); j++ {
			if f.Lines[j].Op != ' ' {
				return true
			}
		}
		return false
	}
	for i := range f.Lines {
		switch {
		case near(i):
			out = append(out, &f.Lines[i])
		case len(out) > 0 && out[len(out)-1] != nil:
			out = append(out, nil)
		}
	}
	return out
}

func (l CPELine) class() string {
	return map[byte]string{'+': "added", '-': "removed"}[l.Op]
}

// Product is maker and model as people call them; some softphones have one name for both.
func Product(maker, model string) string {
	if maker == model {
		return maker
	}
	return strings.TrimSpace(maker + " " + model)
}
