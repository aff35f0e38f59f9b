package server

func init() {
	registerMaker(map[string]maker{
		"fanvil": {model: "V67", mac: "0c383e2b2977", free: "Platz", form: true},
	})
}
