package telephony

import (
	"regexp"
	"strings"
)

// Why is why a device was refused, or what was odd about it, as a page words it.
type Why struct {
	Code string
	With map[string]string // what it is about, by the names of the sentence's gaps
}

// whys are the sentences that a device's history holds, each with its code. The
// sentence is what is kept; the code is read back from it, so that what was kept before
// there were codes has one, too. The API tells both: a code never gets another name.
var whys = []struct{ code, sentence string }{
	{"names_other", "the credential belongs to {own}, but the {from} names {other}"},
	{"certificate_names_other", "the certificate names {own}, but the {from} names {other}"},
	{"not_confirmed", "it is not confirmed yet and may be served at {address} only"},
	{"password_missing", "it does not show its HTTP password: it may have been reset; let it prove itself anew"},
	{"password_wrong", "a wrong HTTP password for its own directory"},
	{"replayed", "an answer to a challenge came a second time"},
	{"no_such_file", "asked for a file that there is not"},
	{"method_unanswered", "the method {method} is not answered"},
	{"upload_off", "sent {name}; no uploads are taken here"},
	{"upload_nameless", "sent a file without a usable name"},
	{"upload_large", "sent {name}, which is larger than uploads may be"},
	{"upload_part", "sent a part of {name}"},
	{"upload_own_many", "sent {name} while it sent too many others"},
	{"upload_busy", "sent {name} while too many others did"},
	{"upload_too_large", "sent {name}, which could not be read: it is larger than uploads may be"},
	{"upload_slow", "sent {name}, which could not be read: it took too long"},
	{"upload_broken", "sent {name}, which could not be read: it broke off or was malformed"},
	{"upload_form", "sent a form that could not be read"},
	{"upload_quota", "sent more files than are kept of one device in so short a time"},
	{"sip_password_wrong", "a wrong SIP password"},
	{"sip_account_other", "it registers as another account than its own"},
	{"sip_phone_other", "another phone uses its SIP account, registered is: {phone}"},
	{"below_minimum", "it came by {way}, and the customer demands {minimum} at least"},
	{"proven_elsewhere", "its MAC address was proven by another customer first"},
	{"contested", "another customer has proven this MAC address"},
	{"claimed_by_many", "it has shown its certificate, but more than one customer claims it; only a URL of its own says whose it is"},
	{"first_access_again", "the first-access URL was used again, from elsewhere or too late"},
	{"armed_used", "the armed window was used"},
	{"two_claimants", "claimed from {first} and then from {second}"},
	{"site_token_void", "site token {name}: it is void"},
	{"site_token_expired", "site token {name}: it has expired"},
	{"site_token_address", "site token {name}: the address is not one of those it is for"},
	{"site_token_shut", "site token {name}: the device is lost or frozen"},
	{"site_token_again", "site token {name}: the device has used it before"},
	{"site_token_proven", "site token {name}: the device has proven itself already"},
	{"site_token_used_up", "site token {name}: it is used up"},
}

var whyPatterns = func() (list []*regexp.Regexp) {
	gap := regexp.MustCompile(`\\\{(\w+)\\\}`)
	for _, w := range whys {
		list = append(list, regexp.MustCompile(`^`+gap.ReplaceAllString(regexp.QuoteMeta(w.sentence), `(?P<$1>.+?)`)+`$`))
	}
	return list
}()

// WhyOf reads the code of a sentence; ok is false for one that is none of ours, such as
// what a phone or a service has said.
func WhyOf(sentence string) (w Why, ok bool) {
	if strings.ContainsAny(sentence, "\r\n") {
		return w, false
	}
	for i, p := range whyPatterns {
		found := p.FindStringSubmatch(sentence)
		if found == nil {
			continue
		}
		w = Why{Code: whys[i].code, With: map[string]string{}}
		for n, name := range p.SubexpNames() {
			if name != "" {
				w.With[name] = found[n]
			}
		}
		return w, true
	}
	return w, false
}

// WhyCodes are all codes.
func WhyCodes() (codes []string) {
	for _, w := range whys {
		codes = append(codes, w.code)
	}
	return codes
}
