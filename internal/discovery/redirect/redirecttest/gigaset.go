package redirecttest

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
)

var macID = regexp.MustCompile(`^([0-9A-F]{12})-[0-9A-Z]{4}$`)

// gigaset answers XML-RPC, to MAC-IDs only. Who has a device that is in use it does
// not say.
func gigaset(s *Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != User || password != Password {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var in struct {
			Method string   `xml:"methodName"`
			Params []string `xml:"params>param>value>string"`
		}
		if r.Header.Get("Content-Type") != "text/xml" || xml.NewDecoder(r.Body).Decode(&in) != nil || len(in.Params) == 0 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		ok, words := gigasetAnswer(s, in.Method, in.Params)
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><array><data><value><boolean>%d</boolean></value><value>%s</value></data></array></value></param></params></methodResponse>`,
			map[bool]int{true: 1}[ok], html.EscapeString(words))
	})
}

func gigasetAnswer(s *Service, method string, in []string) (bool, string) {
	m := macID.FindStringSubmatch(in[0])
	if m == nil {
		return false, "mac_invalid:" + in[0]
	}
	mac := strings.ToLower(m[1])
	_, v := s.get(mac)
	switch method {
	case "autoprov.checkDevice":
		if v == another { // it is found, but whose it is the register will say
			v = fine
		}
	case "autoprov.deregisterDevice":
		switch v {
		case fine:
			s.remove(mac)
		case another:
			v = absent
		}
	case "autoprov.registerDevice":
		switch {
		case len(in) != 3 || in[2] != Profile:
			return false, "name_invalid"
		case v == refusing:
			return false, "url_invalid:" + in[1]
		case v == fine || v == another:
			return false, "mac_already_in_use:" + m[1]
		}
		v = s.put(mac, in[1])
	default:
		return false, "method_invalid"
	}
	switch v {
	case fine:
		return true, "OK"
	case absent:
		return false, "mac_not_found:" + m[1]
	}
	return false, "refused:" + m[1]
}
