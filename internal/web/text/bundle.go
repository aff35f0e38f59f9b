package text

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed de/*.toml en/*.toml nl/*.toml
var files embed.FS

// Language is a language of the portal.
type Language string

// The languages. German is the original: what is missing elsewhere is shown in it,
// and a test sees to it that nothing is.
const (
	German  Language = "de"
	English Language = "en"
	Dutch   Language = "nl"
)

// Languages are all languages, the original first.
var Languages = []Language{German, English, Dutch}

var matcher = language.NewMatcher([]language.Tag{language.German, language.English, language.Dutch})

// Match is the language that fits a browser's Accept-Language header best, German
// when it says nothing that we speak.
func Match(acceptLanguage string) Language {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return German
	}
	_, i, c := matcher.Match(tags...)
	if c == language.No {
		return German
	}
	return Languages[i]
}

// Known is the language that the word names, and whether there is such a one.
func Known(word string) (Language, bool) {
	for _, l := range Languages {
		if string(l) == word {
			return l, true
		}
	}
	return German, false
}

// load reads the embedded files once; that they can be read is proven by a test.
var load = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.German)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		// go-i18n takes the language from the name's last part but one.
		name := strings.TrimSuffix(path.Base(p), ".toml") + "." + path.Dir(p) + ".toml"
		if _, err := b.ParseMessageFileBytes(raw, name); err != nil {
			return fmt.Errorf("reading %s: %w", p, err)
		}
		return nil
	})
	if err != nil {
		panic("text: " + err.Error()) // the files are part of the program
	}
	return b
})

// NameOf is the language's name in itself; it is the same for every reader.
func NameOf(l Language) string {
	return map[Language]string{German: "Deutsch", English: "English", Dutch: "Nederlands"}[l]
}
