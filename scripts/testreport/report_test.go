package main

import (
	"strings"
	"testing"
)

const start = `{"Action":"start","Package":"p"}` + "\n"

func TestReport(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		input, last string
		good        bool
		shown       []string
	}{
		"a table counts its cases only": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"pass","Package":"p","Test":"A/x"}
{"Action":"run","Package":"p","Test":"A/y"}
{"Action":"pass","Package":"p","Test":"A/y"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"AB"}
{"Action":"pass","Package":"p","Test":"AB"}
{"Action":"pass","Package":"p"}`,
			last: "3 passed, 0 failed, 0 skipped", good: true,
		},
		"a failed case shows its own output and its parent's": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"about A\n"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"output","Package":"p","Test":"A/x","Output":"about x\n"}
{"Action":"fail","Package":"p","Test":"A/x"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`,
			last: "0 passed, 1 failed, 0 skipped", shown: []string{"--- FAIL: p A/x", "about A", "about x"},
		},
		"a parent that fails by itself counts": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"pass","Package":"p","Test":"A/x"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`,
			last: "1 passed, 1 failed, 0 skipped",
		},
		"a skipped test is a failed run": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
{"Action":"skip","Package":"p","Test":"B"}
{"Action":"pass","Package":"p"}`,
			last: "1 passed, 0 failed, 1 skipped", shown: []string{"--- SKIP: p B"},
		},
		"a package that does not build is a failure with the compiler's words": {
			input: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"x.go:1: undefined: y\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			last: "0 passed, 1 failed, 0 skipped", shown: []string{"undefined: y", "[build failed]"},
		},
		"a test that never ends is a failure with the stack": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"was doing\n"}
{"Action":"output","Package":"p","Output":"panic: test timed out\n"}
{"Action":"fail","Package":"p"}`,
			last: "0 passed, 1 failed, 0 skipped", shown: []string{"was doing", "panic: test timed out"},
		},
		"a package that go left in the middle is a failure": {
			input: start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"was doing\n"}`,
			last: "0 passed, 1 failed, 0 skipped", shown: []string{"p never ended", "was doing"},
		},
		"no test at all is not a success": {
			input: start + `{"Action":"output","Package":"p","Output":"? p [no test files]\n"}
{"Action":"skip","Package":"p"}`,
			last: "0 passed, 0 failed, 0 skipped",
		},
		"the same package may run again": {
			input: start + `{"Action":"run","Package":"p","Test":"FuzzA"}
{"Action":"pass","Package":"p","Test":"FuzzA"}
{"Action":"pass","Package":"p"}
{"Action":"run","Package":"p","Test":"FuzzA"}
{"Action":"fail","Package":"p","Test":"FuzzA"}
{"Action":"fail","Package":"p"}`,
			last: "1 passed, 1 failed, 0 skipped",
		},
		"what go says outside of events is shown": {
			input: "go: cannot find module\n" + start + `{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p"}`,
			last: "1 passed, 0 failed, 0 skipped", good: true, shown: []string{"go: cannot find module"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			report := newReport(&out)
			if err := report.read(strings.NewReader(c.input)); err != nil {
				t.Fatal(err)
			}
			if good := report.finish(); good != c.good {
				t.Errorf("finish says %v, want %v", good, c.good)
			}
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			if last := lines[len(lines)-1]; last != c.last {
				t.Errorf("last line %q, want %q", last, c.last)
			}
			for _, words := range c.shown {
				if !strings.Contains(out.String(), words) {
					t.Errorf("%q is not shown in:\n%s", words, out.String())
				}
			}
		})
	}
}

// A test may print anything, also half a JSON line or one that looks like an event.
func FuzzReport_AnyInputEndsWithTheSum(f *testing.F) {
	f.Add(start + `{"Action":"run","Package":"p","Test":"A"}` + "\n" + `{"Action":"fail","Package":"p"}`)
	f.Add(`{"Action":"fail","Package":"p","Test":"/"}` + "\n" + `{"Action":"skip","Package":"p"}`)
	f.Add("{\n{}\n\x00")
	f.Fuzz(func(t *testing.T, input string) {
		var out strings.Builder
		report := newReport(&out)
		if err := report.read(strings.NewReader(input)); err != nil {
			t.Fatal(err)
		}
		good := report.finish()
		if !strings.HasSuffix(out.String(), " skipped\n") {
			t.Errorf("the last line is not the sum: %q", out.String())
		}
		if good && report.passed == 0 {
			t.Error("nothing passed, and that is said to be good")
		}
	})
}
