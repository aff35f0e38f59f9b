package config

import (
	"reflect"
	"strings"
	"time"
)

// field is one setting as its tags describe it.
type field struct {
	key, flag, env, kind, def, help string
}

func fields() []field {
	t := reflect.TypeFor[Config]()
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		out = append(out, field{
			key: key, flag: strings.ReplaceAll(key, "_", "-"), env: f.Tag.Get("env"),
			kind: kind(f.Type), def: f.Tag.Get("default"), help: f.Tag.Get("help"),
		})
	}
	return out
}

func kind(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "duration"
	case t.Kind() == reflect.Slice:
		return "list"
	case t.Kind() == reflect.Bool:
		return "yes/no"
	case t.Kind() == reflect.Int64:
		return "number"
	}
	return "text"
}
