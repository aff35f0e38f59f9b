package dhcp

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"tischlein/internal/provision"
)

// kea writes a whole "Dhcp4" object, so that it can be tried with kea-dhcp4 -t;
// Kea's JSON allows comments.
func (s Snippet) kea() string {
	var classes, hosts []string
	for _, v := range s.Vendors {
		for i, d := range v.DHCP {
			classes = append(classes, fmt.Sprintf("      // %s\n      { \"name\": %s, \"test\": %s, \"option-data\": [ %s ] }",
				about(v, d), text(tag(v, i)), text(keaTest(v, d)), keaOption(d, s.URL)))
		}
	}
	for _, h := range s.Hosts {
		hosts = append(hosts, fmt.Sprintf("      // %s\n      { \"hw-address\": %s, \"option-data\": [ %s ] }",
			word(h.Name), text(h.MAC.Colon()), keaOption(h.DHCP, h.URL.Reveal())))
	}
	var parts []string
	if len(classes) > 0 {
		parts = append(parts, "    \"client-classes\": [\n"+strings.Join(classes, ",\n")+"\n    ]")
	}
	if len(hosts) > 0 {
		parts = append(parts, "    \"reservations-global\": true,\n    \"reservations\": [\n"+strings.Join(hosts, ",\n")+"\n    ]")
	}
	return lines("// ", head(len(s.Hosts))) + "{\n  \"Dhcp4\": {\n" + strings.Join(parts, ",\n") + "\n  }\n}\n"
}

func text(s string) string {
	b, _ := json.Marshal(s) // a string always can
	return string(b)
}

func keaTest(v Vendor, d provision.DHCP) string {
	var any []string
	for _, c := range d.Classes {
		any = append(any, fmt.Sprintf("substring(option[60].hex,0,%d) == '%s'", len(c), c))
	}
	if len(d.Classes) == 0 {
		for _, o := range v.OUIs {
			any = append(any, "substring(pkt4.mac,0,3) == 0x"+o)
		}
	}
	return strings.Join(any, " or ")
}

// keaOption writes the octets themselves: that needs no definition, whatever the
// option is called in this version.
func keaOption(d provision.DHCP, url string) string {
	data := []byte(url)
	if d.Sub > 0 {
		data = append([]byte{d.Sub, byte(len(data))}, data...)
	}
	return fmt.Sprintf("{ \"code\": %d, \"csv-format\": false, \"always-send\": true, \"data\": \"%s\" /* %s */ }", d.Option, hex.EncodeToString(data), url)
}
