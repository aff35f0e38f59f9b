package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// keyNumbers is how many of a customer's extensions are offered to be watched; of
// more, one types the number.
const keyNumbers = 200

// keysFill is a form with keys as they are: "keys[0].kind", as errors name them.
func keysFill(version int64, keys []telephony.Key) view.Form {
	f := Fill("version", version)
	for n, k := range keys {
		at := fmt.Sprintf("keys[%d].", n)
		f.Values.Set(at+"kind", string(k.Kind))
		f.Values.Set(at+"label", k.Label)
		f.Values.Set(at+"value", k.Value)
	}
	return f
}

// keysTyped are the keys of a form, in order.
func keysTyped(f view.Form) (keys []telephony.Key) {
	for n := 0; n <= telephony.MostKeys; n++ {
		at := fmt.Sprintf("keys[%d].", n)
		if !f.Values.Has(at + "kind") {
			break
		}
		keys = append(keys, telephony.Key{Kind: telephony.KeyKind(f.Value(at + "kind")), Label: f.Value(at + "label"), Value: f.Value(at + "value")})
	}
	return keys
}

// keysDone does what a button asks of the keys, and says which field is next.
func keysDone(keys []telephony.Key, do string) (list []telephony.Key, focus string) {
	what, at, _ := strings.Cut(do, "-")
	n, err := strconv.Atoi(at)
	switch {
	case what == "add" && len(keys) < telephony.MostKeys:
		return append(keys, telephony.Key{Kind: telephony.KeyWatch}), fmt.Sprintf("keys[%d].value", len(keys))
	case err != nil || n < 0 || n >= len(keys):
		return keys, ""
	case what == "remove":
		return slices.Delete(keys, n, n+1), "add"
	case what == "up" && n > 0:
		keys[n-1], keys[n] = keys[n], keys[n-1]
		if n == 1 {
			return keys, "down-0"
		}
		return keys, fmt.Sprintf("up-%d", n-1)
	case what == "down" && n < len(keys)-1:
		keys[n+1], keys[n] = keys[n], keys[n+1]
		if n == len(keys)-2 {
			return keys, fmt.Sprintf("up-%d", n+1)
		}
		return keys, fmt.Sprintf("down-%d", n+1)
	}
	return keys, ""
}

// keyEditor reads what the card of the keys shows.
func (p *Portal) keyEditor(c *Call, v app.ExtensionView, edit bool) (m view.KeyEditor, err error) {
	x := v.Extension
	m = view.KeyEditor{
		Path: view.CustomerPath(c.Customer.ID, "extensions", x.ID, "keys"), Keys: x.Keys, Form: keysFill(x.Version, x.Keys), Edit: edit,
		Customer: c.Customer.ID, Live: "extension-" + x.ID,
	}
	for _, l := range v.Logins {
		m.Live += " channel-" + l.ChannelID
	}
	fits, err := p.app.Extensions.KeyFits(c.R.Context(), c.Actor, c.Customer.ID, x.ID)
	if err != nil {
		return m, err
	}
	for _, f := range fits {
		m.Fits = append(m.Fits, view.KeyFit{CPEID: f.CPEID, Name: f.Name, Model: f.Model, Left: f.Left})
	}
	if !edit {
		return m, nil
	}
	l, err := p.app.Extensions.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Limit: keyNumbers})
	if err != nil || l.Next != "" {
		return m, err
	}
	for _, o := range l.Items {
		if o.Extension.ID != x.ID {
			m.Numbers = append(m.Numbers, view.Choice{Value: o.Extension.Number, Label: o.Extension.Name})
		}
	}
	return m, nil
}

// extensionKeys saves the keys of an extension, or without saving moves, adds or
// removes one in the form (P08).
func (p *Portal) extensionKeys(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("extension")
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	keys, focus := keysDone(keysTyped(f.Form), f.Value("do"))
	version, status := versionOf(f.Value("version")), http.StatusOK
	if f.Value("do") == "" {
		// A line that nobody has filled in is none.
		keys = slices.DeleteFunc(keys, func(k telephony.Key) bool { return k.Kind != telephony.KeyHotdesk && k.Label == "" && k.Value == "" })
		_, _, err := p.app.Extensions.Update(ctx, c.Actor, c.Customer.ID, id, version, false, false, func(x *telephony.Extension) error { x.Keys = keys; return nil })
		if err == nil {
			return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", id)+"#extension-keys", Done("keys.saved"))
		}
		var fields []string
		for n := range keys {
			for _, part := range []string{"kind", "label", "value"} {
				fields = append(fields, fmt.Sprintf("keys[%d].%s", n, part))
			}
		}
		if err := f.Take(err, fields...); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			version = v.Extension.Version
		}
		status = f.Status()
	}
	m, err := p.extensionPage(c, v, extensionFill(v))
	if err != nil {
		return err
	}
	form := keysFill(version, keys)
	form.Errors, form.General = f.Errors, f.General
	m.Keys.Keys, m.Keys.Form, m.Keys.Focus, m.Keys.Unsaved = keys, form, focus, true
	return c.showExtension(status, m)
}
