package text_test

// What the log and a device's history tell of uploads.
func init() {
	dynamic["log.action_"] = append(dynamic["log.action_"], "delete_upload", "pause", "resume", "end", "retry", "halt")
	dynamic["log.kind_"] = append(dynamic["log.kind_"], "firmware", "rollout")
	dynamic["cpes.event_"] = append(dynamic["cpes.event_"], "uploaded", "odd_request")
}
