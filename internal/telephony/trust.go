package telephony

import "slices"

// trustWays are the ways of P03 from the weakest on; those of one rank together.
var trustWays = [][]string{{WayArmed, WayPIN}, {WaySiteToken}, {WayFirstAccess}, {WayCertificate}}

// TrustMinima are what a customer may demand at least, "" first: any way will do.
var TrustMinima = []string{"", WaySiteToken, WayFirstAccess, WayCertificate}

// TrustSuffices reports whether a way of P03 is at least as strong as the
// customer's minimum.
func TrustSuffices(way, minimum string) bool {
	rank := func(w string) int {
		return slices.IndexFunc(trustWays, func(same []string) bool { return slices.Contains(same, w) })
	}
	return minimum == "" || rank(way) >= rank(minimum)
}
