package storage

import (
	"strings"

	"tischlein/internal/telephony"
)

// Found is one object that a search found.
type Found struct {
	Kind       string // customer, extension, channel, cpe
	ID         string
	CustomerID string
	Customer   string // its name
	Number     string
	Name       string
	MAC        telephony.MAC
	Exact      bool
}

func scanFound(kind string) func(scanner) (Found, error) {
	return func(s scanner) (f Found, err error) {
		f.Kind = kind
		return f, s.Scan(&f.ID, &f.CustomerID, &f.Customer, &f.Number, &f.Name, &f.MAC, &f.Exact)
	}
}

// finding is one way to find objects: by a column of an index, where the text is
// its beginning. The order is the index's, so that the first few end the search;
// exact ones come first because nothing is shorter.
type finding struct {
	kind, columns, from, column string
	text                        func(q string) string // "" = this way finds nothing
}

const foundCustomer = `JOIN customers c ON c.id = o.customer_id`

var findings = []finding{
	{"customer", `o.id, o.id, o.name, o.number, o.name, ''`, `customers o`, `o.number`, same},
	{"customer", `o.id, o.id, o.name, o.number, o.name, ''`, `customers o`, `o.name_key`, telephony.Fold},
	{"extension", `o.id, o.customer_id, c.name, o.number, o.name, ''`, `extensions o ` + foundCustomer, `o.number`, digits},
	{"extension", `o.id, o.customer_id, c.name, o.number, o.name, ''`, `extensions o ` + foundCustomer, `o.name_key`, telephony.Fold},
	{"extension", `o.id, o.customer_id, c.name, o.number, o.name, ''`, `extensions o ` + foundCustomer, `o.last_key`, word},
	{"channel", `o.id, o.customer_id, c.name, '', o.name, ''`, `channels o ` + foundCustomer, `o.name_key`, telephony.Fold},
	{"channel", `o.id, o.customer_id, c.name, '', o.name, ''`, `channels o ` + foundCustomer, `o.last_key`, word},
	{"cpe", `o.id, o.customer_id, c.name, '', o.name, o.mac`, `cpes o ` + foundCustomer, `o.mac`, macPrefix},
	{"cpe", `o.id, o.customer_id, c.name, '', o.name, o.mac`, `cpes o ` + foundCustomer, `o.name_key`, telephony.Fold},
}

func same(q string) string { return q }

func digits(q string) string {
	if strings.Trim(q, "0123456789") != "" {
		return ""
	}
	return q
}

// word is a text without blanks: only such a one begins a last word.
func word(q string) string {
	if strings.ContainsAny(q, " \t") {
		return ""
	}
	return telephony.Fold(q)
}

// macPrefix is the beginning of a MAC in any notation; three digits at least,
// because every name that is a number would be one.
func macPrefix(q string) string {
	q = strings.NewReplacer(":", "", "-", "", ".", "").Replace(strings.ToLower(q))
	if len(q) < 3 || len(q) > 12 || strings.Trim(q, "0123456789abcdef") != "" {
		return ""
	}
	return q
}

// Search finds what begins with the text, at most limit of each way, within
// reach: exact and prefix matches of indexes only, however many customers there
// are. One object may be found in several ways.
func (tx *Tx) Search(reach Reach, q string, limit int) ([]Found, error) {
	var list []Found
	for _, f := range findings {
		text := f.text(q)
		if text == "" {
			continue
		}
		found, err := tx.find(f, reach, text, limit)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	// Customers are few enough to be found by any word of their name.
	inside := finding{"customer", findings[0].columns, findings[0].from, `o.name_key`, nil}
	found, err := tx.inside(inside, reach, telephony.Fold(q), limit)
	return append(list, found...), err
}

func (tx *Tx) find(f finding, reach Reach, text string, limit int) ([]Found, error) {
	extra := ``
	if f.column == `o.mac` {
		extra = ` AND o.mac <> ''`
	}
	return list(tx, "matches", `SELECT `+f.columns+`, `+f.column+` = :text FROM `+f.from+` WHERE `+within(f, reach)+f.column+` >= :text AND `+f.column+` < :beyond`+extra+`
		ORDER BY `+f.column+`, o.id LIMIT :limit`, reach.values(text, limit), scanFound(f.kind))
}

func (tx *Tx) inside(f finding, reach Reach, text string, limit int) ([]Found, error) {
	return list(tx, "matches", `SELECT `+f.columns+`, `+f.column+` LIKE :ending ESCAPE '!' FROM `+f.from+` WHERE `+within(f, reach)+f.column+` LIKE :like ESCAPE '!'
		ORDER BY `+f.column+`, o.id LIMIT :limit`, reach.values(text, limit), scanFound(f.kind))
}

func (r Reach) values(text string, limit int) values {
	return values{"customer": r.CustomerID, "partner": r.PartnerID, "text": text, "beyond": beyond(text), "like": like(" " + text), "ending": strings.TrimSuffix(like(" "+text), "%"), "limit": limit}
}

// within is the condition that keeps a search within reach.
func within(f finding, reach Reach) string {
	customer := `o.customer_id`
	if f.kind == "customer" {
		customer = `o.id`
	}
	switch {
	case reach.CustomerID != "":
		return customer + ` = :customer AND `
	case reach.PartnerID != "" && f.kind == "customer":
		return `o.partner_id = :partner AND `
	case reach.PartnerID != "":
		// Asked customer by customer, each by its own index.
		return `o.customer_id IN (SELECT id FROM customers WHERE partner_id = :partner) AND `
	}
	return ""
}
