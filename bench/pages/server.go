package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/storage"
)

// visits is what browser needs: the session, and an address of each page.
type visits struct {
	Session string
	Pages   []visit
}

type visit struct{ Page, Path string }

// row is one page as the server answers it. Bytes are those of the connection,
// heads and all, towards a browser.
type row struct {
	Page    string  `json:"page"`
	P50     float64 `json:"p50_ms"` // from asking to the last byte
	P99     float64 `json:"p99_ms"`
	Slowest float64 `json:"max_ms"`
	Asked   string  `json:"max_path"`        // what the slowest was asked
	Worked  float64 `json:"cpu_ms"`          // processor time of the server for one, on average
	Bytes   int     `json:"bytes"`           // median
	First   int     `json:"first,omitempty"` // with every file that the page names; 0 = a fragment
}

func server(ctx context.Context, c config) error {
	db, err := storage.Open(ctx, filepath.Join(c.data, "tischlein.db"), time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := swept(ctx, db); err != nil {
		return err
	}
	all, err := sample(ctx, db)
	if err != nil {
		return err
	}
	b, err := enter(c.portal, c.welcome)
	if err != nil {
		return err
	}
	v := visits{Session: b.session}
	bare, err := b.bare()
	if err != nil {
		return err
	}
	for _, p := range append([]page{bare}, pages...) {
		r, err := b.times(p, all, c.times, c.pid)
		if err != nil {
			return err
		}
		if !p.part {
			path := p.path(all[0])
			if r.First, err = b.first(path); err != nil {
				return err
			}
			v.Pages = append(v.Pages, visit{p.name, path})
		}
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.data, "visits.json"), text, 0o600)
}

const warm = 5 // requests before those that count

func (b *browser) times(p page, all []estate, n, pid int) (row, error) {
	took, bytes := make([]float64, n), make([]int, n)
	r := row{Page: p.name}
	var before time.Duration
	for i := -warm; i < n; i++ {
		if i == 0 {
			before = processor(pid)
		}
		path := p.path(all[rand.IntN(len(all))])
		a, err := b.get(path, p.part)
		if err != nil {
			return r, fmt.Errorf("reading %s: %w", path, err)
		}
		if i < 0 {
			continue
		}
		took[i], bytes[i] = float64(a.took.Microseconds())/1000, a.wire
		if took[i] > r.Slowest {
			r.Slowest, r.Asked = took[i], path
		}
	}
	r.Worked = float64((processor(pid) - before).Microseconds()) / 1000 / float64(n)
	slices.Sort(took)
	slices.Sort(bytes)
	r.P50, r.P99, r.Bytes = took[n/2], took[n*99/100], bytes[n/2]
	return r, nil
}

// processor is the time that the process has computed, in ticks of 10 ms: it
// holds on a busy machine, too.
func processor(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

var (
	file = regexp.MustCompile(`"(/static/[^"#]+)`)
	icon = regexp.MustCompile(`"(/static/[^"#]+/icon\.svg)"`)
)

// bare is the smallest file: what asking costs, whatever is asked for.
func (b *browser) bare() (page, error) {
	a, err := b.get("/account", false)
	if err != nil {
		return page{}, err
	}
	m := icon.FindStringSubmatch(a.text)
	if m == nil {
		return page{}, errors.New("the page names no icon")
	}
	return page{name: "(bare file)", part: true, path: always(m[1])}, nil
}

// first is what the page costs somebody who was never here before.
func (b *browser) first(path string) (int, error) {
	a, err := b.get(path, false)
	if err != nil {
		return 0, err
	}
	sum, seen := a.wire, map[string]bool{}
	for _, m := range file.FindAllStringSubmatch(a.text, -1) {
		if seen[m[1]] {
			continue
		}
		seen[m[1]] = true
		f, err := b.get(m[1], false)
		if err != nil {
			return 0, err
		}
		sum += f.wire
	}
	if len(seen) < 4 {
		return 0, fmt.Errorf("%s names only %d files", path, len(seen))
	}
	return sum, nil
}

// swept takes from the server what it would do after its first start with these
// settings: look at every device. For as long as that lasts it would be measured.
func swept(ctx context.Context, db *storage.DB) error {
	for {
		var left []string
		err := db.Update(ctx, func(tx *storage.Tx) (err error) {
			if left, err = tx.Unswept(1000); err != nil {
				return err
			}
			for _, id := range left {
				epoch, err := tx.Epoch(id)
				if err != nil {
					return err
				}
				if err := tx.Swept(id, epoch); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(left) == 0 {
			return err
		}
	}
}
