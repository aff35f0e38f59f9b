package text_test

// What the log and a device's history tell of uploads.
func init() {
	dynamic["log.action_"] = append(dynamic["log.action_"], "delete_upload", "pause", "resume", "end", "retry", "halt")
	dynamic["log.kind_"] = append(dynamic["log.kind_"], "firmware", "rollout")
	dynamic["cpes.event_"] = append(dynamic["cpes.event_"], "uploaded", "odd_request")
	dynamic["fleet."] = append(dynamic["fleet."], "devices", "converged", "pending", "offline", "never_contacted", "failed")
	dynamic["fleet.step_"] = []string{"link", "device", "trust", "address", "pushed", "fetched", "registered"}
	dynamic["firmware.status_"] = []string{"running", "paused", "halted", "ended"}
	dynamic["firmware.lag_"] = []string{"not_fetched", "old_version", "silent", "not_registered"}
}
