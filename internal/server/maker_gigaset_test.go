package server

func init() {
	registerMaker(map[string]maker{
		"gigaset":         {model: "N870 IP PRO", mac: "7c2f80e0d677", free: "Platz", port: true},
		"gigaset Maxwell": {model: "Maxwell 3", mac: "7c2f80e0d678"},
		"gigaset N770":    {model: "N770 IP PRO", mac: "7c2f80e0d679", free: "Platz", port: true},
	})
}
