package server

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tischlein/internal/provision/drivers"
)

var updatePages = flag.Bool("update", false, "write what is made from the code anew")

const vendorsPage = "../../docs/vendors.md"

const vendorsHead = `# Vendors

Made from the drivers and from what tests see of them; a test keeps it fresh (` + "`go test ./internal/server -run VendorTable -update`" + `).

No real phone stood beside this. *Walked* means that a virtual phone of that make, written from the maker's documents and
public templates by somebody else than its driver (in italics: by the same), went from its box to a login and back through a
whole server. *Goldens* are the states of a device whose files are kept and compared byte for byte. Files, keys, credentials,
firmware and CA are counted in rendered files, model by model. Where a maker's documents are silent the driver does without
and says so below; what has no driver stands [at the end](#known-gaps).
What phones can do in TLS is in [tls.md](tls.md), how they find the server in [discovery.md](discovery.md).

`

// The table of makers says no more than what is measured here (P06).
func TestP06_VendorTableIsFresh(t *testing.T) {
	page := vendorTable(t)
	if *updatePages {
		if err := os.WriteFile(vendorsPage, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(vendorsPage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page) {
		t.Error("docs/vendors.md is stale; go test ./internal/server -run VendorTable -update writes it")
	}
}

func vendorTable(t *testing.T) []byte {
	var b bytes.Buffer
	b.WriteString(vendorsHead)
	list := drivers.All().Drivers()
	probes := make([]probe, 0, len(list))
	for _, drv := range list {
		probes = append(probes, probe{t, drv, drv.Info()})
	}
	table := func(title, text string, columns []string, row func(probe) []string) {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n| maker | driver | %s |\n|---|---|%s\n", title, text, strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
		for _, p := range probes {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", p.info.Name, p.info.Vendor, strings.Join(row(p), " | "))
		}
		b.WriteByte('\n')
	}
	table("Which phones, and how that was proven",
		"Places are the channels that one device can have; keys are programmable ones of the model that has most.",
		[]string{"models", "places", "keys", "walked", "goldens"}, probe.proven)
	table("How they are provisioned",
		"*Files*: what makes a device up to date, in order; behind a semicolon what it may have besides. *Stage 1*: what it gets\n"+
			"before it has its own directory. *Trusted by*: the ways of [P03](specification.md#provisioning-p01p14): (a) the maker's\n"+
			"certificate, (b) a first-access URL, (c) being armed by its MAC, (d) a PIN typed at the phone. *Our CA*: its files can\n"+
			"hand it a CA of our own. *Open*: how many of the known parameters an operator may override (P08).",
		[]string{"files", "stage 1", "trusted by", "our CA", "HTTP credentials", "firmware", "open"}, probe.provisioned)
	table("At work",
		"*Fetch* and *restart* are the events of a NOTIFY. *To log in* says how many models have a key that opens our form, have\n"+
			"one that dials the code, or show the code; the others have no display. *Keys of people*: on how many models watched and\n"+
			"dialled numbers arrive.",
		[]string{"SIP over", "fetch", "restart", "to log in", "keys of people", "asks by itself, at most"}, probe.atWork)
	table("What makers say, and nothing here proves",
		"*In force* is what shows that a configuration is (C06): the display name in REGISTER, being registered, or nothing but the fetch.",
		[]string{"certificate with its MAC", "SHA-256 digest", "emergency call without registration", "in force"}, probe.said)
	b.WriteString("## Maker by maker\n\nWhat is cleared or closed is set in every file of a configuration (a test reads it back), and the walks look through the\n" +
		"virtual phone's memory for whoever sat there before.\n\n")
	for _, p := range probes {
		p.detail(&b)
	}
	b.WriteString("## Known gaps\n\nNo driver is for these, or it does without something. Whatever registers with a user and a password can be a *generic* device.\n\n| devices | what is not known |\n|---|---|\n")
	for _, g := range drivers.Gaps() {
		fmt.Fprintf(&b, "| %s | %s |\n", cell(g.Devices), cell(g.Why))
	}
	return b.Bytes()
}

// detail are the models, and what is left for people to know.
func (p probe) detail(b *bytes.Buffer) {
	fmt.Fprintf(b, "### %s (`%s`)\n\n", p.info.Name, p.info.Vendor)
	type like struct{ ports, lines, keys int }
	var order []like
	groups := map[like][]string{}
	for _, m := range p.info.Models {
		l := like{m.Ports, m.Lines, m.Keys}
		if groups[l] == nil {
			order = append(order, l)
		}
		groups[l] = append(groups[l], m.Name)
	}
	for _, l := range order {
		text := []string{count(l.lines, "account")}
		if l.ports > 1 {
			text = append(text, fmt.Sprintf("%d places", l.ports))
		}
		if l.keys > 0 {
			text = append(text, count(l.keys, "key"))
		}
		fmt.Fprintf(b, "- %s: %s\n", strings.Join(text, ", "), strings.Join(groups[l], ", "))
	}
	b.WriteString("\n| what the last person leaves, or a way round a link | | how |\n|---|---|---|\n")
	said := func(what, is, how string) {
		fmt.Fprintf(b, "| %s | %s | %s |\n", cell(what), is, cell(how))
	}
	for _, tr := range p.info.Traces {
		said(tr.What, map[bool]string{true: "cleared", false: "**stays**"}[tr.Cleared], tr.How)
	}
	for _, w := range p.info.Ways {
		said(w.What, map[bool]string{true: "closed", false: "**open**"}[w.Closed], w.How)
	}
	b.WriteByte('\n')
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return none
}

func number(n int) string {
	if n == 0 {
		return none
	}
	return fmt.Sprint(n)
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
