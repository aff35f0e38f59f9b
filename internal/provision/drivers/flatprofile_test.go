package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/telephony"
)

func flatSits(m map[string]string) sitting {
	return sitting{label: m["Short_Name.1"], display: m["Display_Name.1"], user: m["User_ID.1"]}
}

func flatShows(m map[string]string, _ telephony.Desired) told {
	r := told{labels: map[int]string{}}
	keys := m["Extension.1"] != ""
	for n := 1; m["Line_Enable."+strconv.Itoa(n)] != ""; n++ {
		if m["Line_Enable."+strconv.Itoa(n)] != "Yes" {
			continue
		}
		r.labels[n] = m["Station_Name"]
		for k := 1; keys && k < 20; k++ {
			if at := strconv.Itoa(k); m["Extension."+at] == strconv.Itoa(n) {
				r.labels[n] = m["Short_Name."+at]
			}
		}
	}
	switch name := m["Station_Name"]; {
	case name == "":
	case keys:
		r.header = name
	default:
		r.text = []string{name}
	}
	return r
}

func flatFileKeys(m map[string]string) []fileKey {
	var keys []fileKey
	for n := 1; m["Extension."+strconv.Itoa(n)] != ""; n++ {
		at := "." + strconv.Itoa(n)
		if port, err := strconv.Atoi(m["Extension"+at]); err == nil {
			keys = append(keys, fileKey{does: "line", port: port, label: m["Short_Name"+at]})
			continue
		}
		parts := map[string]string{}
		for part := range strings.SplitSeq(m["Extended_Function"+at], ";") {
			name, value, _ := strings.Cut(part, "=")
			parts[name] = strings.TrimSuffix(value, "@$PROXY")
		}
		k := fileKey{label: parts["nme"]}
		k.port, _ = strconv.Atoi(parts["vid"])
		switch parts["fnc"] {
		case "xml":
			k.does, k.value = "opens", parts["url"]
		case "sd":
			k.does, k.value = "dials", parts["ext"]
		case "blf+sd":
			k.does, k.value = "watches", parts["sub"]
		}
		keys = append(keys, k)
	}
	return keys
}

// flatNever: a rule that fetches elsewhere, a key that signs in at the phone.
func flatNever(name, value string) bool {
	if strings.HasPrefix(name, "Profile_Rule") {
		return value != "" && !strings.HasSuffix(value, ".xml")
	}
	return strings.Contains(value, "em_login") || strings.HasPrefix(name, "Enable_Broadsoft_Hoteling") && value != "No"
}
