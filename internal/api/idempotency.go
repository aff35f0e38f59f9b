package api

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"sync"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// answers keeps what requests with an Idempotency-Key were answered. Answer
// gives nil when there is none.
type answers interface {
	Answer(ctx context.Context, tokenID, key string) (*app.Answer, error)
	KeepAnswer(ctx context.Context, tokenID, key string, a app.Answer) error
}

// inFlight are the keys whose first request still runs on this node.
type inFlight struct {
	mu   sync.Mutex
	keys map[[2]string]bool
}

func (f *inFlight) enter(token, key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := [2]string{token, key}
	if f.keys[k] {
		return false
	}
	if f.keys == nil {
		f.keys = map[[2]string]bool{}
	}
	f.keys[k] = true
	return true
}

func (f *inFlight) leave(token, key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, [2]string{token, key})
}

// repeatable answers a POST or PUT that comes again under the same
// Idempotency-Key with the answer of the first, without doing it again.
// secret reports the operations whose answer holds a secret: nothing is kept of
// them, since the answer would stand readable in the database.
func (s *server) repeatable(secret func(*http.Request) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		token := actorOf(r.Context()).ID
		if key == "" || token == "" || (r.Method != http.MethodPost && r.Method != http.MethodPut) || secret(r) {
			next.ServeHTTP(w, r)
			return
		}
		if !printable(key) {
			writeProblem(w, problem(telephony.Invalidf("header.Idempotency-Key", "idempotency_key_malformed", "an idempotency key has 1 to 128 printable ASCII characters")))
			return
		}
		if !s.flights.enter(token, key) {
			writeProblem(w, problem(telephony.Conflictf("request_in_flight", "the first request with this idempotency key is still running")))
			return
		}
		defer s.flights.leave(token, key)
		if err := s.answerOnce(w, r, token, key, next); err != nil {
			report(r.Context(), s.log, "idempotency", err)
			writeProblem(w, problem(err))
		}
	})
}

func (s *server) answerOnce(w http.ResponseWriter, r *http.Request, token, key string, next http.Handler) error {
	request, err := fingerprint(r)
	if err != nil {
		return err
	}
	kept, err := s.answers.Answer(r.Context(), token, key)
	if err != nil {
		return err
	}
	if kept != nil && kept.Request != request {
		return telephony.Invalidf("header.Idempotency-Key", "idempotency_key_reused", "this idempotency key was used for another request")
	}
	if kept == nil {
		rec := &recorder{header: http.Header{}}
		next.ServeHTTP(rec, r)
		kept = &app.Answer{Request: request, Status: rec.code(), Body: rec.body.Bytes(), ETag: rec.header.Get("ETag"), Location: rec.header.Get("Location")}
		// Our own failures are worth another try under the same key. The client
		// may have gone meanwhile; the answer must be kept all the same.
		if kept.Status < 500 {
			if err := s.answers.KeepAnswer(context.WithoutCancel(r.Context()), token, key, *kept); err != nil {
				report(r.Context(), s.log, "keep answer", err)
			}
		}
	} else {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	replay(w, *kept)
	return nil
}

func replay(w http.ResponseWriter, a app.Answer) {
	h := w.Header()
	if len(a.Body) > 0 {
		h.Set("Content-Type", "application/json")
		if a.Status >= 400 {
			h.Set("Content-Type", "application/problem+json")
		}
	}
	if a.ETag != "" {
		h.Set("ETag", a.ETag)
	}
	if a.Location != "" {
		h.Set("Location", a.Location)
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}

// fingerprint tells requests apart. It is keyed with the token's text, which the
// database does not hold: a plain hash of a body with a PIN could be reversed by
// trying all PINs.
func fingerprint(r *http.Request) (string, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	token, _ := bearer(r)
	m := hmac.New(sha256.New, []byte(token))
	m.Write([]byte(r.Method + " " + r.URL.RequestURI() + "\n" + r.Header.Get("If-Match") + "\n"))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil)), nil
}

func printable(key string) bool {
	for i := range len(key) {
		if key[i] < 0x21 || key[i] > 0x7e {
			return false
		}
	}
	return len(key) >= 1 && len(key) <= 128
}

// recorder holds an answer back until it is kept.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}
