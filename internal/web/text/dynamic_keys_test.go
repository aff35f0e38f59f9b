package text_test

// The kinds of keys, and what the log calls them.
func init() {
	dynamic["keys.kind_"] = []string{"blf", "speed_dial", "hotdesk"}
	dynamic["log.action_"] = append(dynamic["log.action_"], "override")
	dynamic["log.kind_"] = append(dynamic["log.kind_"], "driver")
	dynamic["log.field_"] = append(dynamic["log.field_"], "keys")
}
