package drivers

import (
	"path"
	"regexp"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// fanvil covers three generations of firmware: the same settings as a text of
// modules in older and newer words, and as XML. Parameters have the names of the
// XML, joined by dots.
type fanvil struct{}

func init() { register(fanvil{}) }

func (fanvil) Info() provision.Info { return fanvilInfo }

// CheckSync fetches without a reboot because every configuration of ours sets
// sip.NotifyReboot to 0.
func (fanvil) CheckSync() string { return "check-sync" }
func (fanvil) Reboot() string    { return "check-sync;reboot=true" }

func (fanvil) Catalogue() *provision.Catalogue { return fanvilCatalogue }

var (
	fanvilAgent  = regexp.MustCompile(`(?i)^(?:fanvil|nethesis) (.+?) (\d+(?:\.\d+)+)(?: |$)`)
	fanvilOwn    = regexp.MustCompile(`(?i)^[0-9a-f]{12}\.(cfg|txt|xml)$`)
	fanvilShared = regexp.MustCompile(`(?i)^f0[0-9a-z]{2,}(?:hw\d\.\d+)?\.cfg$`)
	fanvilCheck  = regexp.MustCompile(`(?i)^fanvil_([0-9a-z_]+)_hwv?\d_\d\.txt$`)
)

func (fanvil) Match(r provision.Request) (provision.Match, bool) {
	var m provision.Match
	if a := fanvilAgent.FindStringSubmatch(r.UserAgent); a != nil {
		m.Sure, m.Firmware = true, a[2]
		m.Model = strings.TrimPrefix(a[1], "NP") // a seller's own name for the same phones
	}
	name := path.Base("/" + r.Path)
	switch check := fanvilCheck.FindStringSubmatch(name); {
	case check != nil:
		m.Kind, m.Sure = provision.KindBoot, true
		if m.Model == "" {
			m.Model = strings.ToUpper(strings.ReplaceAll(check[1], "_", "-"))
		}
	case fanvilOwn.MatchString(name):
		m.Kind = provision.KindConfig
		if !strings.EqualFold(path.Ext(name), ".cfg") && !m.Sure {
			return provision.Match{}, false
		}
	case fanvilShared.MatchString(name):
		m.Kind, m.Sure = provision.KindCommon, true
		if m.Model == "" {
			m.Model = fanvilCommon[strings.ToLower(name)]
		}
	default:
		return m, m.Sure
	}
	if r.Writes() {
		m.Kind = provision.KindUpload
	}
	return m, true
}

func (f fanvil) Render(d telephony.Desired, kind provision.FileKind) (provision.File, error) {
	switch kind {
	case provision.KindConfig:
		return f.config(d)
	case provision.KindBoot:
		return fanvilFirmware(d)
	}
	return provision.File{}, provision.NoFile(kind)
}

// RenderStageOne leads on from the file of the model and the device's own alike.
// The phone goes to a new address at its next turn, and an hour is the shortest
// that it can be told.
func (fanvil) RenderStageOne(b provision.Bootstrap, kind provision.FileKind) (provision.File, error) {
	if b.TokenURL == "" || kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := fanvilCatalogue.Sheet(8)
	fanvilVerify(s, b.RootCA, b.TokenURL.Reveal())
	fanvilServer(s, b.TokenURL.Reveal(), 1)
	name := string(b.MAC) + ".cfg"
	if _, known := fanvilInfo.Model(b.Model); !known {
		return fanvilFile(name, s, fanvilAnyText)
	}
	return fanvilFile(name, s, fanvilGeneration(b.Model))
}

// PlainPointer lets the phone fill in its MAC, so that the answer is constant,
// and speaks in the words of every generation.
func (fanvil) PlainPointer(kind provision.FileKind, httpsURL string) (provision.File, error) {
	if kind != provision.KindConfig && kind != provision.KindCommon {
		return provision.File{}, provision.NoFile(kind)
	}
	s := fanvilCatalogue.Sheet(5)
	s.Set("ap.FlashServerIP", httpsURL+"$mac.cfg")
	s.Clear("ap.FlashFileName")
	fanvilTurn(s, 1)
	return fanvilFile("pointer.cfg", s, fanvilAnyText)
}

// fanvilServer sets where the phone fetches. Server and path are apart: the phone
// puts a slash between them, and a doubled one would be another address.
func fanvilServer(s *provision.Sheet, directory string, hours int) {
	scheme, rest, _ := strings.Cut(directory, "://")
	host, dir, _ := strings.Cut(rest, "/")
	s.Set("ap.FlashServerIP", scheme+"://"+host)
	s.Set("ap.FlashFileName", telephony.Secret(dir+"$mac.cfg"))
	fanvilTurn(s, hours)
}

// fanvilTurn makes the phone fetch over HTTPS at every start and every few hours.
// It takes a file that differs from the last, and not only one of a higher version:
// all of ours have the same.
func fanvilTurn(s *provision.Sheet, hours int) {
	s.Set("mt.AutoServerDigest", true)
	s.Set("ap.FlashProtocol", 5)
	s.Set("ap.FlashMode", 2)
	s.Set("ap.FlashInterval", min(max(hours, 1), 720))
}

// fanvilVerify makes the phone verify our certificate. There is no parameter that
// would bring it a CA of our own: with one it could not reach us at all.
func fanvilVerify(s *provision.Sheet, rootCA, url string) {
	s.Set("dot1x.sslMode.PermissionCTF", rootCA == "")
	s.Set("dot1x.sslMode.CommonName", rootCA == "" && !isAddress(url))
}

// fanvilFirmware is what the phone compares with what it runs (P12).
func fanvilFirmware(d telephony.Desired) (provision.File, error) {
	if d.Firmware.URL == "" || fanvilGeneration(d.Model) != fanvilTree {
		return provision.File{}, provision.NoFile(provision.KindBoot)
	}
	s := fanvilCatalogue.Sheet(4)
	s.Set("Version", d.Firmware.Version)
	s.Set("Firmware", d.Firmware.URL)
	s.Clear("BuildTime")
	s.Set("Info", "TXT")
	model := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(d.Model))
	return fanvilFile("fanvil_"+model+"_hwv1_0.txt", s, fanvilLines)
}
