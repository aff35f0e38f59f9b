// Package phonesim builds virtual desk phones: devices that fetch their
// configuration over real HTTP(S), parse it with a parser of their own, register
// over real SIP (UDP, TCP, TLS), call each other with real RTP, and show a screen
// that a test can read.
//
// It exists to catch the server's mistakes, so it must not share code with it:
// no rendering, no SIP library, no digest helper of ours may be imported here.
//
// One process holds one phone or a hundred thousand. An idle phone over UDP
// costs no goroutine: sockets are shared and demultiplexed, waiting is done by
// runtime timers, and blocking work runs on bounded worker pools.
package phonesim
