package server

func init() {
	registerMaker(map[string]maker{
		"htek": {mac: "001fc11c2277", restart: true},
	})
}
