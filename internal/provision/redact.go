package provision

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"

	"tischlein/internal/telephony"
)

// Masked stands where a secret stood.
const Masked = "***"

// Redact is a copy of a file's body with every secret masked, also where the
// format or a URL has escaped it (P08, X01).
func Redact(body []byte, secrets ...telephony.Secret) []byte {
	return Mask(body, func(telephony.Secret) string { return Masked }, secrets...)
}

// Mask is Redact with a mask of its own for each secret.
func Mask(body []byte, mask func(telephony.Secret) string, secrets ...telephony.Secret) []byte {
	type form struct{ text, mask string }
	var forms []form
	for _, s := range secrets {
		plain := s.Reveal()
		if plain == "" {
			continue
		}
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(plain)) // a Buffer takes every write
		m := mask(s)
		for _, text := range []string{plain, escaped.String(), escapeXML(plain), url.QueryEscape(plain), url.PathEscape(plain)} {
			forms = append(forms, form{text, m})
		}
	}
	// Longest first: one secret may be a part of another.
	slices.SortFunc(forms, func(a, b form) int {
		if d := len(b.text) - len(a.text); d != 0 {
			return d
		}
		return strings.Compare(a.text, b.text)
	})
	out := bytes.Clone(body)
	for _, f := range slices.Compact(forms) {
		out = bytes.ReplaceAll(out, []byte(f.text), []byte(f.mask))
	}
	return out
}

// SecretsOf are all secrets that a device's files may hold.
func SecretsOf(d telephony.Desired) []telephony.Secret {
	secrets := []telephony.Secret{d.BaseURL, d.PagesURL, d.AdminPassword, Digits(d.AdminPassword), d.HTTPPassword}
	// The token alone is as good as the URL around it.
	for _, u := range []telephony.Secret{d.BaseURL, d.PagesURL} {
		trimmed := strings.TrimRight(u.Reveal(), "/")
		secrets = append(secrets, telephony.Secret(trimmed[strings.LastIndexByte(trimmed, '/')+1:]))
	}
	for _, l := range d.Lines {
		secrets = append(secrets, l.Secret)
	}
	for _, o := range d.Overrides {
		if o.Secret {
			secrets = append(secrets, telephony.Secret(o.Value))
		}
	}
	return slices.DeleteFunc(secrets, func(s telephony.Secret) bool { return s == "" })
}
