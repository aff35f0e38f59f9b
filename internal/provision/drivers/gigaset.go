package drivers

import (
	"path"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// gigaset covers the DECT bases and the Maxwell desk phones. Its P series is
// made, named and provisioned by Snom.
type gigaset struct{}

func init() { register(gigaset{}) }

func (gigaset) Info() provision.Info { return gigasetInfo }

// CheckSync never reboots: a base needs no reboot to apply a file. Reboot is
// obeyed by current bases (2.52) and desk phones, because our files allow it.
func (gigaset) CheckSync() string { return "check-sync;reboot=false" }
func (gigaset) Reboot() string    { return "check-sync;reboot=true" }

func (gigaset) Catalogue() *provision.Catalogue { return gigasetCatalogue }

var (
	gigasetAgent = regexp.MustCompile(`^"?(?:Gigaset )?((?:N\d{3}E?|Maxwell)[ \w-]*?)(?:/([\w.]+?)(?:\+[^;]+)?(?:;.*)?| (\d+(?:\.\d+)+).*)"?$`)
	gigasetOwn   = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.xml$`)
)

// Match: older bases put directories of product and hardware before the name.
func (gigaset) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := gigasetAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Model, m.Firmware = true, strings.ReplaceAll(a[1], "-", " "), a[2]+a[3]
	}
	if name := path.Base("/" + r.Path); gigasetOwn.MatchString(name) {
		m.Kind = provision.KindConfig
		return m, true
	}
	return m, m.Sure
}

func (g gigaset) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	return g.config(d)
}

// RenderStageOne leads on in the dialect of the model that asks, or in those that
// differ in words only. The older bases must be known as such.
func (gigaset) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if kind != provision.KindConfig || b.TokenURL == "" {
		return provision.File{}, provision.NoFile(kind)
	}
	form := gigasetAny
	if _, known := gigasetInfo.Model(b.Model); known {
		form = gigasetDialect(b.Model)
	}
	s := gigasetCatalogue.Sheet(2)
	s.Set("System.Provision.ProvisioningServer", b.TokenURL.Reveal()+gigasetName(b.MAC, form))
	return gigasetFile(b.MAC, form, s)
}

// PlainPointer speaks to the current bases: the older ones take no file that does
// not name them, and it must be the same for all. They add their MAC themselves.
func (gigaset) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig {
		return provision.File{}, provision.NoFile(kind)
	}
	s := gigasetCatalogue.Sheet(1)
	s.Set("System.Provision.ProvisioningServer", httpsURL)
	f, err := gigasetFile("", gigasetBase, s)
	f.Name = "pointer.xml"
	return f, err
}

// gigasetName is the file as the model asks for it.
func gigasetName(mac telephony.MAC, form gigasetForm) string {
	if form == gigasetN510 || form == gigasetN720 {
		return mac.Upper() + ".xml"
	}
	return string(mac) + ".xml"
}
