package text_test

// What end users read where they cannot log in; other refusals have the words that
// everybody reads.
func init() {
	dynamic["self.refused_"] = []string{"hotdesking_off", "fixed_by_administrator", "no_device"}
}
