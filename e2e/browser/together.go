package browser

import "github.com/chromedp/cdproto/input"

// Together clicks on the same thing in several browsers at the same moment.
func Together(t Target, tabs ...*Tab) {
	at := make([]point, len(tabs))
	for i, b := range tabs {
		b.t.Helper()
		e := b.Find(t)
		if !b.until(func() bool { var err error; at[i], err = e.reach(); return err == nil }) {
			b.fail("%s cannot be clicked", t)
		}
	}
	for _, typ := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		for i, b := range tabs {
			call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{
				Type: typ, X: at[i].x, Y: at[i].y, Button: input.MouseButtonLeft, ClickCount: 1,
			})
		}
	}
	for _, b := range tabs {
		b.settle()
	}
}
