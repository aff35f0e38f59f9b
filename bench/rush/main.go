// Command rush is a morning: people log in at phones by number and PIN through the
// REST API, at a steady rate whatever the answers, or as fast as they are answered.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	var r rush
	list := flag.String("places", "", "file of places that seed wrote")
	flag.StringVar(&r.api, "api", "http://127.0.0.1:18090", "REST API; the token is in TISCHLEIN_TOKEN")
	flag.StringVar(&r.pin, "pin", "2580", "everybody's PIN")
	flag.Float64Var(&r.rate, "rate", 200, "log-ins begun per second; 0 keeps all connections busy")
	flag.IntVar(&r.connections, "connections", 32, "log-ins under way at once, at most")
	skip := flag.Int("skip", 0, "places to leave out at the beginning of the list")
	flag.DurationVar(&r.length, "for", 10*time.Second, "how long")
	flag.Parse()
	r.token = os.Getenv("TISCHLEIN_TOKEN")
	err := r.load(*list, *skip)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(r.run(context.Background()))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rush:", err)
		os.Exit(1)
	}
}

// rush is one run.
type rush struct {
	api, token, pin string
	rate            float64
	connections     int
	length          time.Duration
	people          []person
}

// person is somebody with the desk that they go to.
type person struct{ path, number string }

// load reads the places. The number of the one on line i is what fill gave it.
func (r *rush) load(list string, skip int) error {
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for i := 0; lines.Scan(); i++ {
		if i < skip {
			continue
		}
		x := strings.Fields(lines.Text())
		if len(x) < 3 {
			return fmt.Errorf("line %d of %s is no place", i+1, list)
		}
		r.people = append(r.people, person{"/v1/customers/" + x[0] + "/channels/" + x[1] + "/login", fmt.Sprintf("%04d", 3000+i%1000)})
	}
	if len(r.people) == 0 {
		return fmt.Errorf("%s has no place after the first %d", list, skip)
	}
	rand.Shuffle(len(r.people), func(i, j int) { r.people[i], r.people[j] = r.people[j], r.people[i] })
	return lines.Err()
}

// report is what came of it. With a rate, a latency runs from the moment at which
// the log-in was due.
type report struct {
	Offered float64 `json:"offered_rate,omitempty"`
	Done    int     `json:"done"`
	Rate    float64 `json:"rate"` // log-ins per second
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Max     float64 `json:"max_ms"`
	Failed  int     `json:"failed"`
	Why     string  `json:"why,omitempty"` // the first failure
	Short   bool    `json:"short"`         // everybody was logged in before the time was over
}

func (r *rush) run(ctx context.Context) report {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: r.connections, MaxConnsPerHost: r.connections}}
	type turn struct {
		person
		due time.Time
	}
	turns := make(chan turn, len(r.people))
	out := report{Offered: r.rate}
	var took []time.Duration
	var mu sync.Mutex
	var all sync.WaitGroup
	for range r.connections {
		all.Go(func() {
			for t := range turns {
				err := r.login(ctx, client, t.person)
				d := time.Since(t.due)
				mu.Lock()
				if err == nil {
					took = append(took, d)
				} else if out.Failed++; out.Why == "" {
					out.Why = err.Error()
				}
				mu.Unlock()
			}
		})
	}
	start := time.Now()
	next := 0
	for ; next < len(r.people) && time.Since(start) < r.length; next++ {
		var due time.Time
		if r.rate > 0 {
			due = start.Add(time.Duration(float64(next) / r.rate * float64(time.Second)))
			time.Sleep(time.Until(due))
		} else {
			for len(turns) > 0 && time.Since(start) < r.length {
				time.Sleep(100 * time.Microsecond)
			}
			due = time.Now()
		}
		turns <- turn{r.people[next], due}
	}
	close(turns)
	all.Wait()
	seconds := time.Since(start).Seconds()
	out.Short = next == len(r.people)
	out.Done, out.Rate = len(took), float64(len(took))/seconds
	slices.Sort(took)
	if n := len(took); n > 0 {
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		out.P50, out.P99, out.Max = ms(took[n/2]), ms(took[n*99/100]), ms(took[n-1])
	}
	return out
}

func (r *rush) login(ctx context.Context, client *http.Client, p person) error {
	body, err := json.Marshal(map[string]string{"number": p.number, "pin": r.pin})
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPut, r.api+p.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+r.token)
	a, err := client.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", a.Status, text)
	}
	return err
}
