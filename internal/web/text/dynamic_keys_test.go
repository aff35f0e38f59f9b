package text_test

// The kinds of keys, and what the log calls them.
func init() {
	dynamic["keys.kind_"] = []string{"blf", "speed_dial", "hotdesk"}
	dynamic["log.field_"] = append(dynamic["log.field_"], "keys")
}
