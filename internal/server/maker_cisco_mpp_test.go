package server

func init() {
	registerMaker(map[string]maker{
		"cisco-mpp": {mac: "00562b043615", wary: true, form: true},
	})
}
