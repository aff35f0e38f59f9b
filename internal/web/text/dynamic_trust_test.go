package text_test

// How a device becomes trusted, and what its history and the log say of it.
func init() {
	dynamic["log.action_"] = append(dynamic["log.action_"], "rotate_all", "forget_certificate", "contested")
	dynamic["cpes.way_"] = append(dynamic["cpes.way_"], "certificate", "site_token", "pin")
	dynamic["cpes.event_"] = append(dynamic["cpes.event_"], "trusted", "contested")
}
