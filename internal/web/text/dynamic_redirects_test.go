package text_test

import "strings"

// What the portal tells of redirect services.
func init() {
	dynamic["redirects.state_"] = strings.Fields("waiting set owned_by_another refused unavailable")
	dynamic["log.action_"] = append(dynamic["log.action_"], "redirect", "redirect_remove", "redirect_retry")
	dynamic["cpes.event_"] = append(dynamic["cpes.event_"], "redirect")
}
