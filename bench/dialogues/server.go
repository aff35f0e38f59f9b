package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
	"tischlein/internal/voice/dialogue"
)

// runServer holds dialogues until it is killed.
func runServer(address string) error {
	engine, err := voice.Start(voice.Config{Speaker: "off", Most: 100_000})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			if err := talk(engine, c); err != nil {
				fmt.Fprintln(os.Stderr, "dialogues:", err)
			}
		}()
	}
}

func talk(engine *voice.Engine, c net.Conn) error {
	defer c.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var mu sync.Mutex
	out := json.NewEncoder(c)
	send := func(m message) {
		mu.Lock()
		defer mu.Unlock()
		_ = out.Encode(m) // the reading below sees that the phones are gone
	}
	for in := json.NewDecoder(bufio.NewReader(c)); ; {
		var m message
		if err := in.Decode(&m); err != nil {
			return nil
		}
		if m.Stats != nil {
			memory, err := ownMemory()
			if err != nil {
				return err
			}
			s := engine.Stats()
			send(message{Stats: &stats{s.Sessions, memory, s.Lost, s.Skipped}})
			continue
		}
		at := netip.MustParseAddr("127.0.0.1")
		s, answer, err := engine.Answer([]byte(m.Offer), voice.Place{Local: at, Host: at, Peer: at})
		if err != nil {
			send(message{ID: m.ID, Error: err.Error()})
			continue
		}
		send(message{ID: m.ID, Answer: string(answer)})
		go func() {
			o := dialogue.Login(ctx, s, desk{}, voice.Languages[m.ID%len(voice.Languages)])
			s.Close()
			send(message{ID: m.ID, Ended: o.Reason})
		}()
	}
}

// desk lets everybody in who types what the phones type.
type desk struct{}

func (desk) Who(context.Context) (dialogue.Here, error) { return dialogue.Here{}, nil }

func (desk) Login(_ context.Context, a dialogue.Attempt) (telephony.Party, error) {
	if a.Number != number || a.PIN.Reveal() != pin {
		return telephony.Party{}, telephony.Forbiddenf("pin_wrong", "the number or the PIN is wrong")
	}
	return telephony.Party{Number: a.Number, Name: "Erika Weber"}, nil
}

func (desk) Logout(context.Context, bool) error { return errors.New("not measured") }

// ownMemory is this process's proportional set size in bytes.
func ownMemory() (int64, error) {
	b, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "Pss:" {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("no Pss in smaps_rollup")
}
