package redirecttest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sort"
	"strings"
	"sync"
)

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the test sees what is missing
}

type object = map[string]any

// yealink checks the signature over method, headers and path, and sees that no
// nonce comes twice.
func yealink(s *Service) http.Handler {
	var mu sync.Mutex
	nonces, servers := map[string]bool{}, map[string]string{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		no := func(why string) { answer(w, object{"ret": -1, "data": nil, "error": object{"msg": why}}) }
		sum := md5.Sum(body)
		text := "POST\nContent-MD5:" + base64.StdEncoding.EncodeToString(sum[:]) + "\nX-Ca-Key:" + ID + "\nX-Ca-Nonce:" + r.Header.Get("X-Ca-Nonce") +
			"\nX-Ca-Timestamp:" + r.Header.Get("X-Ca-Timestamp") + "\n" + strings.TrimPrefix(r.URL.Path, "/")
		mac := hmac.New(sha256.New, []byte(Secret))
		mac.Write([]byte(text))
		mu.Lock()
		twice := nonces[r.Header.Get("X-Ca-Nonce")]
		nonces[r.Header.Get("X-Ca-Nonce")] = true
		mu.Unlock()
		if twice || r.Header.Get("X-Ca-Signature") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			no("signature.error")
			return
		}
		var in struct {
			Key        string   `json:"key"`
			ID         string   `json:"id"`
			MACs       []string `json:"macs"`
			URL        string   `json:"uniqueServerUrl"`
			Server     string   `json:"serverId"`
			ServerName string   `json:"serverName"`
		}
		_ = json.Unmarshal(body, &in)
		ok := func(data any) { answer(w, object{"ret": 1, "data": data, "error": nil}) }
		mu.Lock()
		defer mu.Unlock()
		switch strings.TrimPrefix(r.URL.Path, "/api/open/v1/") {
		case "server/list":
			list := []object{}
			if id := servers[in.Key]; id != "" {
				list = append(list, object{"id": id, "serverName": in.Key})
			}
			ok(object{"data": list})
		case "server/add":
			if len(in.ServerName) > 20 {
				no("server.name.long")
				return
			}
			servers[in.ServerName] = "srv-1"
			ok(object{"id": "srv-1"})
		case "device/list":
			list := []object{}
			if url, v := s.get(in.Key); v == fine {
				list = append(list, object{"id": "dev-" + in.Key, "mac": strings.ToUpper(in.Key), "uniqueServerUrl": url})
			} else if v == refusing {
				no("service.refuses " + in.Key)
				return
			}
			ok(object{"data": list})
		case "device/add":
			if _, v := s.get(in.MACs[0]); v == fine {
				no("device.mac.existed")
			} else if v := s.put(in.MACs[0], in.URL); v == another {
				no("device.mac.existed")
			} else if v == refusing || in.Server != "srv-1" {
				no("no, not " + in.URL)
			} else {
				ok(object{})
			}
		case "device/edit":
			s.put(strings.TrimPrefix(in.ID, "dev-"), in.URL)
			ok(object{})
		case "device/delete":
			s.remove(in.MACs[0])
			ok(object{})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

var hawkPart = regexp.MustCompile(`(\w+)="([^"]*)"`)

// snom checks Hawk as its text describes it, payload included.
func snom(s *Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p := map[string]string{}
		for _, m := range hawkPart.FindAllStringSubmatch(r.Header.Get("Authorization"), -1) {
			p[m[1]] = m[2]
		}
		hash := ""
		if len(body) > 0 {
			sum := sha256.Sum256([]byte("hawk.1.payload\napplication/json\n" + string(body) + "\n"))
			hash = base64.StdEncoding.EncodeToString(sum[:])
		}
		host, port, _ := strings.Cut(r.Host, ":")
		mac := hmac.New(sha256.New, []byte(Secret))
		mac.Write([]byte(strings.Join([]string{"hawk.1.header", p["ts"], p["nonce"], r.Method, r.RequestURI, host, port, hash, "", ""}, "\n")))
		if p["id"] != ID || p["hash"] != hash || p["mac"] != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		dev, found := strings.CutPrefix(r.URL.Path, "/companies/"+Account+"/endpoints/")
		if !found {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		var v int
		url := ""
		switch r.Method {
		case http.MethodGet:
			url, v = s.get(dev)
		case http.MethodDelete:
			v = s.remove(dev)
		case http.MethodPut:
			var in struct {
				MAC      string                            `json:"mac"`
				Profile  string                            `json:"provisioning_profile"`
				Settings map[string]struct{ Value string } `json:"settings_manager"`
			}
			if json.Unmarshal(body, &in) != nil || in.MAC != dev || in.Profile != Profile || in.Settings[Setting].Value == "" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			v = s.put(dev, in.Settings[Setting].Value)
		}
		switch v {
		case absent:
			w.WriteHeader(http.StatusNotFound)
		case another:
			w.WriteHeader(http.StatusForbidden)
		case refusing:
			w.WriteHeader(http.StatusBadRequest)
		default:
			answer(w, object{"mac": dev, "settings_manager": object{Setting: object{"value": url, "attrs": object{"perm": "RW"}}}})
		}
	})
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

var path237 = regexp.MustCompile(`<P237>([^<]*)</P237>`)

// grandstream gives tokens for a hashed password and checks what is signed.
func grandstream(s *Service) http.Handler {
	const token = "gdms-token"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			sum := md5.Sum([]byte(Password))
			if r.FormValue("username") != User || r.FormValue("password") != sha(hex.EncodeToString(sum[:])) || r.FormValue("client_id") != ID || r.FormValue("client_secret") != Secret {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, object{"access_token": token, "expires_in": 3600})
			return
		}
		no := func(why string) { answer(w, object{"retCode": 40002, "msg": why}) }
		signed := map[string]string{"access_token": token, "client_id": ID, "client_secret": Secret, "timestamp": r.URL.Query().Get("timestamp")}
		tail, body := "", []byte(nil)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			f, _, err := r.FormFile("xml")
			if err != nil {
				no("no xml")
				return
			}
			body, _ = io.ReadAll(f)
			sum := md5.Sum(body)
			signed["mac"], signed["xml"] = r.FormValue("mac"), hex.EncodeToString(sum[:])
		} else {
			body, _ = io.ReadAll(r.Body)
			tail = sha(string(body)) + "&"
		}
		var keys []string
		for k := range signed {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		text := ""
		for _, k := range keys {
			text += "&" + k + "=" + signed[k]
		}
		if r.URL.Query().Get("signature") != sha(text+"&"+tail) || r.URL.Query().Get("access_token") != token {
			no("signature error")
			return
		}
		ok := func(data any) { answer(w, object{"retCode": 0, "msg": "", "data": data}) }
		plain := func(mac string) string { return strings.ToLower(strings.ReplaceAll(mac, ":", "")) }
		switch strings.TrimPrefix(r.URL.Path, "/v1.0.0/") {
		case "device/list":
			var in struct{ MAC string }
			_ = json.Unmarshal(body, &in)
			list := []object{}
			if _, v := s.get(plain(in.MAC)); v == fine {
				list = append(list, object{"mac": in.MAC, "siteId": 7})
			} else if v == refusing {
				no("the service refuses")
				return
			}
			ok(object{"result": list})
		case "device/add":
			var in []struct {
				MAC, SN string
				SiteID  int `json:"siteId"`
			}
			if json.Unmarshal(body, &in) != nil || len(in) != 1 || in[0].SN == "" || fmt.Sprint(in[0].SiteID) != Site {
				no("invalid parameter")
				return
			}
			if s.put(plain(in[0].MAC), "") == another {
				answer(w, object{"retCode": 10012, "msg": "The device already exists"})
				return
			}
			ok(object{})
		case "device/config/xml":
			m := path237.FindSubmatch(body)
			if m == nil || !strings.Contains(string(body), "<P212>2</P212>") || !strings.Contains(string(body), "<mac>"+plain(signed["mac"])+"</mac>") {
				no("invalid file")
				return
			}
			s.put(plain(signed["mac"]), "https://"+string(m[1]))
			ok(object{})
		case "device/delete":
			var in struct{ MACs []string }
			_ = json.Unmarshal(body, &in)
			for _, m := range in.MACs {
				s.remove(plain(m))
			}
			ok(object{})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

// poly gives tokens for client credentials and answers GraphQL.
func poly(s *Service) http.Handler {
	const token = "lens-token"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			var in map[string]string
			_ = json.NewDecoder(r.Body).Decode(&in)
			if in["grant_type"] != "client_credentials" || in["client_id"] != ID || in["client_secret"] != Secret {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, object{"access_token": token, "expires_in": 3600})
			return
		}
		var in struct {
			Query     string            `json:"query"`
			Variables map[string]string `json:"variables"`
		}
		if r.Header.Get("Authorization") != "Bearer "+token || json.NewDecoder(r.Body).Decode(&in) != nil || in.Variables["tenantId"] != Account {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mac := strings.ToLower(in.Variables["macAddress"])
		var v int
		data := object{}
		switch {
		case strings.HasPrefix(in.Query, "query"):
			var url string
			if url, v = s.get(mac); v == fine {
				data["ztpDevice"] = object{"provisioningServer": url}
			} else if v == absent {
				data["ztpDevice"], v = nil, fine
			}
		case strings.HasPrefix(in.Query, "mutation delete"):
			v = s.remove(mac)
		default:
			v = s.put(mac, in.Variables["serverUrl"])
		}
		switch v {
		case fine:
			answer(w, object{"data": data})
		case absent:
			answer(w, object{"errors": []object{{"message": "not found", "extensions": object{"code": "NOT_FOUND"}}}})
		case another:
			answer(w, object{"errors": []object{{"message": "forbidden", "extensions": object{"code": "FORBIDDEN"}}}})
		default:
			answer(w, object{"errors": []object{{"message": "no, not " + in.Variables["serverUrl"], "extensions": object{"code": "BAD_USER_INPUT"}}}})
		}
	})
}
