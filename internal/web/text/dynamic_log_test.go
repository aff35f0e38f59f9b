package text_test

import "strings"

// What the log tells of hotdesking, calls, numbers and trunks.
func init() {
	for begin, words := range map[string]string{
		"log.action_": "call emergency_call",
		"log.kind_":   "number trunk",
		"log.actor_":  "visitor",
		"log.field_": "contactperson contactphone contactemail until desk hotdeskhours hotdeskend onegocode country areacode outboundnumber siteaddress siteelin elin declineall forwardoutside " +
			"mostcalls mostperminute host sources user secret switch emergency e164 extensionid note as trunk",
	} {
		dynamic[begin] = append(dynamic[begin], strings.Fields(words)...)
	}
}
