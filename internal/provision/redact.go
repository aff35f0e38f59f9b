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
	var forms []string
	for _, s := range secrets {
		plain := s.Reveal()
		if plain == "" {
			continue
		}
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(plain)) // a Buffer takes every write
		forms = append(forms, plain, escaped.String(), escapeXML(plain), url.QueryEscape(plain), url.PathEscape(plain))
	}
	// Longest first: one secret may be a part of another.
	slices.SortFunc(forms, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	out := bytes.Clone(body)
	for _, f := range slices.Compact(forms) {
		out = bytes.ReplaceAll(out, []byte(f), []byte(Masked))
	}
	return out
}

// SecretsOf are all secrets that a device's files may hold.
func SecretsOf(d telephony.Desired) []telephony.Secret {
	secrets := []telephony.Secret{d.BaseURL, d.AdminPassword}
	// The token alone is as good as the URL around it.
	trimmed := strings.TrimRight(d.BaseURL.Reveal(), "/")
	if token := trimmed[strings.LastIndexByte(trimmed, '/')+1:]; token != "" {
		secrets = append(secrets, telephony.Secret(token))
	}
	for _, l := range d.Lines {
		secrets = append(secrets, l.Secret)
	}
	return slices.DeleteFunc(secrets, func(s telephony.Secret) bool { return s == "" })
}
