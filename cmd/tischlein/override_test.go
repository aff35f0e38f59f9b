package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func TestP08_OverridesFromTheCommandLine(t *testing.T) {
	k := newKeeping(t)
	_, err := k.app.CPEs.Create(t.Context(), administrator, telephony.CPE{CustomerID: k.customer.ID, Driver: "yealink", Model: "T46U", MAC: "001565aa0001", Name: "Theke"})
	k.ok(err)
	const name = "phone_setting.lcd_logo.text"
	text := filepath.Join(t.TempDir(), "text")
	k.ok(os.WriteFile(text, []byte("Aus der Datei\n"), 0o600))
	k.says("Alle", "override", "set", name, "Alle", "--vendor", "yealink")
	k.says("Modell", "override", "set", name, "Modell", "--vendor", "yealink", "--model", "T46U")
	k.says("Kunde", "override", "set", name, "Kunde", "--vendor", "yealink", "--customer", "1001")
	k.says("model", "override", "list", "--customer", "1001", "--cpe", "Theke")
	k.says("Aus der Datei", "override", "set", name, "--value-file", text, "--customer", "1001", "--cpe", "00:15:65:AA:00:01")
	k.says("device", "override", "parameters", "lcd_logo.text", "--customer", "1001", "--cpe", "Theke")
	k.says("German|English|Dutch", "override", "parameters", "lang.gui", "--vendor", "yealink")
	k.says("", "override", "clear", name, "--customer", "1001", "--cpe", "Theke")
	if got, err := k.run("override", "list", "--json", "--customer", "1001", "--cpe", "Theke"); err != nil || !strings.Contains(got, `"set":[]`) {
		t.Errorf("%s, %v", got, err)
	}
	k.refuses("parameter_locked", "override", "set", "account.1.password", "x", "--vendor", "yealink")
	k.refuses("--value-file", "override", "set", name, "--vendor", "yealink")
	k.refuses("--customer", "override", "list", "--cpe", "Theke")
	k.refuses("--vendor", "override", "list")
	k.refuses("--model", "override", "list", "--vendor", "yealink", "--model", "T46U", "--customer", "1001")
}
