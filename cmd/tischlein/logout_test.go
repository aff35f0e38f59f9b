package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// What is typed reaches the server as the API has it.
func TestH01_LogoutAndUnlockFromTheCommandLine(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			fmt.Fprint(w, `{"items":[{"id":"i","number":"1001","name":"Empfang"},{"id":"x","number":"101","name":"Ada"}]}`)
		default:
			asked = append(asked, r.Method+" "+r.URL.RequestURI())
			fmt.Fprint(w, `{"effects":[],"dry_run":false}`)
		}
	}))
	defer s.Close()
	r := remote{URL: s.URL, Token: "t"}
	for _, c := range []interface{ Run(context.Context) error }{
		logoutCmd{Spot: spot{"1001", "Empfang"}, Remote: r},
		logoutCmd{Spot: spot{"1001", "Empfang"}, Both: true, DryRun: true, Remote: r},
		unlockCmd{Customer: "1001", Extension: "101", Remote: r},
	} {
		if err := c.Run(t.Context()); err != nil {
			t.Error(err)
		}
	}
	want := []string{
		"DELETE /v1/customers/i/channels/i/login?where=here",
		"DELETE /v1/customers/i/channels/i/login?dry_run=true&where=both",
		"POST /v1/customers/i/extensions/x/unlock",
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %v", asked)
	}
}
