package view

import (
	"context"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// DetailPage is the tab Detail.
type DetailPage struct {
	Customer    telephony.Customer
	Service     string
	Edit        bool
	Dial        Form // login_code, logout_code, pickup_code, one_go_code, emergency_numbers, extension_digits, version
	Allow       Form // entry, note
	Entries     []AllowEntry
	Refused     []RefusedAddress
	DigitsFixed bool // there are extensions
	Trust       Trust
	Policies
}

// EntryKind is what an entry of the allowlist is.
type EntryKind string

// The kinds of entry.
const (
	EntrySingle EntryKind = "single"
	EntryRange  EntryKind = "range"
	EntryPrefix EntryKind = "prefix"
)

// AllowEntry is one entry of the allowlist.
type AllowEntry struct {
	Text, Note string
	Kind       EntryKind
}

// RefusedAddress is an address at which linked devices fail now.
type RefusedAddress struct {
	Address  string
	Channels []string // names
}

// PagePart is a card of a long page, found by its id.
type PagePart struct{ ID, Title string }

// DisallowQuestion is the question before an entry is removed.
type DisallowQuestion struct {
	Customer telephony.Customer
	Service  string
	Entry    string
	Fail     Affected
}

func (q DisallowQuestion) confirmation(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "disallow", Title: text.T(ctx, "customers.disallow_title", "Entry", q.Entry),
		Action: CustomerPath(q.Customer.ID, "detail", "disallow"), Back: CustomerPath(q.Customer.ID, "detail"),
		Do: text.T(ctx, "customers.disallow"), Danger: true, Hidden: []Choice{{Value: "entry", Label: q.Entry}},
	}
}

func (m DetailPage) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"detail"}, parts...)...)
}

func (k EntryKind) word(ctx context.Context) string {
	return text.T(ctx, map[EntryKind]string{EntrySingle: "customers.entry_single", EntryRange: "customers.entry_range", EntryPrefix: "customers.entry_prefix"}[k])
}

// parts are the cards of the tab, in their order.
func (m DetailPage) parts(ctx context.Context) (list []PagePart) {
	if m.Customer.IPListing {
		list = append(list, PagePart{"allowlist", text.T(ctx, "customers.allowlist")})
	}
	return append(list,
		PagePart{"dialling", text.T(ctx, "customers.dialling")},
		PagePart{"emergency", text.T(ctx, "policies.emergency")},
		PagePart{"hotdesk", text.T(ctx, "policies.hotdesk")},
		PagePart{"calls", text.T(ctx, "policies.calls")},
		PagePart{"trust", text.T(ctx, "trust.title")},
	)
}
