package voice

import (
	"bytes"
	"container/list"
	"context"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Speakers says with which voice espeak-ng speaks a language, and how fast.
var Speakers = map[string][]string{
	"de": {"-v", "de", "-s", "150", "-p", "45"},
	"en": {"-v", "en-gb", "-s", "155", "-p", "45"},
	"nl": {"-v", "nl", "-s", "150", "-p", "45"},
}

const (
	nameRunes   = 60
	nameSeconds = 4       // a longer recording is cut off
	nameBytes   = 4 << 20 // of all names that are kept
	nameTime    = 2 * time.Second
)

// names speaks people's names, where espeak-ng is installed. Nobody ever waits
// for it: a name that is not there yet is not said.
type names struct {
	program string // "" = none
	ctx     context.Context
	stop    context.CancelFunc
	one     chan struct{} // one at a time: this is a nicety
	running sync.WaitGroup

	mu    sync.Mutex
	known map[string]*list.Element
	order *list.List // of *spoken, latest use first
	bytes int
	most  int // bytes
}

type spoken struct {
	key   string
	clip  Clip
	ready bool // false: being made, or failed
}

func newNames(program string) *names {
	if program == "" {
		program = "espeak-ng"
	}
	if path, err := exec.LookPath(program); err == nil && program != "off" {
		program = path
	} else {
		program = ""
	}
	n := &names{program: program, one: make(chan struct{}, 1), known: map[string]*list.Element{}, order: list.New(), most: nameBytes}
	n.ctx, n.stop = context.WithCancel(context.Background())
	return n
}

// get is the clip of a name, if it is there; otherwise it begins to be made.
func (n *names) get(language, name string) (Clip, bool) {
	name = speakable(name)
	how, ok := Speakers[language]
	if n.program == "" || name == "" || !ok {
		return Clip{}, false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	key := language + " " + name
	if e, ok := n.known[key]; ok {
		n.order.MoveToFront(e)
		s := e.Value.(*spoken)
		return s.clip, s.ready
	}
	if n.ctx.Err() != nil {
		return Clip{}, false
	}
	select {
	case n.one <- struct{}{}:
	default:
		return Clip{}, false
	}
	s := &spoken{key: key}
	n.known[key] = n.order.PushFront(s)
	n.running.Add(1)
	go n.make(s, name, how)
	return Clip{}, false
}

func (n *names) make(s *spoken, name string, how []string) {
	defer n.running.Done()
	defer func() { <-n.one }()
	clip, err := n.speak(name, how)
	n.mu.Lock()
	defer n.mu.Unlock()
	s.clip, s.ready = clip, err == nil // a name that fails once is not tried again while it is remembered
	n.bytes += cost(s)
	for n.bytes > n.most {
		last := n.order.Back()
		old := last.Value.(*spoken)
		n.order.Remove(last)
		delete(n.known, old.key)
		n.bytes -= cost(old)
	}
}

func cost(s *spoken) int { return len(s.key) + len(s.clip.alaw) + 200 }

// speak runs the program. The name goes in by standard input, never as an
// argument, and its output is bounded.
func (n *names) speak(name string, how []string) (Clip, error) {
	ctx, cancel := context.WithTimeout(n.ctx, nameTime)
	defer cancel()
	c := exec.CommandContext(ctx, n.program, append(append([]string{}, how...), "--stdin", "--stdout")...)
	c.Stdin = strings.NewReader(name + "\n")
	c.Env = []string{"LC_ALL=C.UTF-8"}
	c.WaitDelay = nameTime
	var out bytes.Buffer
	c.Stdout = &bounded{w: &out, left: nameSeconds * 2 * 22050}
	if err := c.Run(); err != nil {
		return Clip{}, err
	}
	samples, err := Import(out.Bytes())
	return Record(samples), err
}

// bounded keeps the first bytes and ends the program that sends more.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, io.ErrShortBuffer
	}
	b.left -= len(p)
	return b.w.Write(p)
}

// speakable leaves of a name what is meant to be spoken; brackets and the like
// would be instructions to the program.
func speakable(name string) string {
	var b strings.Builder
	runes := 0
	for _, r := range name {
		if runes++; runes > nameRunes {
			break
		}
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r), strings.ContainsRune(".'’-", r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// close ends what is being made and waits for it.
func (n *names) close() {
	n.mu.Lock()
	n.stop()
	n.mu.Unlock()
	n.running.Wait()
}
