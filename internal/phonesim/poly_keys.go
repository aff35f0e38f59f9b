package phonesim

import (
	"cmp"
	"fmt"
	"strings"
)

// buttons are the soft keys of the idle phone, then the speed dials.
func (p poly) buttons(s settings) []Button {
	var list []Button
	if s.on("feature.enhancedFeatureKeys.enabled") {
		for n := 1; n <= 10; n++ {
			k := fmt.Sprintf("softkey.%d.", n)
			if !s.on(k+"enable") || !s.on(k+"use.idle") {
				continue
			}
			label, action := s.get(k+"label"), s.get(k+"action")
			if name, ok := strings.CutPrefix(action, "!"); ok {
				l, macro := polyMacro(s, name)
				label, action = cmp.Or(label, l), macro
			}
			b := Button{Label: label}
			switch {
			case strings.HasPrefix(action, "http://"), strings.HasPrefix(action, "https://"):
				b.Opens = action
			default:
				b.Dials, _, _ = strings.Cut(action, "$")
			}
			if b.Opens+b.Dials != "" {
				list = append(list, b)
			}
		}
	}
	for n := 1; n <= 99; n++ {
		k := fmt.Sprintf("directory.%d.", n)
		if ct := s.get(k + "ct"); ct != "" {
			list = append(list, Button{Label: s.get(k + "label"), Dials: ct})
		}
	}
	return list
}

// polyMacro is an enhanced feature key by its name: its label and what it does.
func polyMacro(s settings, name string) (label, action string) {
	for n := 1; n <= 50; n++ {
		k := fmt.Sprintf("efk.efklist.%d.", n)
		if s.get(k+"mname") == name && s.or(k+"status", "1") != "0" {
			return s.get(k + "label"), s.get(k + "action.string")
		}
	}
	return "", ""
}
