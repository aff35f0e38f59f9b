package web

// The parts of the route table that have no page yet: whoever builds an area
// takes its line away and puts the table beside its handlers.
var (
	cpeRoutes []Route
)
