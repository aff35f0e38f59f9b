package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/web/view"
)

// unchanging are facts that say nothing to a reader of the log.
var unchanging = []string{"id", "customerid", "version", "created", "createdby", "wanted", "fetched", "sipuser", "pushed"}

// logChanges words the facts of an entry that differ before and after.
func logChanges(c *Call, e app.AuditEntry) (out []view.LogChange) {
	before, after := facets(e.Before), facets(e.After)
	var keys []string
	for _, m := range []map[string]any{before, after} {
		for k := range m {
			if !slices.Contains(keys, k) && !slices.Contains(unchanging, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		x := view.LogChange{Before: fact(c, k, before[k], e.Names), After: fact(c, k, after[k], e.Names)}
		if x.Before == x.After {
			continue
		}
		x.Field = k
		if id := "log.field_" + k; c.Text().Has(id) {
			x.Field = c.T(id)
		}
		out = append(out, x)
	}
	return out
}

// facets are the facts in what an entry keeps: an object's fields under their
// names in small letters; what is no object stands under "value".
func facets(text string) map[string]any {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil || v == nil {
		return nil
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return map[string]any{"value": v}
	}
	out := make(map[string]any, len(fields))
	for k, x := range fields {
		out[strings.ToLower(k)] = x
	}
	return out
}

// factWords are the texts of facts that are kept as words of the program.
var factWords = map[string]string{
	"kind cpe": "channels.kind_cpe", "kind client": "channels.kind_client", "kind linked": "log.login_linked", "kind hotdesk": "log.login_hotdesk", "kind blf": "keys.kind_blf", "kind speed_dial": "keys.kind_speed_dial",
	"path api": "log.path_api", "path code": "log.path_code", "path key": "log.path_key", "path self_service": "log.path_self_service",
	"reason link_made":       "log.end_link_made",
	"reason take_over":       "log.end_take_over",
	"reason desk_taken":      "log.end_desk_taken",
	"reason unlinked":        "log.end_unlinked",
	"reason device_arrived":  "log.end_device_arrived",
	"reason detached":        "log.end_detached",
	"reason lost":            "log.end_lost",
	"reason address_refused": "log.end_address_refused",
	"reason address_changed": "log.end_address_changed",
	"reason logged_out":      "log.end_logged_out",
	"reason ended_by_admin":  "log.end_ended_by_admin",
	"reason multi_login_off": "log.end_multi_login_off",
	"reason deleted":         "log.end_deleted",
	"reason expired":         "log.end_expired",
	"reason daily_end":       "log.end_daily_end",
	"path portal":            "log.path_portal", "path system": "log.path_system", "path limit": "log.path_limit",
	"way first_access": "cpes.way_first_access", "way armed": "cpes.way_armed",
	"trust none": "cpes.trust_none", "trust pending": "cpes.trust_pending", "trust proven": "cpes.trust_proven", "trust frozen": "cpes.trust_frozen",
	"language de": "extensions.language_de", "language en": "extensions.language_en", "language nl": "extensions.language_nl",
	"role operator_admin": "common.role_operator_admin", "role operator_support": "common.role_operator_support",
	"role partner_admin": "common.role_partner_admin", "role customer_admin": "common.role_customer_admin", "role user": "common.role_user",
}

// fact words the fact of that name.
func fact(c *Call, name string, v any, names map[string]string) string {
	if s, ok := v.(string); ok && factWords[name+" "+s] != "" {
		return c.T(factWords[name+" "+s])
	}
	return facet(c, v, names)
}

// facet words one fact, "" for what is empty: ids by the names they have now,
// times by the reader's clock.
func facet(c *Call, v any, names map[string]string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return c.T("log.yes")
		}
		return c.T("log.no")
	case float64:
		return fmt.Sprint(v)
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = facet(c, x, names)
		}
		return strings.Join(words, ", ")
	case map[string]any:
		var words []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if w := fact(c, strings.ToLower(name), v[name], names); w != "" {
				words = append(words, w)
			}
		}
		return strings.Join(words, " ")
	case string:
		if n := names[v]; n != "" {
			return n
		}
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return c.Text().DateTime(t)
		}
		return v
	}
	return fmt.Sprint(v)
}
