package web

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var logRoutes = []Route{
	get("/log", SignedIn, (*Portal).logList).needs(auth.ScopeRead),
	get("/log/export.csv", SignedIn, (*Portal).logExport).needs(auth.ScopeRead),
	get("/customers/{customer}/log", OfCustomer, (*Portal).logList),
	get("/customers/{customer}/log/export.csv", OfCustomer, (*Portal).logExport),
	get("/customers/{customer}/log/{entry}/undo", OfCustomer, (*Portal).logUndoAsk).needs(auth.ScopeLink),
	post("/customers/{customer}/log/{entry}/undo", OfCustomer, auth.ScopeLink, (*Portal).logUndo),
}

// logQuery is what the log's address asks for. Days are the customer's, the last
// one included; a day that is none narrows nothing and is said so.
func logQuery(c *Call) (q app.AuditQuery, wrong bool) {
	v := c.R.URL.Query()
	q = app.AuditQuery{
		Text: v.Get("q"), Actor: v.Get("actor"), Action: v.Get("action"), ObjectKind: v.Get("kind"), ObjectID: v.Get("object"),
		Outcome: v.Get("outcome"), Cursor: v.Get("cursor"),
	}
	zone := c.Text().Zone
	for _, d := range []struct {
		name string
		days int
		into *time.Time
	}{{"since", 0, &q.Since}, {"until", 1, &q.Until}} {
		text := v.Get(d.name)
		if text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, text, zone)
		if err != nil {
			wrong = true
			continue
		}
		*d.into = t.AddDate(0, 0, d.days)
	}
	return q, wrong
}

// logged is whose log it is: the customer's, or the installation's, which only the
// operator has; for others there is no such page.
func (c *Call) logged() (telephony.Customer, error) {
	if c.Customer != nil {
		return *c.Customer, nil
	}
	if !c.Actor.Operator() {
		return telephony.Customer{}, telephony.NotFoundf("page")
	}
	return telephony.Customer{}, nil
}

// logList is the tab Protokoll (U12), and the log of what concerns no customer.
func (p *Portal) logList(c *Call) error {
	of, err := c.logged()
	if err != nil {
		return err
	}
	q, wrong := logQuery(c)
	l, err := p.app.Audit.List(c.R.Context(), c.Actor, of.ID, q)
	if err != nil {
		return err
	}
	place := c.Place()
	m := view.Log{
		Customer: of, Service: p.cfg.Service, Place: place, WrongDay: wrong,
		Pager: view.Pager{Place: place, Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1},
	}
	section := view.SectionService
	if c.Customer == nil {
		section = view.SectionLog
	}
	undo := c.Actor.Administrator() && c.Actor.Can(auth.ScopeLink)
	for _, e := range l.Items {
		r := logRow(c, e)
		r.Undo = undo && e.Undo != ""
		m.Rows = append(m.Rows, r)
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.LogPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.tab_log"), Section: section}, view.LogPage(m))
}

// logRow words an entry: what was done to what, by whom, and the facts that changed.
func logRow(c *Call, e app.AuditEntry) view.LogRow {
	r := view.LogRow{
		ID: e.ID, At: e.At, Actor: e.ActorName, From: e.From, Kind: e.ObjectKind, ObjectID: e.ObjectID,
		Object: e.Names[e.ObjectID], Refused: e.Outcome == "refused",
	}
	if e.ObjectKind == "customer" && c.Customer != nil && e.ObjectID == c.Customer.ID {
		r.Object = c.Customer.Name
	}
	r.ActorKind = "log.actor_" + e.ActorKind
	if e.ActorKind == auth.System.Kind { // its name says the same, to programs
		r.Actor = ""
	}
	r.Action = c.T("log.action_unnamed", "Action", e.Action)
	if id := "log.action_" + e.Action; c.Text().Has(id) {
		r.Action = c.T(id)
	}
	if r.Refused {
		r.Reason = logReason(c, e)
		return r
	}
	r.Changes = logChanges(c, e)
	return r
}

// logReason words why something was refused.
func logReason(c *Call, e app.AuditEntry) string {
	var kept struct{ Detail map[string]any }
	_ = json.Unmarshal([]byte(e.After), &kept) // entries without detail are worded by their reason alone
	err := &telephony.Error{Code: telephony.Conflict, Reason: e.Reason, Detail: kept.Detail}
	if !c.Text().Has("errors.reason_" + e.Reason) {
		return c.T("log.refused")
	}
	return c.Word(err)
}

// logExport gives all entries that match as CSV, newest first. It has no frame, so
// an error in the middle ends the file with a line that says so.
func (p *Portal) logExport(c *Call) error {
	of, err := c.logged()
	if err != nil {
		return err
	}
	q, wrong := logQuery(c)
	if wrong {
		return c.Redirect(strings.TrimSuffix(c.R.URL.Path, "/export.csv") + "?" + c.R.URL.RawQuery) // says what is wrong with the day
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="tischlein-`+url.PathEscape(strings.TrimPrefix(of.Number+"-log", "-"))+`.csv"`)
	h.Set("Cache-Control", "no-store")
	out := csv.NewWriter(c.W)
	if err := out.Write([]string{"at", "actor_kind", "actor", "from", "action", "object_kind", "object_id", "object", "outcome", "reason", "before", "after"}); err != nil {
		return nil // nobody reads any more
	}
	for e, err := range p.app.Audit.Export(c.R.Context(), c.Actor, of.ID, q) {
		if err != nil {
			p.log.ErrorContext(c.R.Context(), "exporting the audit log failed", "err", err)
			_ = out.Write([]string{"", "", "", "", "export_failed"})
			break
		}
		if out.Write([]string{e.At.UTC().Format(time.RFC3339Nano), e.ActorKind, plainCell(e.ActorName), e.From, e.Action, e.ObjectKind, e.ObjectID,
			plainCell(e.Names[e.ObjectID]), e.Outcome, e.Reason, e.Before, e.After}) != nil {
			break
		}
	}
	out.Flush()
	return nil
}

// plainCell keeps a spreadsheet from taking a name for a formula.
func plainCell(s string) string {
	if s != "" && slices.Contains([]byte("=+-@\t\r"), s[0]) {
		return "'" + s
	}
	return s
}

// logUndoAsk shows what undoing would do before it is done.
func (p *Portal) logUndoAsk(c *Call) error {
	done, err := p.app.Audit.Undo(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("entry"), true)
	m := view.LogUndo{
		Confirmation: view.Confirmation{
			Title: c.T("log.undo_title"), Action: c.R.URL.Path, Back: view.CustomerPath(c.Customer.ID, "log"), Do: c.T("log.undo"),
		},
		Effects: c.effects(done),
	}
	if err != nil {
		if m.Refused = undoRefused(c, err); m.Refused == "" {
			return err
		}
	}
	return c.Page(http.StatusOK, view.Page{Title: m.Title, Section: view.SectionService, Narrow: true}, view.LogUndoPage(m))
}

func undoRefused(c *Call, err error) string {
	var e *telephony.Error
	if errors.As(err, &e) && e.Code == telephony.Conflict {
		return c.Word(err)
	}
	return ""
}

// logUndo takes a link or an unlinking back (U12).
func (p *Portal) logUndo(c *Call) error {
	back := view.CustomerPath(c.Customer.ID, "log")
	_, err := p.app.Audit.Undo(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("entry"), false)
	if err != nil {
		if undoRefused(c, err) == "" {
			return err
		}
		return p.logUndoAsk(c)
	}
	return c.Redirect(back, Done("log.undone"))
}
