package server

func init() {
	registerMaker(map[string]maker{
		"alcatel": {mac: "487a55023077", restart: true},
	})
}
