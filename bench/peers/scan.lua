-- For wrk: invents a MAC of a maker for each request, as somebody who looks for phones does.
function init()
	math.randomseed(tonumber(os.getenv("SEED") or "1"))
end

function request()
	return wrk.format("GET", string.format("/p/805ec0%06x.cfg", math.random(0, 0xffffff)))
end
