package drivers

import "tischlein/internal/provision"

// What a key does.
const (
	htekNone  = "0"
	htekLine  = "1"
	htekDial  = "2"
	htekWatch = "3"
)

var htekCatalogue = provision.NewCatalogue("1", "0", "", htekParams()...)

func htekParams() []provision.Param {
	type p = provision.Param
	params := []p{
		{Name: "P2", Type: provision.Secret}, {Name: "P196", Type: provision.Secret},
		{Name: "P8681", Type: provision.Text, Max: 32}, {Name: "P8682", Type: provision.Text, Max: 32},
		{Name: "P212", Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}}, // TFTP, HTTP, FTP, HTTPS
		{Name: "P237", Type: provision.URL},
		{Name: "P145", Type: provision.Bool},
		{Name: "P194", Type: provision.Bool},
		{Name: "P193", Type: provision.Int, Min: 60, Max: 86400}, // minutes
		{Name: "P232", Type: provision.Text, Max: 32}, {Name: "P233", Type: provision.Text, Max: 32},
		{Name: "P1360", Type: provision.Text, Max: 64}, {Name: "P1361", Type: provision.Secret},
		{Name: "P192", Type: provision.URL},
		{Name: "P238", Type: provision.Enum, Allowed: []string{"0", "1", "2"}},
		{Name: "P88", Type: provision.Bool},
		{Name: "P8630", Type: provision.Bool},
		{Name: "P8150", Type: provision.Bool},
		{Name: "P24011", Type: provision.Text, Max: 64},
		{Name: "P24012", Type: provision.Bool},
		{Name: "P23131", Type: provision.Bool},
		{Name: "P84", Type: provision.Int, Min: 10, Max: 160},
		{Name: "P53100", Type: provision.Bool}, {Name: "P53101", Type: provision.Text, Max: 64},
		{Name: "P53110", Type: provision.Bool}, {Name: "P53111", Type: provision.Text, Max: 64},
		{Name: "P53120", Type: provision.Bool}, {Name: "P53121", Type: provision.Text, Max: 64},
		{Name: "P53200", Type: provision.Text, Max: 32}, {Name: "P53201", Type: provision.Text, Max: 32},

		{Name: "P8621", Type: provision.Int, Max: 40, Open: true}, // of the menus; no source lists the numbers
		{Name: "P2525", Type: provision.Int, Max: 40, Open: true},
		{Name: "P64", Type: provision.Int, Min: 1, Max: 120, Open: true},
		{Name: "P75", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Open: true},
		{Name: "P143", Type: provision.Bool, Open: true},
		{Name: "P30", Type: provision.Text, Max: 64, Open: true},
		{Name: "P144", Type: provision.Bool, Open: true},
		{Name: "P102", Type: provision.Int, Max: 9, Open: true},
		{Name: "P8624", Type: provision.Int, Max: 1, Open: true},
		{Name: "P51", Type: provision.Int, Max: 4094, Open: true},
		{Name: "P87", Type: provision.Int, Max: 7, Open: true},
		{Name: "P38", Type: provision.Int, Max: 63, Open: true},
		{Name: "P5438", Type: provision.Bool, Open: true},
		{Name: "P8849", Type: provision.Bool, Open: true},
		{Name: "P8850", Type: provision.Bool, Open: true},
		{Name: "P207", Type: provision.Text, Max: 64, Open: true},
		{Name: "P208", Type: provision.Int, Max: 7, Open: true},
		{Name: "P79", Type: provision.Int, Min: 96, Max: 127, Open: true},
		{Name: "P20166", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Open: true},
	}
	for _, name := range []string{"P57", "P58", "P59", "P60", "P61", "P62"} { // codecs, in order
		params = append(params, p{Name: name, Type: provision.Int, Max: 127, Open: true})
	}
	add := func(t provision.Type, most int, names ...string) {
		for _, name := range names {
			params = append(params, p{Name: name, Type: t, Max: most})
		}
	}
	for n, a := range htekAccountNumbers {
		enable, auto, user, password := htekHoteling(n + 1)
		add(provision.Bool, 0, a.enable, enable, auto)
		add(provision.Text, 80, a.label, a.user, a.auth, a.name, user)
		add(provision.Secret, 0, a.password, password)
		add(provision.Int, 5, htekProfile(n+1))
	}
	for _, s := range htekServingNumbers {
		add(provision.Text, 128, s.server, s.second, s.proxy, s.secondProxy)
		add(provision.Bool, 0, s.register, s.unregistered, s.mwi, s.features, s.answers)
		params = append(params,
			p{Name: s.transport, Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}},
			p{Name: s.nat, Type: provision.Enum, Allowed: []string{"0", "1", "2"}},
			p{Name: s.expires, Type: provision.Int, Min: 1, Max: 64800}, // minutes
			p{Name: s.srtp, Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Open: true})
	}
	for n := 1; n <= 36; n++ {
		k := htekKeyAt(n)
		params = append(params,
			p{Name: k.kind, Type: provision.Enum, Allowed: []string{htekNone, htekLine, htekDial, htekWatch}},
			p{Name: k.mode, Type: provision.Bool},
			p{Name: k.account, Type: provision.Int, Max: 255})
		add(provision.Text, 64, k.label, k.pickup)
		add(provision.Text, 128, k.value)
	}
	for n := range params {
		params[n].Source = fromTemplates
	}
	return params
}
