package drivers

import (
	"strconv"

	"tischlein/internal/provision"
)

var mitelCatalogue = provision.NewCatalogue("1", "0", "", append(append(mitelParams(), mitelNumbered()...), mitelChoices()...)...)

func mitelParams() []provision.Param {
	type p = provision.Param
	return []p{
		{Name: "download protocol", Type: provision.Enum, Allowed: []string{"HTTPS"}, Source: fromGuide},
		{Name: "https server", Type: provision.Text, Source: fromGuide},
		{Name: "https port", Type: provision.Int, Min: 1, Max: 65535, Source: fromGuide},
		{Name: "https path", Type: provision.Text, Source: fromGuide},
		{Name: "https validate certificates", Type: provision.Bool, Source: fromGuide},
		{Name: "https validate hostname", Type: provision.Bool, Source: fromGuide},
		{Name: "https validate expires", Type: provision.Bool, Source: fromGuide},
		{Name: "https user certificates", Type: provision.URL, Source: fromGuide},
		{Name: "http digest username", Type: provision.Text, Max: 40, Source: fromGuide},
		{Name: "http digest password", Type: provision.Secret, Source: fromGuide},
		{Name: "firmware server", Type: provision.URL, Source: fromTemplates},
		{Name: "auto resync mode", Type: provision.Int, Max: 3, Source: fromGuide},
		{Name: "auto resync time", Type: provision.Text, Max: 5, Source: fromGuide, Open: true},
		{Name: "auto resync max delay", Type: provision.Int, Max: 1439, Since: "2.4", Source: fromGuide, Open: true},
		{Name: "auto resync days", Type: provision.Int, Max: 364, Since: "2.4", Source: fromGuide},
		{Name: "contact rcs", Type: provision.Bool, Source: fromGuide},
		{Name: "admin password", Type: provision.Secret, Source: fromGuide},
		{Name: "user password", Type: provision.Secret, Source: fromGuide},
		{Name: "options simple menu", Type: provision.Bool, Source: fromTemplates},
		{Name: "options password enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "web interface enabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "user config url", Type: provision.URL, Source: fromGuide},
		{Name: "xml application post list", Type: provision.Text, Source: fromGuide},
		{Name: "action uri startup", Type: provision.URL, Source: fromGuide},
		{Name: "sip xml notify event", Type: provision.Bool, Source: fromGuide},
		{Name: "sip whitelist", Type: provision.Bool, Source: fromGuide},
		{Name: "sip transport protocol", Type: provision.Int, Max: 4, Source: fromGuide},
		{Name: "sips persistent tls", Type: provision.Bool, Source: fromGuide},
		{Name: "sip persistent tls keep alive", Type: provision.Int, Min: 1, Max: 3600, Source: fromTemplates},
		{Name: "sips trusted certificates", Type: provision.URL, Source: fromGuide},
		{Name: "sip srtp mode", Type: provision.Int, Max: 2, Source: fromGuide},
		{Name: "emergency dial plan", Type: provision.Text, Source: fromGuide},
		{Name: "callers list disabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "redial disabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "time server disabled", Type: provision.Bool, Source: fromTemplates},
	}
}

// mitelNumbered are the parameters of lines and keys. Their numbers stand inside
// words, so each is a parameter of its own.
func mitelNumbered() []provision.Param {
	type p = provision.Param
	var params []p
	for n := 1; n <= 9; n++ {
		line := "sip line" + strconv.Itoa(n) + " "
		params = append(params,
			p{Name: line + "mode", Type: provision.Int, Max: 3, Source: fromTemplates},
			p{Name: line + "user name", Type: provision.Text, Max: 64, Source: fromGuide},
			p{Name: line + "auth name", Type: provision.Text, Max: 64, Source: fromGuide},
			p{Name: line + "password", Type: provision.Secret, Source: fromGuide},
			p{Name: line + "display name", Type: provision.Text, Max: 64, Source: fromGuide},
			p{Name: line + "screen name", Type: provision.Text, Max: mitelRow, Source: fromGuide},
			p{Name: line + "screen name 2", Type: provision.Text, Max: mitelRow, Source: fromGuide},
			p{Name: line + "proxy ip", Type: provision.Text, Source: fromGuide},
			p{Name: line + "proxy port", Type: provision.Int, Max: 65535, Source: fromGuide},
			p{Name: line + "registrar ip", Type: provision.Text, Source: fromGuide},
			p{Name: line + "registrar port", Type: provision.Int, Max: 65535, Source: fromGuide},
			p{Name: line + "outbound proxy", Type: provision.Text, Source: fromGuide},
			p{Name: line + "outbound proxy port", Type: provision.Int, Max: 65535, Source: fromGuide},
			p{Name: line + "registration period", Type: provision.Int, Max: 2147483647, Source: fromGuide},
			p{Name: line + "vmail", Type: provision.Text, Source: fromTemplates},
		)
	}
	for _, f := range []struct {
		family string
		most   int
	}{{mitelProgrammable, 8}, {mitelTop, 48}, {mitelSoft, 55}} {
		for n := 1; n <= f.most; n++ {
			key := f.family + strconv.Itoa(n) + " "
			params = append(params,
				p{Name: key + "type", Type: provision.Enum, Allowed: []string{"none", "speeddial", "blf", "xml"}, Source: fromTemplates},
				p{Name: key + "value", Type: provision.Text, Max: mitelLongestKey, Source: fromTemplates},
				p{Name: key + "label", Type: provision.Text, Max: 40, Source: fromTemplates},
				p{Name: key + "line", Type: provision.Int, Min: 1, Max: 9, Source: fromTemplates})
			if f.family == mitelSoft {
				params = append(params, p{Name: key + "states", Type: provision.Text, Source: fromTemplates})
			}
		}
	}
	return params
}

// mitelChoices are what operators may want otherwise (P08).
func mitelChoices() []provision.Param {
	type p = provision.Param
	params := []p{
		{Name: "language", Type: provision.Int, Max: 4}, {Name: "language 1", Type: provision.Text, Max: 99},
		{Name: "language 2", Type: provision.Text, Max: 99}, {Name: "language 3", Type: provision.Text, Max: 99},
		{Name: "language 4", Type: provision.Text, Max: 99}, {Name: "web language", Type: provision.Int, Max: 4},
		{Name: "input language", Type: provision.Text, Max: 20}, {Name: "tone set", Type: provision.Text, Max: 20},
		{Name: "time server1", Type: provision.Text, Max: 99}, {Name: "time server2", Type: provision.Text, Max: 99},
		{Name: "time server3", Type: provision.Text, Max: 99}, {Name: "time format", Type: provision.Int, Max: 1},
		{Name: "date format", Type: provision.Int, Max: 15}, {Name: "time zone name", Type: provision.Text, Max: 32},
		{Name: "time zone code", Type: provision.Text, Max: 5}, {Name: "time zone minutes", Type: provision.Int, Min: -840, Max: 720},
		{Name: "dst config", Type: provision.Int, Max: 3}, {Name: "dst minutes", Type: provision.Int, Max: 60},
		{Name: "dst [start|end] relative date", Type: provision.Int, Max: 1},
		{Name: "tagging enabled", Type: provision.Bool}, {Name: "vlan id", Type: provision.Int, Min: 1, Max: 4094},
		{Name: "vlan id port 1", Type: provision.Int, Min: 1, Max: 4095}, {Name: "priority non-ip", Type: provision.Int, Max: 7},
		{Name: "lldp", Type: provision.Bool}, {Name: "tos sip", Type: provision.Int, Max: 63},
		{Name: "tos rtp", Type: provision.Int, Max: 63}, {Name: "tos rtcp", Type: provision.Int, Max: 63},
		{Name: "sip rtp port", Type: provision.Int, Min: 1024, Max: 65535}, {Name: "sip customized codec", Type: provision.Text, Max: 250},
		{Name: "sip silence suppression", Type: provision.Bool}, {Name: "sip dtmf method", Type: provision.Int, Max: 2},
		{Name: "sip out-of-band dtmf", Type: provision.Bool}, {Name: "sip session timer", Type: provision.Int, Max: 86400},
		{Name: "sip dial plan", Type: provision.Text, Max: 250}, {Name: "sip dial plan terminator", Type: provision.Bool},
		{Name: "ringer volume", Type: provision.Int, Max: 9}, {Name: "handset volume", Type: provision.Int, Max: 10},
		{Name: "headset volume", Type: provision.Int, Max: 10}, {Name: "speaker volume", Type: provision.Int, Max: 10},
		{Name: "ring tone", Type: provision.Int, Max: 15}, {Name: "audio mode", Type: provision.Int, Max: 4},
		{Name: "backlight mode", Type: provision.Int, Max: 2}, {Name: "bl on time", Type: provision.Int, Min: 1, Max: 7200},
		{Name: "brightness level", Type: provision.Int, Max: 5}, {Name: "inactivity brightness level", Type: provision.Int, Max: 5},
		{Name: "contrast level", Type: provision.Int, Max: 9}, {Name: "screen save time", Type: provision.Int, Max: 7200},
		{Name: "call waiting", Type: provision.Bool}, {Name: "call waiting tone", Type: provision.Bool},
		{Name: mitelForwards, Type: provision.Bool}, {Name: "missed calls indicator disabled", Type: provision.Bool},
		{Name: "directory disabled", Type: provision.Bool}, {Name: "directed call pickup", Type: provision.Bool},
		{Name: "directed call pickup prefix", Type: provision.Text, Max: 16}, {Name: "collapsed softkey screen", Type: provision.Bool},
		{Name: "log server ip", Type: provision.Text, Max: 99, Operator: true}, {Name: "log server port", Type: provision.Int, Min: 1, Max: 65535},
	}
	for _, at := range []string{"dst start ", "dst end "} {
		params = append(params,
			p{Name: at + "month", Type: provision.Int, Min: 1, Max: 12}, p{Name: at + "week", Type: provision.Int, Min: -1, Max: 5},
			p{Name: at + "day", Type: provision.Int, Min: 1, Max: 31}, p{Name: at + "hour", Type: provision.Int, Max: 23})
	}
	for n := range params {
		params[n].Source, params[n].Open = fromTemplates, true
	}
	return params
}
