package server

func init() {
	registerMaker(map[string]maker{
		"snom-dect": {model: "M900", mac: "000413b60677", free: "Platz", port: true, same: true},
	})
}
