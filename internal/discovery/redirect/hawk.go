package redirect

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// hawk signs a request by the Hawk scheme, version 1, with its body.
func hawk(q *http.Request, id, key string, body []byte, now time.Time) {
	port := q.URL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[q.URL.Scheme]
	}
	ts, nonce, hash := fmt.Sprint(now.Unix()), rand.Text()[:12], ""
	if len(body) > 0 {
		kind, _, _ := strings.Cut(q.Header.Get("Content-Type"), ";")
		sum := sha256.Sum256([]byte("hawk.1.payload\n" + strings.ToLower(strings.TrimSpace(kind)) + "\n" + string(body) + "\n"))
		hash = base64.StdEncoding.EncodeToString(sum[:])
	}
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "hawk.1.header\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n\n", ts, nonce, q.Method, q.URL.RequestURI(), strings.ToLower(q.URL.Hostname()), port, hash)
	head := fmt.Sprintf(`Hawk id="%s", ts="%s", nonce="%s", mac="%s"`, id, ts, nonce, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if hash != "" {
		head += fmt.Sprintf(`, hash="%s"`, hash)
	}
	q.Header.Set("Authorization", head)
}
