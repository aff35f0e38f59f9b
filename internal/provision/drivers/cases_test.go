package drivers

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// vendorCase is what the shared tests must be told of a vendor. Each vendor's own
// test file registers one, written from the vendor's documents and not from the
// driver; a driver that fetches and has none fails.
type vendorCase struct {
	vendor string
	// The device that most scenarios are about. No MAC: a softphone.
	model string
	mac   telephony.MAC

	small      string        // a model without keys, "" = there is none
	several    string        // a model with several ports, "" = there is none
	severalMAC telephony.MAC // of that model
	draw       []string      // further models whose screens are compared with their files

	// sits reads back who sits at line 1.
	sits func(file map[string]string) sitting
	// shows reads back all that the file makes the phone show, but for its keys.
	shows func(file map[string]string, d telephony.Desired) told
	// keys reads back the programmable keys in the phone's order, unused ones as
	// zero. nil: the phones have none.
	keys func(file map[string]string) []fileKey

	// oneName: the display name is also the label.
	oneName bool
	// shortest is the number of characters that the label may have, 0 = enough.
	shortest int

	// dialled: on these models the code for logging in stands in that setting.
	dialled []dialled
	// locked are settings that every file of a configuration holds: what closes
	// the ways around a link (S03), and what a push without a reboot needs (P09).
	locked map[string]string
	// never: a setting that would open such a way.
	never func(name, value string) bool
	// cleared are settings that every file holds so that nothing of the last
	// person survives (P07).
	cleared map[string]string
	// leads are the settings that name the device's own directory: its token stands
	// nowhere else (P02).
	leads []string
	// zoned are prefixes of settings that an unknown time zone leaves out.
	zoned []string

	checkSync, reboot string // Event of the NOTIFY, "" = the phones cannot be pushed
	pageType          string // content type of a page, "" = text/xml; charset=utf-8
	// turn is what a pointer says so that the phone does not wait for its next
	// start before it follows (P02). nil: it follows at once, or cannot be told.
	turn map[string]string
	// firmware is how a file names the firmware https://…/f/0123abcd/image-99.1.2.3.rom,
	// "" = by the last part of that.
	firmware string

	requests []request // what its phones send, and what it says
}

// sitting is who sits at a line: what the phone shows, and says of itself in SIP.
type sitting struct{ label, display, user string }

// told is what a device's own file makes it show, read back from the bytes.
type told struct {
	labels map[int]string // by port
	keys   []string       // kind:port:label
	text   []string
	header string
}

// fileKey is a programmable key as a file sets it.
type fileKey struct {
	does  string // "line", "watches", "dials" or "opens", "" = nothing
	value string // what it watches, dials or opens
	port  int
	label string
}

type dialled struct{ model, setting, want string }

// request is one that phones really send; what is "" must be read as such.
type request struct {
	agent, path, query, cert string
	method                   string // "" = GET
	mac, model, fw           string
	kind                     provision.FileKind
}

var cases = map[string]vendorCase{}

func registerCase(c vendorCase) {
	if _, twice := cases[c.vendor]; twice {
		panic("two cases for " + c.vendor)
	}
	if c.pageType == "" {
		c.pageType = "text/xml; charset=utf-8"
	}
	if c.firmware == "" {
		c.firmware = "image-99.1.2.3.rom"
	}
	cases[c.vendor] = c
}

var onlyVendor = flag.String("vendor", "", "test (and -update) this vendor's driver only")

// under are the drivers that are tested.
func under() []provision.Driver {
	if *onlyVendor == "" {
		return All().Drivers()
	}
	drv, err := All().Get(*onlyVendor)
	if err != nil {
		panic(err)
	}
	return []provision.Driver{drv}
}

// withCase calls f for every driver whose phones fetch.
func withCase(t *testing.T, f func(t *testing.T, drv provision.Driver, c vendorCase)) {
	t.Helper()
	for _, drv := range under() {
		if !drv.Info().Fetches() {
			continue
		}
		c, ok := cases[drv.Info().Vendor]
		if !ok {
			t.Errorf("%s has no vendorCase: its test file registers one", drv.Info().Vendor)
			continue
		}
		t.Run(c.vendor, func(t *testing.T) { f(t, drv, c) })
	}
}

// withKeys is withCase for phones with programmable keys.
func withKeys(t *testing.T, f func(t *testing.T, drv provision.Driver, c vendorCase)) {
	t.Helper()
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		m, _ := drv.Info().Model(c.model)
		if (m.Keys > 0) != (c.keys != nil) {
			t.Fatalf("%s has %d keys, and the case reads keys: %v", m.Name, m.Keys, c.keys != nil)
		}
		if c.keys != nil {
			f(t, drv, c)
		}
	})
}

// reads is all that a configuration makes the phone show.
func (c vendorCase) reads(file map[string]string, d telephony.Desired) told {
	r := c.shows(file, d)
	if c.keys == nil {
		return r
	}
	for _, k := range c.keys(file) {
		kind := map[string]string{"line": "line", "watches": "blf", "dials": kindOf(k.value), "opens": kindOf(k.value)}[k.does]
		r.keys = append(r.keys, kind+":"+strconv.Itoa(k.port)+":"+k.label)
	}
	return r
}

// inUse are the keys that do something other than choose a line: what, and label.
func (c vendorCase) inUse(file map[string]string) map[string]string {
	keys := map[string]string{}
	for _, k := range c.keys(file) {
		if k.does != "" && k.does != "line" {
			keys[k.does+" "+k.value] = k.label
		}
	}
	return keys
}

// kindOf tells the keys apart by what they dial or open.
func kindOf(value string) string {
	switch {
	case strings.HasSuffix(value, "902") || strings.HasSuffix(value, "/logout"):
		return "logout"
	case strings.HasSuffix(value, "901") || strings.HasSuffix(value, "/login"):
		return "login"
	}
	return "speed_dial"
}

// exactly is s, or "" where the file says that it is empty.
func exactly(s, null string) string {
	if s == null {
		return ""
	}
	return s
}

func TestP06_ACaseKnowsItsVendor(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		i := drv.Info()
		if c.sits == nil || c.shows == nil || len(c.locked) == 0 || len(c.requests) == 0 {
			t.Error("the case reads, locks or recognises nothing")
		}
		if m, ok := i.Model(c.model); !ok || c.mac != "" && m.Ports == 0 {
			t.Errorf("model %q is unknown", c.model)
		}
		if (c.mac == "") != (len(i.OUIs) == 0) || c.mac != "" && !i.HasOUI(c.mac.OUI()) {
			t.Errorf("MAC %q is not the vendor's", c.mac)
		}
		small, several := false, false
		for _, m := range i.Models {
			small, several = small || m.Keys == 0 && c.keys != nil, several || m.Ports > 1
		}
		if m, ok := i.Model(c.small); small != (c.small != "") || c.small != "" && (!ok || m.Keys > 0) {
			t.Errorf("model without keys: %q", c.small)
		}
		if m, ok := i.Model(c.several); several != (c.several != "") || c.several != "" && (!ok || m.Ports < 2 || c.severalMAC == "") {
			t.Errorf("model with several ports: %q %q", c.several, c.severalMAC)
		}
		if (c.small != "" || c.keys == nil) && len(c.dialled) == 0 {
			t.Error("nothing says what to dial where there is no key (H04)")
		}
		for _, tr := range i.Traces {
			if tr.Cleared && (tr.What == "do not disturb" || tr.What == "forwards") && len(c.cleared) == 0 {
				t.Errorf("the case does not see %s cleared", tr.What)
			}
		}
	})
	for vendor := range cases {
		if _, err := All().Get(vendor); err != nil {
			t.Errorf("a case for %s, which has no driver", vendor)
		}
	}
}
