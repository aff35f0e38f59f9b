package server

func init() {
	registerMaker(map[string]maker{
		"linphone": {free: "Freier Platz"},
	})
}
