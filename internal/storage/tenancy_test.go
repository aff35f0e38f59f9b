package storage

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tenantTables hold rows of one customer each.
var tenantTables = []string{"channels", "extensions", "cpes", "attachments", "links", "logins", "bindings", "allowlist", "cpe_history", "served", "trunks", "numbers", "calls", "emergency_calls", "subscriptions", "uploads", "upgrades", "site_tokens", "site_token_uses", "extension_keys", "overrides", "redirects"}

// acrossCustomers are the functions whose SQL may look at all customers: found
// by a credential, by the queue, or by a batch that names its rows itself.
var acrossCustomers = map[string]bool{
	"CredentialsByUser": true, "CPEOfChannel": true, "CPEsByMAC": true, "ArmedMACs": true,
	"CPEByToken": true, "MACsWithPIN": true, "SiteTokenByHash": true, "EndPreviousSecrets": true, "EndPreviousTokens": true, "TokenHashesFrom": true, "CPEByFirstAccess": true, "ClaimDue": true, "ClaimRedirects": true, "StaleRedirects": true, "DriversInUse": true, "NextDue": true, "EachBinding": true,
	"PutBindings": true, "DueLogins": true, "putBindingsText": true, "DeleteBindings": true, "ExpireBindings": true, "Prune": true,
	"Fleet": true, "Measure": true, "unsettled": true, "Laggards": true,
	"CallingDesk": true, "TrunkByID": true, "EveryTrunk": true, "NumberByE164": true, "EachCall": true, "PruneCalls": true, "EachSubscription": true, "PruneSubscriptions": true, "CallBacks": true,
}

// TestD24_EveryTenantQueryNamesItsCustomer reads the SQL out of this package's
// source: a statement on a tenant table without customer_id is a leak in waiting.
func TestD24_EveryTenantQueryNamesItsCustomer(t *testing.T) {
	table := regexp.MustCompile(`(?i)\b(FROM|INTO|UPDATE|JOIN)\s+(` + strings.Join(tenantTables, "|") + `)\b`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || acrossCustomers[f.Name.Name] || f.Name.Name == "TestD24_EveryTenantQueryNamesItsCustomer" {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				l, ok := n.(*ast.BasicLit)
				if !ok || l.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(l.Value)
				if err != nil || !table.MatchString(text) {
					return true
				}
				seen++
				if !strings.Contains(text, "customer_id") {
					t.Errorf("%s: %s", f.Name.Name, text)
				}
				return true
			})
		}
	}
	if seen < 30 {
		t.Fatalf("only %d statements on tenant tables were found: the test does not read what it should", seen)
	}
}
