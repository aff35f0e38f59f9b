package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// race runs the requests at once and gives the errors of those that lost.
func (h *house) race(requests ...app.LinkRequest) (lost []error) {
	h.Helper()
	start := make(chan struct{})
	errs := make([]error, len(requests))
	var all sync.WaitGroup
	for i, r := range requests {
		r.CustomerID, r.Side = h.cust.ID, telephony.FromChannel
		all.Go(func() {
			<-start
			_, errs[i] = h.app.Links.Link(bg, h.admin, r)
		})
	}
	close(start)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			lost = append(lost, err)
		}
	}
	return lost
}

func TestD23_OneChannelTwoAdministrators(t *testing.T) {
	both(t, func(h *house) {
		for i := range 8 {
			ch, _ := h.desk(fmt.Sprint("Platz ", i), fmt.Sprintf("%02x", i+1))
			e, f := h.extension(fmt.Sprint(20+i), false), h.extension(fmt.Sprint(40+i), false)
			lost := h.race(app.LinkRequest{ChannelID: ch.ID, ExtensionID: e.ID}, app.LinkRequest{ChannelID: ch.ID, ExtensionID: f.ID})
			if len(lost) != 1 {
				h.Fatalf("%d lost, want exactly one: %v", len(lost), lost)
			}
			h.refused(lost[0], telephony.Conflict, "channel_linked")
			h.says(lost[0], h.view(ch).LinkedTo.Name)
		}
	})
}

func TestD23_OneExtensionTwoAdministrators(t *testing.T) {
	both(t, func(h *house) {
		for i := range 8 {
			a, b := h.channel(fmt.Sprint("A ", i)), h.channel(fmt.Sprint("B ", i))
			e := h.extension(fmt.Sprint(20+i), false)
			lost := h.race(app.LinkRequest{ChannelID: a.ID, ExtensionID: e.ID}, app.LinkRequest{ChannelID: b.ID, ExtensionID: e.ID})
			if len(lost) != 1 {
				h.Fatalf("%d lost, want exactly one: %v", len(lost), lost)
			}
			h.refused(lost[0], telephony.Conflict, "extension_linked")
			links := h.extView(e).Links
			if len(links) != 1 {
				h.Fatalf("links %+v", links)
			}
			held := a.Name
			if links[0].ChannelID == b.ID {
				held = b.Name
			}
			if !strings.Contains(lost[0].Error(), held) {
				h.Fatalf("%q does not name %s", lost[0], held)
			}
		}
	})
}
