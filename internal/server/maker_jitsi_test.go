package server

func init() {
	registerMaker(map[string]maker{
		"jitsi": {free: "Freier Platz", restart: true, same: true},
	})
}
