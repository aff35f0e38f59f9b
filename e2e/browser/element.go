package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

// Element is a thing that was found on the page, as it was then.
type Element struct {
	tab   *Tab
	id    cdp.BackendNodeID
	Role  string
	Name  string
	Value string            // of fields
	State map[string]string // what is told of it: checked, selected, expanded, disabled, invalid, focused, required
}

// Is reports whether the element has a state, such as "selected".
func (e Element) Is(state string) bool {
	v, ok := e.State[state]
	return ok && v != "false"
}

// Find waits for a thing and fails the test if it does not come, or if it is not the only one.
func (b *Tab) Find(t Target) Element {
	b.t.Helper()
	b.settle()
	var found []Element
	var err error
	one := func() bool {
		found, err = b.all(t)
		return err == nil && (len(found) == 1 || t.first && len(found) > 0)
	}
	if !b.until(one) {
		b.fail("%s: %d of them, %v\nthere is %s", t, len(found), err, b.those(t))
	}
	return found[0]
}

// Sees waits until all of these are on the page.
func (b *Tab) Sees(all ...Target) {
	b.t.Helper()
	for _, t := range all {
		b.Find(t.First())
	}
}

// SeesNo waits until none of these is on the page.
func (b *Tab) SeesNo(all ...Target) {
	b.t.Helper()
	b.settle()
	for _, t := range all {
		if !b.until(func() bool { found, err := b.all(t); return err == nil && len(found) == 0 }) {
			b.fail("%s is there", t)
		}
	}
}

// All are the things that are on the page now, in its order.
func (b *Tab) All(t Target) []Element {
	b.t.Helper()
	b.settle()
	found, err := b.all(t)
	b.ok(err)
	return found
}

// all asks the accessibility tree: what is hidden from it is hidden from everybody here.
func (b *Tab) all(t Target) ([]Element, error) {
	roots := []accessibility.QueryAXTreeParams{{}}
	if t.inside != nil {
		outer, err := b.all(*t.inside)
		if err != nil {
			return nil, err
		}
		roots = nil
		for _, e := range outer {
			roots = append(roots, accessibility.QueryAXTreeParams{BackendNodeID: e.id})
		}
	} else {
		doc, err := try(b, runtime.Evaluate, runtime.EvaluateParams{Expression: "document", ObjectGroup: "tischlein"})
		if err != nil {
			return nil, err
		}
		roots[0].ObjectID = doc.Result.ObjectID
	}
	var out []Element
	for _, q := range roots {
		roles := []string{""}
		if t.part {
			roles = t.roles
		} else {
			q.AccessibleName = t.name
		}
		for _, r := range roles {
			q.Role = r
			tree, err := try(b, accessibility.QueryAXTree, q)
			if err != nil {
				return nil, err
			}
			for _, n := range tree.Nodes {
				if e := b.element(n); !n.Ignored && t.is(e.Role, e.Name) && e.id != q.BackendNodeID {
					out = append(out, e)
				}
			}
		}
	}
	return out, nil
}

func (b *Tab) element(n *accessibility.Node) Element {
	e := Element{tab: b, id: n.BackendDOMNodeID, Role: said(n.Role), Name: said(n.Name), Value: said(n.Value), State: map[string]string{}}
	for _, p := range n.Properties {
		e.State[string(p.Name)] = said(p.Value)
	}
	return e
}

func said(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var s any
	if json.Unmarshal(v.Value, &s) != nil || s == nil {
		return ""
	}
	return fmt.Sprint(s)
}

// those lists what has the target's role, for a test that fails.
func (b *Tab) those(t Target) string {
	var names []string
	for _, r := range t.roles {
		found, _ := b.all(Target{roles: []string{r}, part: true, inside: t.inside})
		for _, e := range found {
			names = append(names, fmt.Sprintf("%s %q", e.Role, e.Name))
		}
	}
	if len(names) > 60 {
		names = append(names[:60], "…")
	}
	if len(names) == 0 {
		return "nothing of this kind"
	}
	return strings.Join(slices.Compact(names), ", ")
}

// Now is the element as it is now; it must not have been replaced meanwhile.
func (e Element) Now() Element {
	e.tab.t.Helper()
	r := call(e.tab, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{BackendNodeID: e.id, FetchRelatives: new(false)})
	if len(r.Nodes) == 0 {
		e.tab.fail("%s %q is gone", e.Role, e.Name)
	}
	return e.tab.element(r.Nodes[0])
}

// ask calls a function of the page on the element.
func ask[T any](e Element, function string) (T, error) {
	var v T
	o, err := try(e.tab, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: e.id, ObjectGroup: "tischlein"})
	if err != nil {
		return v, err
	}
	r, err := try(e.tab, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: o.Object.ObjectID, ReturnByValue: new(true),
	})
	if err != nil {
		return v, err
	}
	if r.ExceptionDetails != nil {
		return v, errors.New(r.ExceptionDetails.Text)
	}
	if len(r.Result.Value) == 0 {
		return v, nil
	}
	return v, json.Unmarshal(r.Result.Value, &v)
}

// Text is what can be read in the element.
func (e Element) Text() string {
	e.tab.t.Helper()
	s, err := e.text()
	e.tab.ok(err)
	return s
}

func (e Element) text() (string, error) {
	s, err := ask[string](e, `function() { return this.innerText ?? this.textContent }`)
	return strings.TrimSpace(s), err
}
