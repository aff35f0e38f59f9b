package provision

import "tischlein/internal/telephony"

// Driver is one vendor. All methods are pure and safe for concurrent use.
type Driver interface {
	// Info is constant.
	Info() Info
	// Match says what this vendor's phones mean by a request. ok is false when
	// nothing in it looks like this vendor. It never fills in the MAC.
	Match(Request) (m Match, ok bool)
	// Render writes one file of the device. Same input, same bytes. A kind that
	// the vendor's phones ask for but need not get is telephony.NotFound.
	Render(telephony.Desired, FileKind) (File, error)
}

// StageOne is a driver whose phones start at a URL that is the same for every
// device and are led from there to their own (P02).
type StageOne interface {
	// RenderStageOne holds trust anchors and, if b.TokenURL is set, the way to
	// the device's own directory; never another secret.
	RenderStageOne(b Bootstrap, kind FileKind) (File, error)
	// PlainPointer is the only answer over plain HTTP: a constant per vendor and
	// kind that leads to httpsURL (ends in "/"). NotFound for kinds without one.
	PlainPointer(kind FileKind, httpsURL string) (File, error)
}

// Notifier is a driver whose phones obey an unsolicited NOTIFY (C05). A driver
// without it cannot be pushed.
type Notifier interface {
	CheckSync() string // Event value for "fetch again, do not reboot"
	// Reboot is the Event value for "reboot, then fetch"; "" = the phones obey none.
	Reboot() string
}

// Catalogued is a driver whose files are made of named parameters.
type Catalogued interface {
	Catalogue() *Catalogue
	// Parse reads back a file that the driver rendered.
	Parse(File) ([]Setting, error)
}

// FileKind says what a file is for, in no vendor's words.
type FileKind string

// The kinds of files phones ask for.
const (
	KindConfig FileKind = "config" // the device's own configuration, with its secrets
	KindBoot   FileKind = "boot"   // names the files that follow
	KindCommon FileKind = "common" // the same for a whole model or for all
	KindTrust  FileKind = "trust"  // certificate of the CA that signed ours (PEM)
	KindUpload FileKind = "upload" // what a phone writes back (P13)
	// KindRestart makes a phone start again, at stage 1 only: the same for all, so
	// that what it does at its start need not bear a token (P02).
	KindRestart FileKind = "restart"
)

// File is one rendered file.
type File struct {
	Name        string // as the vendor's phones spell it, without a directory
	ContentType string
	Body        []byte
}

// Match is what a driver reads out of a request.
type Match struct {
	Kind     FileKind
	Model    string // as in Info.Models, or "" when the request does not say
	Firmware string
	Sure     bool // the User-Agent names the vendor; else the path merely fits
}

// Bootstrap is all that a stage-1 file may know (P01, P02).
type Bootstrap struct {
	MAC    telephony.MAC
	Model  string
	RootCA string // PEM, "" = public
	// StageURL is the stage-1 directory over HTTPS, ending in "/".
	StageURL string
	// TokenURL is the device's own directory (Desired.BaseURL), set only where
	// there is evidence of P03.
	TokenURL telephony.Secret
}

// PointerTurn is after how many seconds phones that go to a new address at their
// next turn only are to follow a PlainPointer: soon, and for ever, since one that
// is not trusted yet finds nothing there.
const PointerTurn = 300

// NoFile is the answer for a kind the vendor's phones can do without.
func NoFile(kind FileKind) error { return telephony.NotFoundf("file of kind " + string(kind)) }
