package call

import (
	"tischlein/internal/call/presence"
	"tischlein/internal/telephony"
)

// lineID names a call at one device, for all its time: who watches it must not
// take the answered call for another one than the ringing.
func lineID(callID, callerTag, sipUser string) string {
	return recordID(callID + " " + callerTag + " " + sipUser)[:16]
}

// show says that the caller's device calls. c is locked.
func (c *setup) show() {
	l := presence.Line{
		ID: lineID(c.r.callID, c.r.fromTag, c.caller.SIPUser), CallID: c.r.callID, LocalTag: c.r.fromTag, RemoteTag: c.ringsAt,
		Initiator: true, State: presence.Trying, Local: c.caller.Party, Remote: c.callee(),
	}
	if c.ringsAt != "" {
		l.State = presence.Early
	}
	if c.caller.ChannelID != "" {
		c.s.board.Put(c.caller.Party.ExtensionID, c, l)
	}
}

// callee is who is called, as far as that may be told: what stands behind a code
// is a PIN.
func (c *setup) callee() telephony.Party {
	switch {
	case c.plan.Callee.Number != "":
		return c.plan.Callee
	case c.plan.Number != "":
		return telephony.Party{Number: c.plan.Number}
	}
	return telephony.Party{Number: c.code()}
}

// show says that the device is called, and rings once tag is its own. c is locked.
func (b *branch) show(tag string) {
	c := b.c
	l := presence.Line{
		ID: lineID(c.r.callID, c.r.fromTag, b.leg.SIPUser), CallID: c.r.callID, LocalTag: tag, RemoteTag: c.r.fromTag,
		State: presence.Trying, Local: b.leg.Party, Remote: b.plan.Caller,
	}
	if tag != "" {
		l.State = presence.Early
		if c.ringsAt == "" {
			c.ringsAt = tag
			c.show()
		}
	}
	if b.leg.ChannelID != "" {
		c.s.board.Put(b.leg.Party.ExtensionID, b, l)
	}
}

// lineID is what a side's call was named while it was set up. Who has picked one up
// had begun one, too.
func (d *dialog) lineID(i int) string {
	by := 0
	if d.legs[i].CallID != "" {
		by = i
	}
	return lineID(d.id(i), d.legs[by].Tag, d.legs[i].SIPUser)
}

// show says that both devices talk. d is locked.
func (d *dialog) show() {
	for i := range d.legs {
		near, far := &d.legs[i], &d.legs[1-i]
		if near.ChannelID == "" {
			continue
		}
		d.s.board.Put(near.Party.ExtensionID, d, presence.Line{
			ID: d.lineID(i), CallID: d.id(i), LocalTag: near.Tag, RemoteTag: far.Tag,
			Initiator: i == 0 || near.CallID != "", State: presence.Confirmed, Local: near.Party, Remote: far.Party,
		})
	}
}

// hide says that they no longer do. d is locked.
func (d *dialog) hide() {
	for i := range d.legs {
		d.s.board.Clear(d.legs[i].Party.ExtensionID, d)
	}
}

// hide takes back what show has said, unless the call was answered. c is locked.
func (c *setup) hide() { c.s.board.Clear(c.caller.Party.ExtensionID, c) }

// hide takes back what show has said, unless the call was answered. c is locked.
func (b *branch) hide() { b.c.s.board.Clear(b.leg.Party.ExtensionID, b) }
