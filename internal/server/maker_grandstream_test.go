package server

func init() {
	registerMaker(map[string]maker{
		"grandstream":    {mac: "c074ad0b63ee", restart: true, form: true},
		"grandstream HT": {model: "HT802", mac: "c074ad273a77", free: "Freier Platz", restart: true, port: true},
	})
}
