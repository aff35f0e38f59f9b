package browser

import (
	"errors"
	"fmt"
	"math"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
)

type point struct{ x, y float64 }

// Modifiers of clicks and keys.
const (
	Ctrl  int64 = 2
	Shift int64 = 8
)

// Click clicks on a thing, or taps on it where there is touch.
func (b *Tab) Click(t Target) { b.t.Helper(); b.press(t, 0) }

// CtrlClick clicks with the control key held.
func (b *Tab) CtrlClick(t Target) { b.t.Helper(); b.press(t, Ctrl) }

func (b *Tab) press(t Target, modifiers int64) {
	b.t.Helper()
	var at point
	var err error
	e := b.Find(t)
	if !b.until(func() bool {
		if at, err = e.reach(); err != nil {
			if again, x := b.all(t); x == nil && len(again) > 0 {
				e = again[0] // it was drawn anew meanwhile
			}
		}
		return err == nil
	}) {
		b.fail("%s cannot be clicked: %v", t, err)
	}
	if b.as.Touch {
		b.tap(at)
	} else {
		b.clickAt(at, modifiers)
	}
	b.settle()
}

func (b *Tab) clickAt(at point, modifiers int64) {
	b.t.Helper()
	e := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at.x, Y: at.y, Modifiers: modifiers}
	call(b, input.DispatchMouseEvent, e)
	e.Type, e.Button, e.Buttons, e.ClickCount = input.DispatchMouseEventTypeMousePressed, input.MouseButtonLeft, 1, 1
	call(b, input.DispatchMouseEvent, e)
	e.Type, e.Buttons = input.DispatchMouseEventTypeMouseReleased, 0
	call(b, input.DispatchMouseEvent, e)
	b.mouse = at
}

func (b *Tab) tap(at point) {
	b.t.Helper()
	call(b, input.DispatchTouchEvent, input.DispatchTouchEventParams{
		Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at.x, Y: at.y}},
	})
	call(b, input.DispatchTouchEvent, input.DispatchTouchEventParams{
		Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{},
	})
}

// reach scrolls to the element and gives a point where a click meets it and nothing that lies over it.
func (e Element) reach() (point, error) {
	if _, err := try(e.tab, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: e.id}); err != nil {
		return point{}, err
	}
	before, err := e.middle()
	if err != nil {
		return point{}, err
	}
	over, err := ask[string](e, fmt.Sprintf(`function() {
		const hit = document.elementFromPoint(%f, %f);
		if (!hit) return "outside of the window";
		const label = hit.closest("label");
		if (this.contains(hit) || hit.contains(this) && hit.closest("a, button, label, option") || label && label.control === this) return "";
		return "below " + hit.outerHTML.slice(0, 120);
	}`, before.x, before.y))
	if err != nil {
		return point{}, err
	}
	if over != "" {
		return point{}, errors.New(over)
	}
	if disabled, err := ask[bool](e, `function() { return this.matches(":disabled") }`); err != nil || disabled {
		return point{}, errors.Join(err, errors.New("disabled"))
	}
	after, err := e.middle()
	if err == nil && after != before {
		err = errors.New("moving")
	}
	return after, err
}

func (e Element) middle() (point, error) {
	q, err := try(e.tab, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: e.id})
	if err != nil {
		return point{}, err
	}
	for _, c := range q.Quads {
		p := point{math.Round((c[0] + c[2] + c[4] + c[6]) / 4), math.Round((c[1] + c[3] + c[5] + c[7]) / 4)}
		if math.Abs(c[2]-c[0]) >= 1 && math.Abs(c[5]-c[1]) >= 1 {
			return p, nil
		}
	}
	return point{}, errors.New("without a size")
}
