package view

import "tischlein/internal/telephony"

// AffectedShown is how many devices of an address are named.
const AffectedShown = 5

// Affected are devices that something happens to, by address.
type Affected struct {
	Count  int
	Groups []AffectedGroup
}

// AffectedGroup are the devices at one address: Count, the first named.
type AffectedGroup struct {
	Address string
	Count   int
	Devices []AffectedDevice
}

// AffectedDevice is a device with the user linked to its channel.
type AffectedDevice struct{ ChannelID, Channel, Number, Name string }

// ListingQuestion is the question before IP listing is switched.
type ListingQuestion struct {
	Customer   telephony.Customer
	On         bool // what it would be
	Entries    int
	Form       Form // allow: addresses ticked
	Fail, Heal Affected
	Version    int64
}

// groups are as many as a page can show.
func (a Affected) groups() []AffectedGroup { return a.Groups[:min(len(a.Groups), 50)] }
