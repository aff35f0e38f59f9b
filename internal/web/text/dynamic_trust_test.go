package text_test

import "tischlein/internal/telephony"

// How a device becomes trusted, and what its history and the log say of it.
func init() {
	dynamic["log.action_"] = append(dynamic["log.action_"], "rotate_all", "forget_certificate", "contested", "device_pin", "pin_void", "unfreeze", "void")
	dynamic["log.kind_"] = append(dynamic["log.kind_"], "site_token")
	dynamic["cpes.way_"] = append(dynamic["cpes.way_"], "certificate", "site_token", "pin")
	dynamic["trust.minimum_"] = []string{"site_token", "first_access", "certificate"}
	dynamic["trust.secret_"] = []string{"sip", "sip_text", "http", "http_text", "admin", "admin_text", "token", "token_text"}
	dynamic["cpes.event_"] = append(dynamic["cpes.event_"], "trusted", "contested", "pin_wrong", "pin_void", "secrets_ended")
	dynamic["why."] = telephony.WhyCodes()
}
