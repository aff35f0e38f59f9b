package dhcp

import (
	"fmt"
	"strings"

	"tischlein/internal/provision"
)

// iscNames are the options that dhcpd has a name for; others get one here.
var iscNames = map[byte]string{66: "tftp-server-name", 114: "default-url"}

func (s Snippet) isc() string {
	var b strings.Builder
	b.WriteString(lines("# ", head(len(s.Hosts))))
	b.WriteString(s.iscDefinitions())
	for _, v := range s.Vendors {
		for i, d := range v.DHCP {
			fmt.Fprintf(&b, "\n# %s\nclass \"%s\" {\n  match if %s;\n%s}\n", about(v, d), tag(v, i), iscTest(v, d), iscOption(d, s.URL))
		}
	}
	for _, h := range s.Hosts {
		fmt.Fprintf(&b, "\n# %s\nhost tischlein-%s {\n  hardware ethernet %s;\n%s}\n", word(h.Name), h.MAC, h.MAC.Colon(), iscOption(h.DHCP, h.URL.Reveal()))
	}
	return b.String()
}

func (s Snippet) iscDefinitions() string {
	var used []provision.DHCP
	for _, v := range s.Vendors {
		used = append(used, v.DHCP...)
	}
	for _, h := range s.Hosts {
		used = append(used, h.DHCP)
	}
	var b strings.Builder
	done := map[string]bool{}
	once := func(line string) {
		if !done[line] {
			b.WriteString(line)
		}
		done[line] = true
	}
	for _, d := range used {
		switch {
		case d.Sub > 0:
			once("option space tischlein;\n")
			once(fmt.Sprintf("option tischlein.url-%d code %d = text;\n", d.Sub, d.Sub))
		case iscNames[d.Option] == "" && d.Option != 43:
			once(fmt.Sprintf("option tischlein-%d code %d = text;\n", d.Option, d.Option))
		}
	}
	return b.String()
}

func iscTest(v Vendor, d provision.DHCP) string {
	var any []string
	for _, c := range d.Classes {
		any = append(any, fmt.Sprintf("substring(option vendor-class-identifier, 0, %d) = \"%s\"", len(c), c))
	}
	if len(d.Classes) == 0 {
		for _, o := range v.OUIs {
			p := pairs(o)
			any = append(any, fmt.Sprintf("substring(hardware, 1, 3) = %s:%s:%s", p[0], p[1], p[2]))
		}
	}
	return strings.Join(any, "\n     or ")
}

func iscOption(d provision.DHCP, url string) string {
	switch name := iscNames[d.Option]; {
	case d.Sub > 0:
		return fmt.Sprintf("  vendor-option-space tischlein;\n  option tischlein.url-%d \"%s\";\n", d.Sub, url)
	case d.Option == 43:
		return fmt.Sprintf("  option vendor-encapsulated-options \"%s\";\n", url)
	case name == "":
		return fmt.Sprintf("  option tischlein-%d \"%s\";\n", d.Option, url)
	default:
		return fmt.Sprintf("  option %s \"%s\";\n", name, url)
	}
}
