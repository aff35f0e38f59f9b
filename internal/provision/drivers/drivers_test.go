package drivers

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

var update = flag.Bool("update", false, "write the golden files anew")

// each calls f for every driver, scenario and file that the driver renders.
func each(t *testing.T, f func(t *testing.T, drv provision.Driver, s scenario, file provision.File)) {
	for _, drv := range under() {
		for _, s := range scenarios(drv.Info().Vendor) {
			for _, kind := range drv.Info().Kinds {
				file, err := drv.Render(s.desired, kind)
				if telephony.CodeOf(err) == telephony.NotFound && err != nil {
					continue
				}
				t.Run(drv.Info().Vendor+"/"+s.name+"/"+string(kind), func(t *testing.T) {
					if err != nil {
						t.Fatal(err)
					}
					f(t, drv, s, file)
				})
			}
		}
	}
}

func TestP06_Goldens(t *testing.T) {
	seen := map[string]bool{}
	each(t, func(t *testing.T, drv provision.Driver, s scenario, file provision.File) {
		path := filepath.Join("testdata", drv.Info().Vendor, s.name, file.Name)
		seen[path] = true
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, file.Body) {
			t.Errorf("%s differs; look, then run with -update\n%s", path, file.Body)
		}
	})
	// A golden that nothing renders any more would prove nothing.
	err := filepath.WalkDir("testdata", func(path string, e os.DirEntry, err error) error {
		vendor, _, _ := strings.Cut(strings.TrimPrefix(path, "testdata"+string(filepath.Separator)), string(filepath.Separator))
		mine := vendor != "fuzz" && vendor != "pages" && (*onlyVendor == "" || vendor == *onlyVendor)
		if err == nil && !e.IsDir() && mine && !seen[path] {
			t.Errorf("%s belongs to no scenario", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestP06_EveryParameterIsInTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, drv provision.Driver, _ scenario, file provision.File) {
		c, ok := drv.(provision.Catalogued)
		if !ok {
			t.Fatal("a driver that renders files has a catalogue")
		}
		if strings.Contains(file.ContentType, "pem") {
			return
		}
		settings, err := c.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range settings {
			if err := c.Catalogue().Check(s.Name, s.Value); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestP06_Deterministic(t *testing.T) {
	each(t, func(t *testing.T, drv provision.Driver, s scenario, file provision.File) {
		for _, kind := range drv.Info().Kinds {
			again, err := drv.Render(s.desired, kind)
			if err == nil && again.Name == file.Name && !bytes.Equal(again.Body, file.Body) {
				t.Error("two renderings of the same input differ")
			}
		}
	})
}

func TestP06_XMLIsWellFormed(t *testing.T) {
	each(t, func(t *testing.T, _ provision.Driver, _ scenario, file provision.File) {
		if strings.Contains(file.ContentType, "xml") {
			wellFormed(t, file.Body)
		}
	})
}

func wellFormed(t *testing.T, body []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, body)
		}
	}
}

func TestP06_IncompleteDesiredIsRefused(t *testing.T) {
	for _, drv := range under() {
		for _, edit := range []func(*telephony.Desired){
			func(d *telephony.Desired) { d.Lines[0].Secret = "" },
			func(d *telephony.Desired) { d.Lines[0].SIPUser = "" },
			func(d *telephony.Desired) { d.SIP.Host = "" },
			func(d *telephony.Desired) { d.SIP.Port = 70000 },
			func(d *telephony.Desired) { d.BaseURL = "https://prov.example.net/d/abc" },
			func(d *telephony.Desired) { d.Lines[0].Secret = "zwei\nZeilen" },
		} {
			d := desk(drv.Info().Vendor, edit)
			if f, err := drv.Render(d, provision.KindConfig); err == nil {
				t.Errorf("%s rendered %s", drv.Info().Vendor, f.Body)
			}
		}
	}
}

func TestP06_InfoIsComplete(t *testing.T) {
	for _, drv := range under() {
		i := drv.Info()
		if i.Vendor == "" || i.Name == "" || i.Version == "" || len(i.Models) == 0 || i.Evidence == "" || len(i.Transports) == 0 {
			t.Errorf("%q: something is missing in %+v", i.Vendor, i)
		}
		if i.KeepAlive < 0 || i.KeepAlive > 29 {
			t.Errorf("%s: keep-alive %d (C04)", i.Vendor, i.KeepAlive)
		}
		if i.Fetches() && (len(i.Traces) == 0 || len(i.Ways) == 0) {
			t.Errorf("%s does not say what it clears (P07) and locks (S03)", i.Vendor)
		}
		for _, m := range i.Models {
			if m.Ports < 1 || m.Lines < m.Ports {
				t.Errorf("%s %s: %d ports, %d lines", i.Vendor, m.Name, m.Ports, m.Lines)
			}
			if got, ok := i.Model(m.Name); !ok || got != m {
				t.Errorf("%s: looking up %s gives %s", i.Vendor, m.Name, got.Name)
			}
		}
		for _, tr := range i.Traces {
			if tr.What == "" || tr.How == "" {
				t.Errorf("%s: trace %+v", i.Vendor, tr)
			}
		}
	}
}

// A parameter that is a bare number could mean two things, and would be set to
// whichever comes last.
func TestP06_NumbersAreSetOnce(t *testing.T) {
	for _, vendor := range []string{"grandstream", "htek"} {
		drv := driverOf(vendor)
		for _, m := range drv.Info().Models {
			f, err := drv.Render(desk(vendor, func(d *telephony.Desired) { d.Model = m.Name }), provision.KindConfig)
			if err != nil {
				t.Fatal(err)
			}
			list, err := drv.(provision.Catalogued).Parse(f)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, s := range list {
				if seen[s.Name] {
					t.Errorf("%s %s: %s is there twice", vendor, m.Name, s.Name)
				}
				seen[s.Name] = true
			}
		}
	}
}
