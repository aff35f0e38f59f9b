package server

func init() {
	registerMaker(map[string]maker{
		"snom": {mac: "000413123477", form: true},
	})
}
