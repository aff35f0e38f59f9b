package browser_test

// words are what a person with the walks on paper reads, in one language. The German ones are the specification's.
type words struct {
	code                                      string
	search, customers                         string
	master, service, channels, extensions     string
	edit                                      string // beside each row, %s is its name
	editChannel, channelField                 string
	editExtension, extensionField             string
	choose, save, unlink, confirm             string
	track, saved, pushed, fetched, registered string
	done, full                                string
	loggedIn, free, waiting                   string
}

var german = words{
	code: "de", search: "Suchen", customers: "Kunden",
	master: "Kundendaten", service: "Enreach Contact", channels: "Kanäle", extensions: "Nebenstellen",
	edit: "%s bearbeiten", editChannel: "Kanal bearbeiten", channelField: "Benutzer mit Kanal/CPE verbinden",
	editExtension: "Benutzer-Nebenstelle bearbeiten", extensionField: "Benutzer mit CPE/Kanal verbinden",
	choose: "- Bitte auswählen -", save: "Speichern", unlink: "Trennen", confirm: "Bestätigen",
	track: "Weg zum Telefon", saved: "gespeichert", pushed: "gesendet", fetched: "abgeholt", registered: "angemeldet",
	done: "erledigt", full: "Mehr als zwei gehen nicht",
	loggedIn: "angemeldet", free: "frei (Hotdesking)", waiting: "wartet auf Gerät",
}

var english = words{
	code: "en", search: "Search", customers: "Customers",
	master: "Customer data", service: "Enreach Contact", channels: "Channels", extensions: "Extensions",
	edit: "Edit %s", editChannel: "Edit channel", channelField: "Link user to channel/CPE",
	editExtension: "Edit user extension", extensionField: "Link user to CPE/channel",
	choose: "- Please choose -", save: "Save", unlink: "Unlink", confirm: "Confirm",
	track: "Way to the phone", saved: "saved", pushed: "pushed", fetched: "fetched", registered: "registered",
	done: "done", full: "More than two",
	loggedIn: "logged in", free: "free (hotdesking)", waiting: "waiting for device",
}
