package server

func init() {
	registerMaker(map[string]maker{
		"cisco-spa":        {mac: "8843e157ddcc", wary: true, form: true},
		"cisco-spa SPA112": {model: "SPA112", mac: "8843e157dd77", free: "Freier Platz", wary: true, port: true},
	})
}
