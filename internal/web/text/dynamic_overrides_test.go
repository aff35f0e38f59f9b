package text_test

// The levels at which parameters are set, and the types of their values.
func init() {
	dynamic["overrides.about_"] = []string{"installation", "customer", "model", "device"}
	dynamic["overrides.from_"] = []string{"installation", "customer", "model", "device"}
	dynamic["overrides.takes_"] = []string{"secret", "url", "pem"}
}
