// Command dialogues measures the voice dialogue: a server that holds them, and the
// phones that talk with it.
//
//	dialogues -serve 127.0.0.1:15080             the server: engine, prompts, conversations
//	dialogues -server 127.0.0.1:15080 -n 1000    phones; prints a line of JSON
//	dialogues -bare                              what a packet costs the machine whoever sends it
//
// Set-up goes over one TCP connection instead of SIP; media is real RTP.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	serve := flag.String("serve", "", "be the server, at this address")
	server := flag.String("server", "", "be the phones of the server at this address")
	bare := flag.Bool("bare", false, "measure the machine alone")
	n := flag.Int("n", 1000, "dialogues at once")
	seconds := flag.Int("seconds", 30, "how long to measure, once all have begun")
	flag.Parse()
	var err error
	switch {
	case *serve != "":
		err = runServer(*serve)
	case *server != "":
		var r result
		if r, err = runPhones(*server, *n, time.Duration(*seconds)*time.Second); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(r)
		}
	case *bare:
		err = runBare()
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dialogues:", err)
		os.Exit(1)
	}
}

// message is what both sides exchange, one JSON object a line.
type message struct {
	ID     int    `json:"id"`
	Offer  string `json:"offer,omitempty"`
	Answer string `json:"answer,omitempty"`
	Ended  string `json:"ended,omitempty"` // the outcome's reason
	Stats  *stats `json:"stats,omitempty"` // asked for with an empty one
	Error  string `json:"error,omitempty"`
}

type stats struct {
	Sessions int    `json:"sessions"`
	Memory   int64  `json:"memory"` // proportional set size, bytes
	Lost     uint64 `json:"lost"`
	Skipped  uint64 `json:"skipped"`
}

// result is one run.
type result struct {
	Dialogues int     `json:"dialogues"` // at once
	Finished  int     `json:"finished"`  // to a login
	Failed    int     `json:"failed"`
	Packets   int     `json:"packets"`
	Speech    float64 `json:"speech"`  // share of packets that were not silent
	Missing   int     `json:"missing"` // gaps in sequence numbers
	Late      float64 `json:"late"`    // share of packets more than 40 ms late
	P50       float64 `json:"p50_ms"`  // lateness against the earliest packet of the dialogue
	P99       float64 `json:"p99_ms"`
	P999      float64 `json:"p999_ms"`
	Max       float64 `json:"max_ms"`
	Memory    int64   `json:"memory"` // bytes per dialogue
	Skipped   uint64  `json:"skipped"`
}
