package server

func init() {
	registerMaker(map[string]maker{
		"yealink":      {mac: "001565123477", form: true},
		"yealink W70B": {model: "W70B", mac: "805e0c1d6577", free: "Freier Platz", port: true},
	})
}
