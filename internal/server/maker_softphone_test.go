package server

func init() {
	registerMaker(map[string]maker{
		"softphone":     {free: "Freier Platz", same: true},
		"softphone XML": {model: "XML", free: "Freier Platz", same: true},
	})
}
