package provision

import (
	"strings"
	"time"
)

// PageWords are the texts of the pages that a phone's keys open (H02 b, H03).
// "%s" is filled in by Say.
type PageWords struct {
	Number, PIN   string // of the form
	NewPIN, Again string
	Yes, No       string
	Back, OK      string

	LoggedIn  string // "%s": who
	LoggedOut string
	AllOut    string // logged out everywhere
	StaysAt   string // D10; "%s": where an administrator's link keeps somebody

	WrongPIN   string // the same for an unknown number and a wrong PIN
	PINLocked  string // D20; "%s": until when
	MustChange string // D20
	Unequal    string // the new PIN was not repeated as it was
	WeakPIN    string
	PINLength  string

	Maximum   string // H03; "%s": where
	TakeOver  string // the choice: in here, out there
	MaximumOf string // H03, with a choice; "%s": where
	OutAt     string // the choice; "%s": where to log off
	Taken     string // "%s": who sits here
	AlsoOut   string // beside Taken; "%s": where a login ends for it
	TakeDesk  string // the choice: log them off
	Elsewhere string // "%s": where else
	HereOnly  string // the choice
	HereShort string
	All       string // the choice

	Linked   string // S03, S04; "%s": with whom
	Fixed    string // D09: the extension is linked with another device
	Nobody   string // there is nobody to log off
	NotHere  string // this device has no such desk
	TooMany  string // X03
	TryAgain string // our fault, or too much to do
}

var pageWords = map[string]PageWords{
	"de": {
		Number: "Nebenstelle", PIN: "PIN", NewPIN: "Neue PIN", Again: "Neue PIN wiederholen",
		Yes: "Ja", No: "Nein", Back: "Zurück", OK: "OK",
		LoggedIn: "Sie sind angemeldet, %s.", LoggedOut: "Sie sind abgemeldet.",
		AllOut:   "Sie sind überall abgemeldet.",
		StaysAt:  "Am Platz %s bleiben Sie angemeldet: Das hat ein Administrator festgelegt.",
		WrongPIN: "Nebenstelle oder PIN ist falsch.", PINLocked: "Zu oft falsche PIN: gesperrt bis %s Uhr.",
		MustChange: "Bitte wählen Sie eine neue PIN.", Unequal: "Die beiden PINs sind verschieden.",
		WeakPIN: "Diese PIN ist zu leicht zu erraten.", PINLength: "Eine PIN hat 4 bis 8 Ziffern.",
		Maximum:   "Bereits an maximaler Anzahl Geräte angemeldet (%s). Hier anmelden und dort abmelden?",
		TakeOver:  "Hier anmelden, dort abmelden",
		MaximumOf: "Bereits an maximaler Anzahl Geräte angemeldet (%s). Wo abmelden?", OutAt: "Abmelden: %s",
		AlsoOut: "Am Platz %s werden Sie abgemeldet.",
		Taken:   "Hier ist %s angemeldet. Abmelden und selbst anmelden?", TakeDesk: "Platz übernehmen",
		Elsewhere: "Sie sind noch an einem weiteren Gerät angemeldet (%s). Wo möchten Sie sich abmelden?",
		HereOnly:  "Nur hier abmelden", HereShort: "Hier", All: "Überall",
		Linked: "Dieses Gerät ist fest mit %s verbunden. Das kann nur ein Administrator ändern.",
		Fixed:  "Ein Administrator hat Sie fest mit einem anderen Gerät verbunden.",
		Nobody: "Hier ist niemand angemeldet.", NotHere: "An diesem Gerät kann man sich nicht anmelden.",
		TooMany: "Zu viele Versuche. Bitte warten Sie einige Minuten.", TryAgain: "Das geht gerade nicht. Bitte versuchen Sie es gleich noch einmal.",
	},
	"en": {
		Number: "Extension", PIN: "PIN", NewPIN: "New PIN", Again: "New PIN again",
		Yes: "Yes", No: "No", Back: "Back", OK: "OK",
		LoggedIn: "You are logged in, %s.", LoggedOut: "You are logged out.",
		AllOut:   "You are logged out everywhere.",
		StaysAt:  "You stay logged in at %s: an administrator has set that.",
		WrongPIN: "Extension or PIN is wrong.", PINLocked: "Too many wrong PINs: locked until %s.",
		MustChange: "Please choose a new PIN.", Unequal: "The two PINs differ.",
		WeakPIN: "This PIN is too easy to guess.", PINLength: "A PIN has 4 to 8 digits.",
		Maximum:   "Already at the maximum number of devices (%s). Log in here and off there?",
		TakeOver:  "Log in here, off there",
		MaximumOf: "Already at the maximum number of devices (%s). Log off where?", OutAt: "Log off at %s",
		AlsoOut: "You will be logged off at %s.",
		Taken:   "%s is logged in here. Log them off and yourself in?", TakeDesk: "Take over the desk",
		Elsewhere: "You are also logged in at %s. Where do you want to log out?",
		HereOnly:  "Log out here only", HereShort: "Here", All: "Everywhere",
		Linked: "This device is linked with %s. Only an administrator can change that.",
		Fixed:  "An administrator has linked you with another device.",
		Nobody: "Nobody is logged in here.", NotHere: "Nobody can log in at this device.",
		TooMany: "Too many attempts. Please wait a few minutes.", TryAgain: "That is not possible right now. Please try again in a moment.",
	},
	"nl": {
		Number: "Toestel", PIN: "Pincode", NewPIN: "Nieuwe pincode", Again: "Nieuwe pincode herhalen",
		Yes: "Ja", No: "Nee", Back: "Terug", OK: "OK",
		LoggedIn: "U bent aangemeld, %s.", LoggedOut: "U bent afgemeld.",
		AllOut:   "U bent overal afgemeld.",
		StaysAt:  "Bij %s blijft u aangemeld: dat heeft een beheerder ingesteld.",
		WrongPIN: "Toestel of pincode is onjuist.", PINLocked: "Te vaak een onjuiste pincode: geblokkeerd tot %s uur.",
		MustChange: "Kies een nieuwe pincode.", Unequal: "De twee pincodes verschillen.",
		WeakPIN: "Deze pincode is te makkelijk te raden.", PINLength: "Een pincode heeft 4 tot 8 cijfers.",
		Maximum:   "Al bij het maximale aantal toestellen aangemeld (%s). Hier aanmelden en daar afmelden?",
		TakeOver:  "Hier aanmelden, daar afmelden",
		MaximumOf: "Al bij het maximale aantal toestellen aangemeld (%s). Waar afmelden?", OutAt: "Afmelden bij %s",
		AlsoOut: "Bij %s wordt u afgemeld.",
		Taken:   "Hier is %s aangemeld. Afmelden en zelf aanmelden?", TakeDesk: "Plek overnemen",
		Elsewhere: "U bent ook aangemeld bij %s. Waar wilt u zich afmelden?",
		HereOnly:  "Alleen hier afmelden", HereShort: "Hier", All: "Overal",
		Linked: "Dit toestel is vast verbonden met %s. Alleen een beheerder kan dat wijzigen.",
		Fixed:  "Een beheerder heeft u vast met een ander toestel verbonden.",
		Nobody: "Hier is niemand aangemeld.", NotHere: "Bij dit toestel kan niemand zich aanmelden.",
		TooMany: "Te veel pogingen. Wacht een paar minuten.", TryAgain: "Dat lukt nu niet. Probeer het zo nog eens.",
	},
}

// PageWordsIn are the pages' texts in a language (de, en, nl); German where it is
// unknown, like the portal.
func PageWordsIn(language string) PageWords {
	if w, ok := pageWords[language]; ok {
		return w
	}
	return pageWords["de"]
}

// Say fills in what a text speaks of.
func Say(text, what string) string { return strings.Replace(text, "%s", what, 1) }

// TimeOfDay is how the texts write a time.
func TimeOfDay(t time.Time) string { return t.Format("15:04") }
