package main

import (
	"os"
	"runtime"
)

// shareProcessor lets two goroutines run where there is one processor, and leaves it
// to the kernel who does. Go alone looks for packets when nothing else can run, or
// every 10 ms, so that a REGISTER waits behind checks of PINs and writes to disk; the
// kernel wakes whom a packet is for (ADR 0021). Who has set GOMAXPROCS has decided
// otherwise.
func shareProcessor() {
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) == 1 {
		runtime.GOMAXPROCS(2)
	}
}
