-- For wrk: requests the paths listed in the file PATHS (environment), one after the other, over and
-- over. What stands behind a path is what the phone shows there (HTTP Basic). CLOSE=1 asks for a new connection per request. Anything but 200 is counted by wrk itself.
local requests, at = {}, 0

function init()
	if os.getenv("CLOSE") == "1" then wrk.headers["Connection"] = "close" end
	for line in io.lines(os.getenv("PATHS")) do
		local path, credentials = line:match("^(%S+) ?(%S*)$")
		wrk.headers["Authorization"] = credentials ~= "" and "Basic " .. credentials or nil
		requests[#requests + 1] = wrk.format("GET", path)
	end
end

function request()
	at = at % #requests + 1
	return requests[at]
end

-- One line of JSON; latencies in milliseconds.
function done(summary, latency)
	local e = summary.errors
	io.write(string.format('{"n": %d, "rate": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "bytes": %.1f, "errors": %d}\n',
		summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		summary.bytes / summary.requests, e.connect + e.read + e.write + e.status + e.timeout))
end
