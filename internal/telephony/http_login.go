package telephony

// HTTPLogin is what a device's own directory demands of it beside the token in
// the path (P02).
type HTTPLogin struct {
	// Demanded: the device has its credentials, so who comes without them is not it.
	Demanded bool
	User     string // "" = it has none
	Password Secret
	// PrevUser and PrevPassword are those before a rotation; they lead the device
	// to the new ones. "" = they have been used, or there were none.
	PrevUser     string
	PrevPassword Secret
}
