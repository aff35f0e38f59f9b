package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of "go test -json" (go doc test2json), and of the builds before it (ImportPath instead of Package).
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// run is one execution of one package's tests; a package runs again for each of its fuzz targets.
type run struct {
	outcomes map[string]string // test name -> "" while it runs, then pass, fail or skip
	output   map[string][]string
}

type report struct {
	out                     io.Writer
	runs                    map[string]*run // by package, while it runs
	builds                  map[string][]string
	passed, failed, skipped int
	skippedNames            []string
}

func newReport(out io.Writer) *report {
	return &report{out: out, runs: map[string]*run{}, builds: map[string][]string{}}
}

// read takes events until the input ends. Lines that are no events are go's own complaints: shown as they are.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading test events: %w", err)
		}
	}
}

func (r *report) line(line string) {
	var e event
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &e) != nil {
		fmt.Fprint(r.out, line)
		return
	}
	switch {
	case e.Action == "build-output":
		r.builds[e.ImportPath] = append(r.builds[e.ImportPath], e.Output)
	case e.Package == "":
	case e.Test == "" && slices.Contains([]string{"pass", "fail", "skip"}, e.Action):
		r.packageEnded(e)
	default:
		r.testEvent(e)
	}
}

func (r *report) testEvent(e event) {
	current := r.runs[e.Package]
	if current == nil {
		current = &run{outcomes: map[string]string{}, output: map[string][]string{}}
		r.runs[e.Package] = current
	}
	switch e.Action {
	case "run":
		current.outcomes[e.Test] = ""
	case "pass", "fail", "skip":
		current.outcomes[e.Test] = e.Action
	case "output":
		current.output[e.Test] = append(current.output[e.Test], e.Output)
	}
}

// packageEnded counts the tests of a package and shows what went wrong. Only a test without subtests counts, so that
// a table of ten cases is ten tests, not eleven; a parent that failed by itself counts too.
func (r *report) packageEnded(e event) {
	current := r.runs[e.Package]
	delete(r.runs, e.Package)
	if current == nil {
		current = &run{}
	}
	failedBefore, count := r.failed, 0
	names := make([]string, 0, len(current.outcomes))
	for name := range current.outcomes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		outcome := current.outcomes[name]
		if parent, explained := current.children(name, outcome); parent && (outcome == "pass" || explained) {
			continue
		}
		count++
		switch outcome {
		case "pass":
			r.passed++
		case "skip":
			r.skipped++
			r.skippedNames = append(r.skippedNames, e.Package+" "+name)
		default: // fail, or still running when the process ended: panic, time-out, os.Exit
			r.failed++
			r.show(e.Package, name, current)
		}
	}
	if e.Action == "fail" && r.failed == failedBefore { // did not build, or failed outside of every test
		r.failed++
		fmt.Fprintf(r.out, "--- FAIL: %s\n%s%s", e.Package, strings.Join(r.builds[e.FailedBuild], ""), strings.Join(current.output[""], ""))
	}
	word := map[string]string{"pass": "ok  ", "fail": "FAIL", "skip": "none"}[e.Action]
	fmt.Fprintf(r.out, "%s  %-60s %4d tests %7.1fs\n", word, e.Package, count, e.Elapsed)
}

// children says whether the test has subtests and whether one of them ended the same way, which explains its own end.
func (c *run) children(name, outcome string) (parent, explained bool) {
	for other, end := range c.outcomes {
		if strings.HasPrefix(other, name+"/") {
			parent = true
			explained = explained || end == outcome
		}
	}
	return parent, explained
}

// show prints the output of a failed test, of the tests around it and of its package (where a panic's stack is).
func (r *report) show(pkg, name string, current *run) {
	fmt.Fprintf(r.out, "--- FAIL: %s %s\n", pkg, name)
	for around := name; around != ""; {
		fmt.Fprint(r.out, strings.Join(current.output[around], ""))
		delete(current.output, around)
		cut := strings.LastIndexByte(around, '/')
		around = around[:max(cut, 0)]
	}
	fmt.Fprint(r.out, strings.Join(current.output[""], ""))
	delete(current.output, "")
}

// finish prints the sum and says whether everything ran and passed.
func (r *report) finish() bool {
	for pkg, current := range r.runs { // go was stopped before it could say how the package ended
		r.failed++
		fmt.Fprintf(r.out, "--- FAIL: %s never ended\n", pkg)
		for name, outcome := range current.outcomes {
			if outcome == "" {
				r.show(pkg, name, current)
			}
		}
	}
	for _, name := range r.skippedNames {
		fmt.Fprintln(r.out, "--- SKIP:", name)
	}
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r.failed == 0 && r.skipped == 0 && r.passed > 0
}
