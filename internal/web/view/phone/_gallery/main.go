package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view/phone"
)

func d(vendor, model, state, name, num string) telephony.Desired {
	x := telephony.Desired{Driver: vendor, Model: model, Language: "de", LoginCode: "901", LogoutCode: "902", Hotdesking: true,
		Lines: []telephony.Line{{Port: 1, State: telephony.LineState(state), SIPUser: "x", Number: num, Name: name, Place: "Empfang 2", Language: "de", Address: "203.0.113.7"}}}
	if state == "linked" || state == "refused" {
		x.Hotdesking = false
	}
	return x
}

func main() {
	css, _ := os.ReadFile("internal/web/static/css/20-tokens.css")
	css2, _ := os.ReadFile("internal/web/static/css/50-phone.css")
	at := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	theme := os.Args[1]
	set := os.Args[2]
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html data-theme="%s"><meta charset=utf-8><style>%s %s body{background:var(--bg);color:var(--text);font:14px var(--sans);margin:20px;display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start} figure{margin:0;background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:20px} figcaption{color:var(--muted);font-size:12px;margin-top:10px}</style>`, theme, css, css2)
	n := 0
	add := func(x telephony.Desired, up string, note string) {
		drv, err := drivers.All().Get(x.Driver)
		if err != nil {
			panic(err)
		}
		m := map[int]bool{}
		for _, l := range x.Lines {
			if up != "" {
				m[l.Port] = up == "up"
			}
		}
		s := provision.ScreenOf(drv, x, "").Live(m, at)
		n++
		fmt.Fprintf(&b, "<figure>%s<figcaption>%s %s · %s</figcaption></figure>\n", phone.SVG(s, phone.Options{ID: fmt.Sprint("p", n)}), x.Driver, s.Model, note)
	}
	dectd := d("yealink", "W70B", "hotdesk", "Halle 1", "201")
	dectd.Lines = append(dectd.Lines, telephony.Line{Port: 2, State: "linked", Name: "Halle 2 Nachtschicht", Number: "202"}, telephony.Line{Port: 3, State: "free", Place: "Lager"}, telephony.Line{Port: 4, State: "free"}, telephony.Line{Port: 5, State: "free"})
	switch set {
	case "a":
		add(d("yealink", "T46U", "linked", "Anna Schmidt", "101"), "up", "verknüpft")
		add(d("yealink", "T46U", "free", "", ""), "up", "frei")
		add(d("yealink", "T46U", "refused", "", ""), "up", "abgelehnt")
		add(d("yealink", "T48U", "hotdesk", "Jan de Vries", "102"), "up", "Gast")
		add(d("yealink", "T41S", "free", "", ""), "up", "frei")
		add(d("yealink", "T53W", "linked", "Anna Schmidt", "101"), "down", "offline")
		add(d("yealink", "T19P_E2", "free", "", ""), "", "unbekannt")
	case "b":
		add(d("snom", "D785", "hotdesk", "Anna Schmidt", "101"), "up", "")
		add(d("snom", "D735", "free", "", ""), "up", "")
		add(d("snom", "D717", "refused", "", ""), "up", "")
		add(d("snom", "D725", "linked", "Anna Schmidt", "101"), "down", "")
		add(d("snom", "D865", "linked", "Anna Schmidt", "101"), "up", "")
		add(d("snom", "D120", "free", "", ""), "", "")
	case "c":
		add(dectd, "up", "")
		add(d("yealink", "AX83H", "linked", "Anna Schmidt", "101"), "up", "")
		add(d("linphone", "", "linked", "Anna Schmidt", "101"), "up", "")
		add(d("linphone", "", "refused", "", ""), "down", "")
		add(d("yealink", "CP920", "linked", "Konferenzraum", "150"), "up", "")
		add(d("generic", "", "linked", "Anna Schmidt", "101"), "up", "")
	case "d":
		for i, name := range []string{"Anna 👩‍💻 Schmidt 🎉 von und zu Hohenzollern", "שרה לוי כהן", "لیلا احمدی", strings.Repeat("Donaudampfschiff", 5), `<b>"x" & </svg><script>`, "山田太郎 営業部"} {
			add(d([]string{"yealink", "snom"}[i%2], []string{"T46U", "D785"}[i%2], "hotdesk", name, "103"), "up", "")
		}
		add(d("yealink", "T41S", "hotdesk", strings.Repeat("Donaudampfschiff ", 5), "103"), "up", "")
		add(d("linphone", "", "hotdesk", strings.Repeat("Donaudampfschiff ", 5), "103"), "up", "")
	}
	os.Stdout.WriteString(b.String())
}
