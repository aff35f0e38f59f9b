package redirect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// conn sends requests and turns what goes wrong into our errors.
type conn struct{ client *http.Client }

const longestAnswer = 1 << 20

// do gives status and body. An answer that says nothing of the request, because
// the service is in trouble or has enough of us, is ErrUnavailable.
func (c conn) do(q *http.Request) (int, []byte, error) {
	a, err := c.client.Do(q)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: no answer from %s", ErrUnavailable, q.URL.Host) // err holds the URL, which may hold a token
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, longestAnswer))
	if err != nil {
		return 0, nil, fmt.Errorf("%w: half an answer from %s", ErrUnavailable, q.URL.Host)
	}
	if a.StatusCode >= 500 || a.StatusCode == http.StatusTooManyRequests {
		return a.StatusCode, body, fmt.Errorf("%w: HTTP %d from %s", ErrUnavailable, a.StatusCode, q.URL.Host)
	}
	return a.StatusCode, body, nil
}

func request(ctx context.Context, method, url string, body []byte) (*http.Request, error) {
	q, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: its address is wrong", ErrRefused)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	q.Header.Set("Accept", "application/json")
	return q, nil
}

func refused(what string, args ...any) error {
	return fmt.Errorf("%w: "+what, append([]any{ErrRefused}, args...)...)
}

// read takes JSON that should be there.
func read(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return refused("its answer cannot be read")
	}
	return nil
}

func write(v any) []byte {
	b, _ := json.Marshal(v) // plain structs always can be
	return b
}

// bearer keeps a token until shortly before it ends.
type bearer struct {
	mu    sync.Mutex
	token telephony.Secret
	until time.Time
}

// get gives the token, or asks for a new one.
func (b *bearer) get(ask func() (telephony.Secret, time.Duration, error)) (telephony.Secret, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token != "" && time.Now().Before(b.until) {
		return b.token, nil
	}
	t, life, err := ask()
	if err != nil {
		return "", err
	}
	b.token, b.until = t, time.Now().Add(life-min(time.Minute, life/2))
	return t, nil
}

// drop forgets a token that was refused.
func (b *bearer) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token = ""
}
