package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// grandstreamFile is one parsed file: P-values, and the names that are none.
type grandstreamFile map[string]string

var (
	errGrandstreamBinary = errors.New("not a file of the vendor's binary form")
	errGrandstreamRoot   = errors.New("root is not <gs_provision>")
	grandstreamP         = regexp.MustCompile(`^P\d{1,5}$`)
)

// grandstreamNames are the names of the second version as the P-values they mean.
var grandstreamNames = map[string]string{
	"account.1.enable": "P271", "account.1.name": "P270", "account.1.sip.subscriber.name": "P3",
	"account.1.sip.userid": "P35", "account.1.sip.subscriber.userid": "P36", "account.1.sip.subscriber.password": "P34",
	"account.1.sip.server.1.address": "P47", "account.1.sip.transport": "P130", "account.1.sip.registration": "P31",
	"account.1.sip.allowSipReset": "P26015", "users.admin.password": "P2", "language.gui": "P1362",
	"dateTime.ntp.server.1": "P30", "dateTime.timezone": "P64",
}

// grandstreamWords are the second version's words for what a P-value counts.
var grandstreamWords = map[string]map[string]string{
	"P271": {"Yes": "1", "No": "0"}, "P31": {"Yes": "1", "No": "0"}, "P26015": {"Yes": "1", "No": "0"},
	"P130": {"UDP": "0", "TCP": "1", "TlsOrTcp": "2"},
}

// parseGrandstream reads either version. A file that names another phone's MAC is
// refused.
func parseGrandstream(b []byte, own MAC) (grandstreamFile, error) {
	f := grandstreamFile{}
	d := xml.NewDecoder(bytes.NewReader(b))
	var path []string
	var text strings.Builder
	version, item, part := "", "", ""
	rooted := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !rooted {
				return nil, errGrandstreamRoot
			}
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			attr := attributes(t)
			switch {
			case len(path) == 1 && t.Name.Local != "gs_provision":
				return nil, errGrandstreamRoot
			case len(path) == 1:
				rooted = true
			case len(path) == 2 && t.Name.Local == "config":
				if version = attr["version"]; version != "1" && version != "2" {
					return nil, fmt.Errorf("config version %q", version)
				}
			case len(path) == 3:
				item, part = attr["name"], ""
			case len(path) == 4:
				part = "." + attr["name"]
			}
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			v := strings.TrimSpace(text.String())
			switch {
			case len(path) == 2 && path[1] == "mac":
				if mac, err := ParseMAC(v); err != nil || mac != own {
					return nil, fmt.Errorf("the file is for %q", v)
				}
			case len(path) == 3 && path[1] == "config" && version == "1":
				if !grandstreamP.MatchString(path[2]) {
					return nil, fmt.Errorf("%s is no P-value", path[2])
				}
				f[path[2]] = v
			case len(path) >= 3 && path[1] == "config" && version == "2" && (len(path) == 4 || v != ""):
				f.name(item+part, v)
			}
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}

var grandstreamKey = regexp.MustCompile(`^pks\.(vpk|mpk)\.(\d{1,2})\.(keyMode|account|description|value)$`)

// name takes a setting of the second version.
func (f grandstreamFile) name(name, value string) {
	p, ok := grandstreamNames[name]
	if k := grandstreamKey.FindStringSubmatch(name); k != nil {
		n, err := strconv.Atoi(k[2])
		if err != nil || n < 1 {
			return
		}
		at := map[string]int{"keyMode": 0, "account": 1, "description": 2, "value": 3}[k[3]]
		switch {
		case k[1] == "mpk":
			p, ok = pValue(23000+5*(n-1)+at), true
		case n > 6:
			p, ok = pValue(23800+4*(n-7)+at), true
		case at < 2:
			p, ok = pValue(1363+2*(n-1)+at), true
		default:
			p, ok = pValue(1465+2*(n-1)+at-2), true
		}
	}
	if !ok {
		f[name] = value
		return
	}
	if number, known := grandstreamWords[p][value]; known {
		value = number
	}
	f[p] = value
}
