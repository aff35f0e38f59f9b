package server

func init() {
	registerMaker(map[string]maker{
		"poly": {mac: "0004f2aabbcc", form: true},
	})
}
