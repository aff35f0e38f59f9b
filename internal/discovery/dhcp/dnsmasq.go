package dhcp

import (
	"fmt"
	"strings"

	"tischlein/internal/provision"
)

// own marks hosts with a reservation: their vendor's line must not count as well,
// for of two options dnsmasq takes one without saying which.
const own = "tischlein-own"

func (s Snippet) dnsmasq() string {
	var b strings.Builder
	b.WriteString(lines("# ", head(len(s.Hosts))))
	for _, v := range s.Vendors {
		for i, d := range v.DHCP {
			t := tag(v, i)
			fmt.Fprintf(&b, "\n# %s\n", about(v, d))
			for _, c := range d.Classes {
				fmt.Fprintf(&b, "dhcp-vendorclass=set:%s,%s\n", t, c)
			}
			if len(d.Classes) == 0 {
				for _, o := range v.OUIs {
					p := pairs(o)
					fmt.Fprintf(&b, "dhcp-mac=set:%s,%s:%s:%s:*:*:*\n", t, p[0], p[1], p[2])
				}
			}
			for _, o := range dnsmasqOption(d, "tag:"+t+",tag:!"+own, s.URL) {
				b.WriteString(o + "\n")
			}
		}
	}
	for _, h := range s.Hosts {
		t := "tischlein-" + string(h.MAC)
		fmt.Fprintf(&b, "\n# %s\ndhcp-host=%s,set:%s,set:%s\n", word(h.Name), h.MAC.Colon(), t, own)
		for _, o := range dnsmasqOption(h.DHCP, "tag:"+t, h.URL.Reveal()) {
			b.WriteString(o + "\n")
		}
	}
	return b.String()
}

// dnsmasqOption sends without being asked: phones do not always list what they read.
func dnsmasqOption(d provision.DHCP, tags, url string) (out []string) {
	if d.Sub == 0 {
		return []string{fmt.Sprintf("dhcp-option-force=%s,%d,\"%s\"", tags, d.Option, url)}
	}
	for _, c := range d.Classes {
		out = append(out, fmt.Sprintf("dhcp-option-force=%s,vendor:%s,%d,\"%s\"", tags, c, d.Sub, url))
	}
	return out
}
