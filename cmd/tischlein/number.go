package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// numberCmd keeps the outside numbers that lead to a customer.
type numberCmd struct {
	List   numberListCmd   `cmd:"" help:"List a customer's numbers with whom they ring."`
	Add    numberAddCmd    `cmd:"" help:"Add a number, or a row of them."`
	Assign numberAssignCmd `cmd:"" help:"Say whom a number rings."`
	Remove numberRemoveCmd `cmd:"" help:"Remove a number."`
}

// number is one as the API shows it.
type number struct {
	ID        string `json:"id"`
	E164      string `json:"e164"`
	Note      string `json:"note"`
	Extension *named `json:"extension"`
}

func (n number) String() string {
	who := "nobody"
	if n.Extension != nil {
		who = n.Extension.Number + " " + n.Extension.Name
	}
	return strings.TrimRight(pad(n.E164, 18)+pad(who, 32)+n.Note, " ")
}

type numberListCmd struct {
	Customer string `arg:"" help:"Customer number."`
	Search   string `arg:"" optional:"" help:"Part of a number or of its note."`
	Remote   remote `embed:""`
}

func (c numberListCmd) Run(ctx context.Context) error {
	customer, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	return each[number](ctx, c.Remote, os.Stdout, customer+"/numbers", c.Search)
}

type numberAddCmd struct {
	Customer  string `arg:"" help:"Customer number."`
	E164      string `arg:"" help:"The number in international form, such as +4930901820."`
	Count     int    `default:"1" help:"So many numbers in a row, beginning with this one."`
	Extension string `placeholder:"NUMBER" help:"Extension that it rings. Default: nobody yet."`
	Note      string `help:"What people should know of it."`
	Remote    remote `embed:""`
}

func (c numberAddCmd) Run(ctx context.Context) error {
	row, err := inARow(c.E164, c.Count)
	if err != nil {
		return err
	}
	customer, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	body := map[string]any{"note": c.Note}
	if c.Extension != "" {
		x, err := c.Remote.find(ctx, customer+"/extensions", "extension", c.Extension, numbered(c.Extension))
		if err != nil {
			return err
		}
		body["extension_id"] = x.ID
	}
	for _, n := range row {
		body["e164"] = n
		if err := show[number](ctx, c.Remote, os.Stdout, http.MethodPost, customer+"/numbers", body); err != nil {
			return fmt.Errorf("adding %s: %w", n, err)
		}
	}
	return nil
}

// inARow are the numbers from the first on. They keep its length: behind ...99
// does not come a longer one.
func inARow(first string, count int) ([]string, error) {
	if count < 1 || count > 1000 {
		return nil, fmt.Errorf("%d numbers at once; 1 to 1000 are possible", count)
	}
	if count == 1 {
		return []string{first}, nil // whatever is wrong with it, the server says so
	}
	digits, plus := strings.CutPrefix(first, "+")
	n, err := strconv.ParseUint(digits, 10, 64)
	if !plus || err != nil || len(digits) > 15 {
		return nil, fmt.Errorf("a row begins with a number such as +4930901820, without blanks")
	}
	row := make([]string, count)
	for i := range row {
		row[i] = "+" + strconv.FormatUint(n+uint64(i), 10)
		if len(row[i]) != len(digits)+1 {
			return nil, fmt.Errorf("there are only %d numbers from %s on", i, first)
		}
	}
	return row, nil
}

// number is the path of a customer's number, written in any notation.
func (r remote) number(ctx context.Context, customer, e164 string) (string, error) {
	plain := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "").Replace(e164)
	path := ""
	err := r.pages(ctx, customer+"/numbers", plain, func(text json.RawMessage) (bool, error) {
		var n number
		err := json.Unmarshal(text, &n)
		if n.E164 == plain {
			path = customer + "/numbers/" + url.PathEscape(n.ID)
		}
		return path != "", err
	})
	if err == nil && path == "" {
		err = fmt.Errorf("there is no number %s that this token sees", e164)
	}
	return path, err
}

type numberAssignCmd struct {
	Customer  string `arg:"" help:"Customer number."`
	E164      string `arg:"" help:"The number."`
	Extension string `arg:"" help:"Number of the extension that it rings; - for nobody."`
	Remote    remote `embed:""`
}

func (c numberAssignCmd) Run(ctx context.Context) error {
	customer, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	one, err := c.Remote.number(ctx, customer, c.E164)
	if err != nil {
		return err
	}
	body := map[string]any{"extension_id": ""}
	if c.Extension != "-" {
		x, err := c.Remote.find(ctx, customer+"/extensions", "extension", c.Extension, numbered(c.Extension))
		if err != nil {
			return err
		}
		body["extension_id"] = x.ID
	}
	return show[number](ctx, c.Remote, os.Stdout, http.MethodPatch, one, body)
}

type numberRemoveCmd struct {
	Customer string `arg:"" help:"Customer number."`
	E164     string `arg:"" help:"The number."`
	Remote   remote `embed:""`
}

func (c numberRemoveCmd) Run(ctx context.Context) error {
	customer, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	one, err := c.Remote.number(ctx, customer, c.E164)
	if err != nil {
		return err
	}
	return c.Remote.call(ctx, http.MethodDelete, one, nil, nil, nil)
}
