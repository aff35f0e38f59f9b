package phonesim

import (
	"fmt"
	"runtime"
	"testing"
)

// An idle phone must not cost a goroutine: only sockets and the test's own
// servers run once everything is registered over UDP.
func TestIdlePhonesCostNoGoroutine(t *testing.T) {
	const n = 300
	reg := newRegistrar(t, "udp", "MD5", nil)
	f := testFleet(t, func(c *FleetConfig) { c.SocketsPerAddress = 2; c.T1 = 1e9 })
	before := runtime.NumGoroutine()
	for i := range n {
		u := fmt.Sprint("u", i)
		reg.set(func() { reg.passwords[u] = "p" })
		f.Add(Config{Vendor: Generic, Account: typed(reg, u, "p"), MAC: MACAt("001565", i)})
	}
	if err := f.PowerOnAll(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitAll(deadline(t), isRegistered); err != nil {
		t.Fatal(err)
	}
	if more := runtime.NumGoroutine() - before; more > 20 {
		t.Fatalf("%d goroutines for %d idle phones", more, n)
	}
}
