package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

func TestP08_KeysOverTheAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		customer, channel, extension, _ := h.desk("1001")
		h.do("POST", customer+"/extensions", map[string]any{"number": "102", "name": "Karl", "keys": []any{map[string]any{"kind": "blf", "value": "101"}}}).want(t, 201)
		tag := h.do("GET", extension, nil).want(t, 200).header.Get("ETag")
		keys := []any{map[string]any{"kind": "blf", "value": "102"}, map[string]any{"kind": "speed_dial", "value": "030 4433", "label": "Taxi"}, map[string]any{"kind": "hotdesk"}}
		h.do("PATCH", extension, map[string]any{"keys": keys}, "If-Match", tag).want(t, 200)
		h.do("PATCH", extension, map[string]any{"keys": []any{}}, "If-Match", tag).refused(t, 412, "version_changed")
		want := `"keys":[{"kind":"blf","value":"102"},{"kind":"speed_dial","label":"Taxi","value":"0304433"},{"kind":"hotdesk"}]`
		for _, path := range []string{extension, customer + "/extensions"} {
			if e := h.do("GET", path, nil).want(t, 200); !strings.Contains(e.text, want) {
				t.Errorf("%s: %s", path, e.text)
			}
		}
		h.do("PATCH", extension, map[string]any{"name": "Erika"}).want(t, 200) // keys that are left out stay
		if e := h.do("GET", extension, nil).want(t, 200); !strings.Contains(e.text, want) {
			t.Errorf("%s", e.text)
		}
		wrong := h.do("PATCH", extension, map[string]any{"keys": []any{keys[1], map[string]any{"kind": "blf", "value": "999"}}}).refused(t, 422, "extension_unknown")
		if !strings.Contains(wrong.text, `"body.keys[1].value"`) {
			t.Errorf("%s", wrong.text)
		}
		h.do("PUT", channel+"/link", map[string]any{"extension_id": last(extension)}).want(t, 200)
		if fits := h.do("GET", extension+"/key-fits", nil).want(t, 200); !strings.Contains(fits.text, `"left":[]`) || !strings.Contains(fits.text, `"model":"Yealink `) {
			t.Errorf("%s", fits.text)
		}
		h.do("PATCH", extension, map[string]any{"keys": []any{}}).want(t, 200)
		if e := h.do("GET", extension, nil).want(t, 200); !strings.Contains(e.text, `"keys":[]`) {
			t.Errorf("%s", e.text)
		}
	})
}
