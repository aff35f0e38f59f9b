package server

func init() {
	registerMaker(map[string]maker{
		"acrobits": {free: "Freier Platz"},
	})
}
