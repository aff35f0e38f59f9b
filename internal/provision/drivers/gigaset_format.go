package drivers

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// gigasetForm is the dialect of a model.
type gigasetForm int

const (
	gigasetDesk gigasetForm = iota // Maxwell
	gigasetBase                    // N610, N670, N770, N870
	gigasetN510
	gigasetN720
	gigasetForms
)

// gigasetAny is for a device of unknown model, desk phone or current base: each
// leaves the other's words alone, and no source says that a base minds a file
// without its product.
const gigasetAny = gigasetForms

func gigasetDialect(model string) gigasetForm {
	m, _ := gigasetInfo.Model(model)
	switch {
	case strings.HasPrefix(m.Name, "Maxwell"):
		return gigasetDesk
	case strings.HasPrefix(m.Name, "N510"):
		return gigasetN510
	case strings.HasPrefix(m.Name, "N720"):
		return gigasetN720
	}
	return gigasetBase
}

func gigasetFile(mac telephony.MAC, form gigasetForm, s *provision.Sheet) (provision.File, error) {
	name := gigasetName(mac, form)
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering gigaset %s: %w", name, err)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if form == gigasetN510 || form == gigasetN720 {
		gigasetFrame(&b, mac, form, settings)
	} else {
		gigasetProfile(&b, form, settings)
	}
	return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
}

// gigasetProfile writes what current bases and the desk phones take.
func gigasetProfile(b *bytes.Buffer, form gigasetForm, settings []provision.Setting) {
	product := ` productID="e2"`
	if form != gigasetBase {
		product = ""
	}
	b.WriteString(`<provisioning version="1.1"` + product + ">\n")
	var nvm, image bytes.Buffer
	for _, st := range settings {
		if form == gigasetAny {
			for _, each := range []gigasetForm{gigasetDesk, gigasetBase} {
				if _, word := gigasetWord(each, st.Name); word != "" {
					gigasetParam(&nvm, "    ", word, st.Value)
				}
			}
			continue
		}
		switch index, word := gigasetWord(form, st.Name); {
		case st.Name == "firmware.version" || st.Name == "firmware.url":
			image.WriteString(" " + strings.TrimPrefix(st.Name, "firmware.") + `="`)
			provision.EscapeXML(&image, st.Value)
			image.WriteString(`"`)
		case st.Name == "oper.DeleteNotProvisionedHS":
			nvm.WriteString(`    <oper name="DeleteNotProvisionedHS"/>` + "\n")
		case strings.HasPrefix(st.Name, "hs.") && strings.HasSuffix(st.Name, ".RegStatus"):
			fmt.Fprintf(&nvm, "    <oper name=\"add_hs\" value=\"%05d\">\n", index+1)
			gigasetParam(&nvm, "      ", "hs.RegStatus", st.Value)
			nvm.WriteString("    </oper>\n")
		case word != "":
			gigasetParam(&nvm, "    ", word, st.Value)
		}
	}
	if image.Len() > 0 {
		b.WriteString("  <firmware>\n    <file" + image.String() + "/>\n  </firmware>\n")
	}
	b.WriteString("  <nvm>\n")
	b.Write(nvm.Bytes())
	b.WriteString("  </nvm>\n</provisioning>\n")
}

func gigasetParam(b *bytes.Buffer, indent, name, value string) {
	b.WriteString(indent + `<param name="` + name + `" value="`)
	provision.EscapeXML(b, value)
	b.WriteString("\"/>\n")
}

// gigasetFrame writes what the older bases take: nothing without their MAC and
// the name of their profile; numbers in hexadecimal, texts in quotes of their own
// and in ASCII, since these bases read Latin-1.
func gigasetFrame(b *bytes.Buffer, mac telephony.MAC, form gigasetForm, settings []provision.Setting) {
	profile := "N510"
	if form == gigasetN720 {
		profile = "N720"
	}
	b.WriteString("<ProviderFrame>\n  <Provider>\n")
	b.WriteString(`    <MAC_ADDRESS value="` + mac.Upper() + "\"/>\n")
	b.WriteString(`    <PROFILE_NAME class="string" value="` + profile + "\"/>\n")
	for _, st := range settings {
		_, word := gigasetWord(form, st.Name)
		if word == "" {
			continue
		}
		p, _ := gigasetCatalogue.Lookup(st.Name)
		text := st.Value
		if p.Type == provision.Text {
			text = provision.DisplayName(text, 256) // a quote would end it
		}
		value := `'"` + gigasetASCII(text) + `"'`
		if p.Type == provision.Int || p.Type == provision.Bool {
			n, _ := strconv.Atoi(st.Value)
			value = fmt.Sprintf(`"0x%x"`, n)
		}
		if strings.HasPrefix(word, "S_") {
			b.WriteString("    <" + word + ` class="string" value=` + value + "/>\n")
			continue
		}
		b.WriteString(`    <SYMB_ITEM ID="` + word + `" class="symb_item" value=` + value + "/>\n")
	}
	b.WriteString("  </Provider>\n</ProviderFrame>\n")
}

func gigasetASCII(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r > '~' || strings.ContainsRune(`'&<>`, r):
			fmt.Fprintf(&out, "&#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// gigasetWord is a parameter in a dialect, "" where that has no word for it. What
// an operator sets in another dialect's words is left as it is.
func gigasetWord(form gigasetForm, name string) (index int, word string) {
	pattern := gigasetPattern(name)
	for part := range strings.SplitSeq(name, ".") {
		if n, err := strconv.Atoi(part); err == nil && strings.Contains(pattern, "#") {
			index = n
			break
		}
	}
	if strings.HasPrefix(name, "hs.") {
		index-- // counted from 1
	}
	r, ok := gigasetByPattern()[pattern]
	if !ok {
		return index, ""
	}
	if word = r.words[form]; word == "" {
		if r.Open && (form == gigasetDesk || form == gigasetBase) {
			return index, name
		}
		return index, ""
	}
	return index, gigasetFill(word, index)
}

func gigasetFill(word string, index int) string {
	if !strings.Contains(word, "{") {
		return word
	}
	suffix := ""
	if index > 0 {
		suffix = "_" + strconv.Itoa(index+1)
	}
	word = strings.Replace(word, "{i}", strconv.Itoa(index), 1)
	word = strings.Replace(word, "{n}", strconv.Itoa(index+1), 1)
	word = strings.Replace(word, "{_n}", suffix, 1)
	return strings.Replace(word, "{h}", strconv.Itoa(100001 + index)[1:], 1)
}

// gigasetNames finds the parameter behind a word, by dialect.
var gigasetNames = sync.OnceValue(func() [gigasetForms]map[string]string {
	var names [gigasetForms]map[string]string
	for form := range names {
		names[form] = map[string]string{}
		for _, r := range gigasetRows {
			word := r.words[form]
			for n := 0; word != "" && n < 250; n++ {
				number := n
				if strings.HasPrefix(r.Name, "hs.") {
					number++
				}
				names[form][gigasetFill(word, n)] = strings.Replace(r.Name, "#", strconv.Itoa(number), 1)
				if !strings.Contains(r.Name, "#") {
					break
				}
			}
		}
	}
	return names
})

// Parse reads back a file in any dialect.
func (gigaset) Parse(f provision.File) ([]provision.Setting, error) {
	type param struct {
		XMLName xml.Name
		Name    string  `xml:"name,attr"`
		ID      string  `xml:"ID,attr"`
		Value   string  `xml:"value,attr"`
		Params  []param `xml:",any"`
	}
	var doc struct {
		XMLName xml.Name
		Product string `xml:"productID,attr"`
		Files   []struct {
			Version string `xml:"version,attr"`
			URL     string `xml:"url,attr"`
		} `xml:"firmware>file"`
		NVM   []param `xml:"nvm>param"`
		Opers []param `xml:"nvm>oper"`
		Frame struct {
			Items []param `xml:",any"`
		} `xml:"Provider"`
	}
	if err := xml.Unmarshal(f.Body, &doc); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	form, settings := gigasetDesk, []provision.Setting{}
	add := func(word, value string) {
		name, known := gigasetNames()[form][word]
		if !known {
			name = word
		}
		settings = append(settings, provision.Setting{Name: name, Value: value})
	}
	if doc.Product != "" {
		form = gigasetBase
	}
	for _, i := range doc.Files {
		settings = append(settings, provision.Setting{Name: "firmware.version", Value: i.Version}, provision.Setting{Name: "firmware.url", Value: i.URL})
	}
	for _, p := range doc.NVM {
		add(p.Name, p.Value)
	}
	for _, o := range doc.Opers {
		n, _ := strconv.Atoi(o.Value)
		for _, p := range o.Params {
			settings = append(settings, provision.Setting{Name: fmt.Sprintf("hs.%d.RegStatus", n), Value: p.Value})
		}
		if o.Name == "DeleteNotProvisionedHS" {
			settings = append(settings, provision.Setting{Name: "oper.DeleteNotProvisionedHS", Value: gigasetCatalogue.On})
		}
	}
	for _, i := range doc.Frame.Items {
		switch i.XMLName.Local {
		case "PROFILE_NAME":
			if form = gigasetN510; i.Value == "N720" {
				form = gigasetN720
			}
		case "MAC_ADDRESS":
		default:
			word := cmp.Or(i.ID, i.XMLName.Local)
			value := strings.Trim(i.Value, `"`)
			if hex, ok := strings.CutPrefix(i.Value, "0x"); ok {
				n, err := strconv.ParseInt(hex, 16, 64)
				if err != nil {
					return nil, fmt.Errorf("reading %s: %s: %w", f.Name, word, err)
				}
				value = strconv.FormatInt(n, 10)
			}
			add(word, value)
		}
	}
	return settings, nil
}
