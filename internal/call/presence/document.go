package presence

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"

	"tischlein/internal/telephony"
)

// The types of the bodies.
const (
	DialogInfo    = "application/dialog-info+xml"
	SimpleSummary = "application/simple-message-summary"
)

type document struct {
	XMLName xml.Name  `xml:"urn:ietf:params:xml:ns:dialog-info dialog-info"`
	Version string    `xml:"version,attr"`
	State   string    `xml:"state,attr"`
	Entity  string    `xml:"entity,attr"`
	Dialogs []element `xml:"dialog"`
}

type element struct {
	ID        string `xml:"id,attr"`
	CallID    string `xml:"call-id,attr,omitempty"`
	LocalTag  string `xml:"local-tag,attr,omitempty"`
	RemoteTag string `xml:"remote-tag,attr,omitempty"`
	Direction string `xml:"direction,attr,omitempty"`
	State     State  `xml:"state"`
	Local     *side  `xml:"local"`
	Remote    *side  `xml:"remote"`
}

type side struct {
	Identity identity `xml:"identity"`
	Target   target   `xml:"target"`
}

type identity struct {
	Display string `xml:"display,attr,omitempty"`
	URI     string `xml:",chardata"`
}

type target struct {
	URI string `xml:"uri,attr"`
}

// URI is a number at the realm.
func URI(number, realm string) string {
	if number == "" || number == "anonymous" { // RFC 3323 4.1.1.3
		return "sip:anonymous@anonymous.invalid"
	}
	return "sip:" + url.PathEscape(number) + "@" + realm
}

// Document is a dialog-info document with the full state of an extension (RFC 4235 4).
func Document(number, realm string, version uint64, lines []Line) []byte {
	d := document{Version: strconv.FormatUint(version, 10), State: "full", Entity: URI(number, realm)}
	for _, l := range lines {
		e := element{
			ID: l.ID, CallID: l.CallID, LocalTag: l.LocalTag, RemoteTag: l.RemoteTag, Direction: "recipient", State: l.State,
			Local: sideOf(l.Local, realm), Remote: sideOf(l.Remote, realm),
		}
		if l.Initiator {
			e.Direction = "initiator"
		}
		d.Dialogs = append(d.Dialogs, e)
	}
	b, err := xml.Marshal(d)
	if err != nil { // nothing in it can fail to be written
		return nil
	}
	return append([]byte(xml.Header), append(b, '\n')...)
}

func sideOf(p telephony.Party, realm string) *side {
	if p.Number == "" {
		return nil
	}
	uri := URI(p.Number, realm)
	return &side{identity{p.Name, uri}, target{uri}}
}

// Summary is a message-summary with the voice messages of an extension (RFC 3842 3.5).
func Summary(number, realm string, fresh, old int) []byte {
	waiting := "no"
	if fresh > 0 {
		waiting = "yes"
	}
	return fmt.Appendf(nil, "Messages-Waiting: %s\r\nMessage-Account: %s\r\nVoice-Message: %d/%d (0/0)\r\n", waiting, URI(number, realm), fresh, old)
}
