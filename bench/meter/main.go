// Command meter runs a load and says who used the processors meanwhile.
//
//	meter -cpu 1 -server "PID PID" -out usage.json -- sipload -server ...
//
// It waits for a quiet machine, runs the command pinned to one core, and writes the shares of one
// core that the server processes (with their children), the load and everything else took. A
// figure counts only where the server was busy and the rest of the machine was not.
//
// With -beside 0 two loops that do nothing run on that core meanwhile. A server that the load cannot
// keep busy spends time on falling asleep and being woken, which it would not if it were busy; with
// a third of its core it is, and its share says what it did that with.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	tick     = 10 * time.Millisecond // USER_HZ is 100 on every Linux
	tooBusy  = 0.15                  // of one core, by others
	lookTime = 500 * time.Millisecond
)

// usage holds shares of one core, averaged over Seconds.
type usage struct {
	Seconds float64 `json:"seconds"`
	Server  float64 `json:"server"`
	Load    float64 `json:"load"`
	Other   float64 `json:"other"`
	Noisy   bool    `json:"noisy"` // others took more than 15 %: measure again
}

func main() {
	cpu := flag.String("cpu", "1", "core for the load")
	server := flag.String("server", "", "process ids of the server, separated by blanks")
	out := flag.String("out", "", "file for the result")
	beside := flag.String("beside", "", "core of the server, to be kept busy beside it")
	patience := flag.Duration("patience", 10*time.Second, "longest wait for a quiet machine")
	flag.Parse()
	u, err := measure(strings.Fields(*server), *patience, *beside, append([]string{"taskset", "-c", *cpu}, flag.Args()...))
	if err == nil {
		var text []byte
		if text, err = json.Marshal(u); err == nil {
			err = os.WriteFile(*out, append(text, '\n'), 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
}

func measure(server []string, patience time.Duration, beside string, command []string) (*usage, error) {
	if err := awaitQuiet(server, patience); err != nil {
		return nil, err
	}
	loops, err := busy(beside)
	defer loops.stop()
	if err != nil {
		return nil, err
	}
	busy0, err := machine()
	if err != nil {
		return nil, err
	}
	server0, start := processes(server), time.Now()
	c := exec.Command(command[0], command[1:]...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("running %s: %w", strings.Join(command[3:], " "), err)
	}
	took := time.Since(start)
	busy1, err := machine()
	if err != nil {
		return nil, err
	}
	share := func(d time.Duration) float64 { return max(0, d.Seconds()/took.Seconds()) }
	serverTime, loopTime := processes(server)-server0, loops.time()
	loadTime := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	u := &usage{Seconds: took.Seconds(), Server: share(serverTime), Load: share(loadTime)}
	u.Other = share(busy1 - busy0 - serverTime - loadTime - loopTime)
	u.Noisy = u.Other > tooBusy
	return u, nil
}

// loops are processes that keep a core busy.
type loops []*exec.Cmd

// busy starts two on the core, none for "".
func busy(core string) (l loops, err error) {
	for range 2 {
		if core == "" {
			break
		}
		c := exec.Command("taskset", "-c", core, "sh", "-c", "while :; do :; done")
		if err := c.Start(); err != nil {
			return l, fmt.Errorf("keeping core %s busy: %w", core, err)
		}
		l = append(l, c)
	}
	return l, nil
}

func (l loops) time() (sum time.Duration) {
	for _, c := range l {
		sum += process(strconv.Itoa(c.Process.Pid))
	}
	return sum
}

func (l loops) stop() {
	for _, c := range l {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// awaitQuiet returns when the machine was quiet for a moment, or patience is at its end.
func awaitQuiet(server []string, patience time.Duration) error {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		before, err := machine()
		if err != nil {
			return err
		}
		own := processes(server)
		time.Sleep(lookTime)
		after, err := machine()
		if err != nil {
			return err
		}
		if others := after - before - (processes(server) - own); others.Seconds() < tooBusy*lookTime.Seconds() {
			return nil
		}
	}
	return nil
}

// machine returns the time all cores together were not idle.
func machine() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	fields := strings.Fields(string(line))
	if len(fields) < 9 {
		return 0, errors.New("/proc/stat: unknown format")
	}
	var busy time.Duration
	for i, field := range fields[1:9] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		if i != 3 && i != 4 { // idle, iowait
			busy += time.Duration(n) * tick
		}
	}
	return busy, nil
}

// processes returns the processor time of the given processes and their children. One that has
// ended counts nothing.
func processes(pids []string) time.Duration {
	var sum time.Duration
	for _, pid := range pids {
		sum += process(pid)
		tasks, _ := os.ReadDir("/proc/" + pid + "/task")
		for _, task := range tasks {
			children, _ := os.ReadFile("/proc/" + pid + "/task/" + task.Name() + "/children")
			for child := range strings.FieldsSeq(string(children)) {
				sum += process(child)
			}
		}
	}
	return sum
}

func process(pid string) time.Duration {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick
}
