package server

func init() {
	registerMaker(map[string]maker{
		"mitel": {mac: "00085d237429", changes: true, form: true},
	})
}
