package provision

import (
	"slices"
	"testing"
)

func TestP06_AModelMayHaveOneTransportOnly(t *testing.T) {
	i := Info{Transports: []string{"tls", "udp"}, Models: []Model{{Name: "A"}, {Name: "B", Transport: "udp"}}}
	for model, want := range map[string][]string{"A": {"tls", "udp"}, "B": {"udp"}, "": {"tls", "udp"}} {
		if got := i.TransportsOf(model); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", model, got, want)
		}
	}
}
