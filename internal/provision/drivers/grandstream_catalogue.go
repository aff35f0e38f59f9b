package drivers

import (
	"maps"
	"slices"

	"tischlein/internal/provision"
)

var grandstreamCatalogue = provision.NewCatalogue("1", "0", "", grandstreamParams()...)

// grandstreamModes are the words for what a key does. Numbers would mean other
// things on keys that were added by firmware.
const (
	grandstreamNone  = "none"
	grandstreamLine  = "line"
	grandstreamDial  = "speeddial"
	grandstreamWatch = "blf"
	grandstreamPages = "xmlapp"
)

func grandstreamParams() []provision.Param {
	type p = provision.Param
	languages := []string{"de", "en", "nl"}
	zones := slices.Compact(slices.Sorted(maps.Values(grandstreamZones)))
	codecs := []string{"0", "8", "4", "18", "2", "98", "9", "123"}
	params := []p{
		{Name: "P2", Type: provision.Secret, Source: fromGuide},
		{Name: "P196", Type: provision.Secret, Source: fromGuide},
		{Name: "P212", Type: provision.Enum, Allowed: []string{"0", "1", "2", "3", "4"}, Source: fromGuide},
		{Name: "P237", Type: provision.Text, Source: fromGuide},
		{Name: "P234", Type: provision.Text, Max: 32, Source: fromGuide},
		{Name: "P235", Type: provision.Text, Max: 32, Source: fromGuide},
		{Name: "P1360", Type: provision.Text, Max: 64, Source: fromGuide},
		{Name: "P1361", Type: provision.Secret, Source: fromGuide},
		{Name: "P8467", Type: provision.Bool, Source: fromTemplates},
		{Name: "P194", Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}, Source: fromGuide},
		{Name: "P193", Type: provision.Int, Min: 60, Max: 86400, Source: fromGuide},
		{Name: "P4428", Type: provision.Bool, Source: fromTemplates},
		{Name: "P26015", Type: provision.Bool, Source: fromTemplates},
		{Name: "P145", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Source: fromTemplates},
		{Name: "P8337", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Source: fromTemplates},
		{Name: "P1411", Type: provision.Bool, Source: fromTemplates},
		{Name: "P1414", Type: provision.Bool, Source: fromTemplates},
		{Name: "P1409", Type: provision.Bool, Source: fromTemplates},
		{Name: "P276", Type: provision.Bool, Source: fromTemplates},
		{Name: "P88", Type: provision.Bool, Source: fromTemplates},
		{Name: "P1357", Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}, Source: fromTemplates},
		{Name: "P8463", Type: provision.Bool, Source: fromTemplates},
		{Name: "P22030", Type: provision.Bool, Source: fromTemplates},
		{Name: "P8502", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Source: fromTemplates},
		{Name: "P2386", Type: provision.PEM, Source: fromTemplates},
		{Name: "P238", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Source: fromGuide},
		{Name: "P6767", Type: provision.Enum, Allowed: []string{"0", "1", "2"}, Source: fromTemplates},
		{Name: "P192", Type: provision.Text, Source: fromGuide},
		{Name: "P84", Type: provision.Int, Min: 10, Max: 160, Source: fromTemplates},
		{Name: "P1347", Type: provision.Text, Max: 16, Source: fromTemplates}, // dialled before the number that is watched
		{Name: "P6752", Type: provision.Bool, Source: fromTemplates},          // always dial it
		{Name: "P337", Type: provision.URL, Source: fromGuide},
		{Name: "P352", Type: provision.Text, Max: 32, Source: fromGuide},

		{Name: "P1362", Type: provision.Enum, Allowed: languages, Source: fromTemplates, Open: true},
		{Name: "P64", Type: provision.Enum, Allowed: append(zones, "auto", "customize"), Source: fromTemplates, Open: true},
		{Name: "P246", Type: provision.Text, Max: 64, Source: fromTemplates, Open: true},
		{Name: "P30", Type: provision.Text, Max: 64, Source: fromGuide, Open: true},
		{Name: "P8333", Type: provision.Text, Max: 64, Source: fromGuide, Open: true},
		{Name: "P144", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "P143", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "P91", Type: provision.Bool, Source: fromGuide, Open: true},
		{Name: "P186", Type: provision.Bool, Source: fromGuide, Open: true},
		{Name: "P51", Type: provision.Int, Max: 4094, Source: fromTemplates, Open: true},
		{Name: "P87", Type: provision.Int, Max: 7, Source: fromTemplates, Open: true},
		{Name: "P1684", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "P207", Type: provision.Text, Max: 64, Source: fromTemplates, Open: true},
		{Name: "P208", Type: provision.Int, Max: 5, Source: fromTemplates, Open: true},
		{Name: "P79", Type: provision.Int, Min: 96, Max: 127, Source: fromTemplates, Open: true},
	}
	for _, choice := range []string{"P57", "P58", "P59", "P60", "P61", "P62"} { // codecs of account 1, in order
		params = append(params, p{Name: choice, Type: provision.Enum, Allowed: codecs, Source: fromTemplates, Open: true})
	}
	known := make(map[string]bool, 800)
	add := func(q p) {
		if q.Name != "" && !known[q.Name] {
			known[q.Name] = true
			q.Source = fromTemplates
			params = append(params, q)
		}
	}
	for n := 1; n <= 16; n++ {
		for _, a := range []grandstreamAccount{grandstreamDesk(n, false), grandstreamDesk(n, true), grandstreamAdapter(min(n, 2)), grandstreamPort(n, true), grandstreamProfile} {
			for _, name := range []string{a.enable, a.register, a.mwi, a.features, a.chain, a.unregistered, a.guests} {
				add(p{Name: name, Type: provision.Bool})
			}
			for _, name := range []string{a.label, a.server, a.proxy, a.user, a.auth, a.name} {
				add(p{Name: name, Type: provision.Text, Max: 128})
			}
			add(p{Name: a.password, Type: provision.Secret})
			add(p{Name: a.expires, Type: provision.Int, Min: 1, Max: 64800}) // minutes
			add(p{Name: a.transport, Type: provision.Enum, Allowed: []string{"0", "1", "2"}})
			add(p{Name: a.scheme, Type: provision.Enum, Allowed: []string{"0", "1"}})
			add(p{Name: a.nat, Type: provision.Enum, Allowed: []string{"0", "1", "2"}})
			add(p{Name: a.srtp, Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}})
			add(p{Name: a.log, Type: provision.Enum, Allowed: []string{"0", "1", "2"}})
			add(p{Name: a.show, Type: provision.Enum, Allowed: []string{"0", "1"}})
			add(p{Name: a.profile, Type: provision.Enum, Allowed: []string{"0", "1", "2", "3"}})
			add(p{Name: a.handset, Type: provision.Int, Min: 1, Max: 104})
		}
	}
	modes := []string{grandstreamNone, grandstreamLine, grandstreamDial, grandstreamWatch, grandstreamPages}
	key := func(k grandstreamKey) {
		add(p{Name: k.mode, Type: provision.Enum, Allowed: modes})
		add(p{Name: k.account, Type: provision.Int, Max: 15})
		add(p{Name: k.label, Type: provision.Text, Max: 64})
		add(p{Name: k.value, Type: provision.Text})
	}
	for n := 1; n <= 48; n++ {
		key(grandstreamVPK(n))
	}
	for n := 1; n <= 24; n++ {
		key(grandstreamMPK(n))
	}
	return params
}
