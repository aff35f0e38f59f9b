package app

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tischlein/internal/telephony"
)

// home is the country of what belongs to no customer.
const home = "DE"

// country checks an ISO 3166-1 code.
func country(field, s string) (string, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) != 2 || phonenumbers.GetCountryCodeForRegion(s) == 0 {
		return "", telephony.Invalidf(field, "country_unknown", "a country such as DE, AT or NL is needed")
	}
	return s, nil
}

// outside is the number that somebody at the customer means who dials s: in
// international form, or as dialled where it is a short number of the country.
// emergency says that the country's emergency service answers there, whatever the
// customer has listed.
func outside(c telephony.Customer, s string) (number string, emergency bool, err error) {
	wrong := &telephony.Error{Code: telephony.NotFound, Reason: "dial_unknown", Message: "there is no such number"}
	international := strings.HasPrefix(s, "+")
	trunk := phonenumbers.GetNddPrefixForRegion(c.Country, true) // what national numbers begin with, "" in some countries
	if !international && phonenumbers.IsEmergencyNumber(s, c.Country) {
		return s, true, nil
	}
	if !international && trunk != "" && !strings.HasPrefix(s, trunk) {
		n, err := phonenumbers.Parse(s, c.Country)
		if err == nil && phonenumbers.IsValidShortNumberForRegion(n, c.Country) {
			return s, false, nil
		}
		if c.AreaCode != "" {
			if n, err := phonenumbers.Parse(trunk+c.AreaCode+s, c.Country); err == nil && possible(n) {
				return phonenumbers.Format(n, phonenumbers.E164), false, nil
			}
		}
		if err != nil || !phonenumbers.IsValidNumber(n) {
			return "", false, wrong
		}
		return phonenumbers.Format(n, phonenumbers.E164), false, nil
	}
	n, err := phonenumbers.Parse(s, c.Country)
	if err != nil || !possible(n) || !international && trunk != "" && strings.HasPrefix(phonenumbers.GetNationalSignificantNumber(n), trunk) {
		return "", false, wrong
	}
	return phonenumbers.Format(n, phonenumbers.E164), false, nil
}

// possible reports whether a number has a length that numbers have where it leads
// to. Whether anybody has it is not for tables to say.
func possible(n *phonenumbers.PhoneNumber) bool {
	return phonenumbers.IsPossibleNumberWithReason(n) == phonenumbers.IS_POSSIBLE
}

// arrived are the numbers that a trunk may mean with s, the likeliest first: peers
// write them with a plus, with their country's prefixes, or as bare digits.
func arrived(s, country string) []string {
	s = bareNumber(s)
	if s == "" {
		return nil
	}
	var list []string
	add := func(n string) {
		if n != "" && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	if strings.HasPrefix(s, "+") {
		return []string{s}
	}
	if n, err := phonenumbers.Parse(s, country); err == nil && strings.HasPrefix(s, "0") {
		add(phonenumbers.Format(n, phonenumbers.E164))
	}
	add("+" + strings.TrimLeft(s, "0"))
	if n, err := phonenumbers.Parse(s, country); err == nil {
		add(phonenumbers.Format(n, phonenumbers.E164))
	}
	add(s)
	return list
}

// bareNumber is a number without what people write between digits; "" for what is
// none, such as "anonymous".
func bareNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, s)
	if len(s) > 32 || strings.Trim(strings.TrimPrefix(s, "+"), "0123456789") != "" || strings.Trim(s, "+") == "" {
		return ""
	}
	return s
}

// callerOf is a number as a trunk gave it, in international form where it has one.
func callerOf(s, country string) string {
	s = bareNumber(s)
	if n, err := phonenumbers.Parse(s, country); err == nil && phonenumbers.IsValidNumber(n) {
		return phonenumbers.Format(n, phonenumbers.E164)
	}
	return s
}

// checkCalls checks what a customer says of its calls.
func checkCalls(x *telephony.Customer) (err error) {
	if x.Country == "" {
		x.Country = home
	}
	if x.Country, err = country("country", x.Country); err != nil {
		return err
	}
	if x.AreaCode, err = telephony.AreaCode("area_code", x.AreaCode); err != nil {
		return err
	}
	if x.OutboundNumber, err = telephony.E164("outbound_number", x.OutboundNumber, true); err != nil {
		return err
	}
	if x.SiteAddress, err = telephony.OptionalText("site_address", x.SiteAddress); err != nil {
		return err
	}
	if x.SiteELIN, err = telephony.E164("site_elin", x.SiteELIN, true); err != nil {
		return err
	}
	for field, n := range map[string]int{"most_calls": x.MostCalls, "most_per_minute": x.MostPerMinute} {
		if n < 0 || n > 100000 {
			return telephony.Invalidf(field, "limit_malformed", "a limit is between 0 and 100000; 0 is none")
		}
	}
	return nil
}
