package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Three generations of files say the same in different words. All are read as the
// names of the newest, without sections: "PhoneNumber" of line 1 is
// "line.1.PhoneNumber", whether it was written <line index="1"><PhoneNumber>,
// "SIP1 Phone Number" or <SIP1_Phone_Number>.

var (
	errFanvilFile    = errors.New("neither a VOIP CONFIG FILE nor <sysConf>")
	fanvilNumbered   = regexp.MustCompile(`^(SIP|Fkey|Account)\s?(\d+)\s+(.+)$`)
	fanvilOlderWords = map[string]string{
		"RegisterAddress": "RegisterAddr", "RegisterPassword": "RegisterPswd", "RegisterPwd": "RegisterPswd",
		"EnableRegister": "EnableReg", "ProxyAddress": "ProxyAddr",
	}
)

// parseFanvil reads any of the three forms. A file of one form that does not end
// as it must is not taken at all.
func parseFanvil(b []byte) (map[string]string, error) {
	text := strings.TrimPrefix(string(b), "\ufeff")
	if rest, ok := strings.CutPrefix(text, "<<VOIP CONFIG FILE>>Version:"); ok {
		return parseFanvilText(rest)
	}
	return parseFanvilXML([]byte(text))
}

// parseFanvilText: a key is padded with blanks to its colon.
func parseFanvilText(text string) (map[string]string, error) {
	out := map[string]string{}
	_, text, _ = strings.Cut(text, "\n") // the version
	ended := false
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r ")
		switch {
		case line == "" || ended:
			continue
		case line == "<<END OF FILE>>":
			ended = true
			continue
		case line[0] == '<' || strings.HasPrefix(line, "--"):
			continue // a module, or a list in it
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(key) == "" {
			return nil, fmt.Errorf("line %d: %q has no colon", n+2, line)
		}
		out[fanvilName(key)] = strings.TrimSpace(value)
	}
	if !ended {
		return nil, errors.New("no <<END OF FILE>>")
	}
	return out, nil
}

// fanvilName is the newest name of an older one.
func fanvilName(old string) string {
	old = strings.TrimSpace(strings.ReplaceAll(old, "_", " "))
	prefix := ""
	if m := fanvilNumbered.FindStringSubmatch(old); m != nil {
		old = m[3]
		prefix = map[string]string{"SIP": "line.", "Fkey": "Fkey.1.", "Account": "account."}[m[1]] + m[2] + "."
	}
	name := strings.ReplaceAll(old, " ", "")
	if now, ok := fanvilOlderWords[name]; ok {
		name = now
	}
	return prefix + name
}

func parseFanvilXML(b []byte) (map[string]string, error) {
	out := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(b))
	type level struct{ name, index string }
	var path []level
	var text strings.Builder
	leaf := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(path) == 0 && t.Name.Local != "sysConf" && t.Name.Local != "VOIP_CONFIG_FILE" {
				return nil, fmt.Errorf("%w: <%s>", errFanvilFile, t.Name.Local)
			}
			path = append(path, level{t.Name.Local, attributes(t)["index"]})
			text.Reset()
			leaf = true
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if leaf && len(path) > 1 {
				name := t.Name.Local
				if path[0].name == "VOIP_CONFIG_FILE" {
					name = fanvilName(name)
				} else {
					page := "1"
					for _, l := range path[:len(path)-1] {
						switch {
						case l.index == "":
						case l.name == "internal":
							page = l.index
						case l.name == "Fkey":
							name = "Fkey." + page + "." + l.index + "." + name
						default:
							name = l.name + "." + l.index + "." + name
						}
					}
				}
				out[name] = strings.TrimSpace(text.String())
			}
			leaf = false
			path = path[:len(path)-1]
		}
	}
	if len(out) == 0 {
		return nil, errFanvilFile
	}
	return out, nil
}
