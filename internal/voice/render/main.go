// Command render speaks the prompts: it reads internal/voice/prompts/*.txt and
// writes a recording beside it for each whose text has changed, with espeak-ng.
// Only whoever changes a text needs it; scripts/render-prompts runs it.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"tischlein/internal/voice"
)

func main() {
	dir := flag.String("dir", "internal/voice/prompts", "folder of the texts")
	all := flag.Bool("all", false, "also those whose text has not changed")
	flag.Parse()
	if err := render(*dir, *all); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func render(dir string, all bool) error {
	list := filepath.Join(dir, "rendered")
	before, err := os.ReadFile(list)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	var lines []string
	for _, language := range voice.Languages {
		texts, err := voice.Texts(language)
		if err != nil {
			return err
		}
		folder := filepath.Join(dir, language)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for name, text := range texts {
			file := filepath.Join(folder, string(name)+".ima")
			line := func(packed []byte) string {
				sum := sha256.Sum256(packed)
				return fmt.Sprintf("%s/%s %s %s", language, name, voice.Origin(language, text), hex.EncodeToString(sum[:8]))
			}
			packed, err := os.ReadFile(file)
			if all || err != nil || !strings.Contains(string(before), line(packed)+"\n") {
				if packed, err = speak(language, text); err != nil {
					return fmt.Errorf("speaking %s/%s: %w", language, name, err)
				}
				if err := os.WriteFile(file, packed, 0o644); err != nil {
					return err
				}
				fmt.Println(file)
			}
			lines = append(lines, line(packed))
		}
		if err := sweep(folder, texts); err != nil {
			return err
		}
	}
	slices.Sort(lines)
	return os.WriteFile(list, []byte("# prompt, digest of text and voice, digest of the recording. Written by scripts/render-prompts\n"+strings.Join(lines, "\n")+"\n"), 0o644)
}

// speak is the text as a kept prompt.
func speak(language, text string) ([]byte, error) {
	c := exec.Command("espeak-ng", append(slices.Clone(voice.Speakers[language]), "--stdin", "--stdout")...)
	// In capitals it would be spelled out in English and long in German.
	if pin, ok := map[string]string{"de": "Pinn", "en": "pin"}[language]; ok {
		text = strings.ReplaceAll(text, "PIN", pin)
	}
	c.Stdin, c.Stderr = strings.NewReader(text+"\n"), os.Stderr
	var wav bytes.Buffer
	c.Stdout = &wav
	if err := c.Run(); err != nil {
		return nil, err
	}
	samples, err := voice.Import(wav.Bytes())
	return voice.Pack(samples), err
}

// sweep removes recordings that have no text any more.
func sweep(folder string, texts map[voice.Prompt]string) error {
	found, err := filepath.Glob(filepath.Join(folder, "*.ima"))
	if err != nil {
		return err
	}
	for _, f := range found {
		if _, ok := texts[voice.Prompt(strings.TrimSuffix(filepath.Base(f), ".ima"))]; !ok {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}
