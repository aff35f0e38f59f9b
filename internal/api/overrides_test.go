package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

func TestP08_OverridesOverTheAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		customer, _, _, cpe := h.desk("1001")
		const name = "phone_setting.lcd_logo.text"
		for _, path := range []string{"/v1/vendors/yealink", "/v1/vendors/yealink/models/T54W", customer + "/vendors/yealink", cpe} {
			tag := h.do("GET", path+"/overrides", nil).want(t, 200).header.Get("ETag")
			h.do("PATCH", path+"/overrides", map[string]any{"set": map[string]any{name: "Adler"}}, "If-Match", tag).want(t, 200)
			h.do("PATCH", path+"/overrides", map[string]any{"clear": []string{name}}, "If-Match", tag).refused(t, 412, "version_changed")
			if s := h.do("GET", path+"/overrides", nil).want(t, 200); !strings.Contains(s.text, `"name":"`+name+`","value":"Adler","secret":false`) {
				t.Errorf("%s: %s", path, s.text)
			}
			for value, reason := range map[string]string{"account.1.password": "parameter_locked", "nonsense": "parameter_unknown"} {
				if a := h.do("PATCH", path+"/overrides", map[string]any{"set": map[string]any{value: "x"}}).refused(t, 422, reason); !strings.Contains(a.text, `"body.set.`+value+`"`) {
					t.Errorf("%s", a.text)
				}
			}
			if p := h.do("GET", path+"/parameters?search=LCD_LOGO.t", nil).want(t, 200); strings.Count(p.text, `"type":`) != 1 || !strings.Contains(p.text, `"value":"Adler"`) {
				t.Errorf("%s", p.text)
			}
		}
		h.do("PATCH", cpe+"/overrides", map[string]any{"clear": []string{name, "never.set"}}).want(t, 200)
		if s := h.do("GET", cpe+"/overrides", nil).want(t, 200); !strings.Contains(s.text, `"set":[]`) || !strings.Contains(s.text, `"level":"model"`) {
			t.Errorf("%s", s.text)
		}
		h.do("GET", "/v1/vendors/none/overrides", nil).refused(t, 404, "not_found")
		h.do("GET", "/v1/vendors/yealink/models/none/overrides", nil).refused(t, 404, "not_found")
	})
}
