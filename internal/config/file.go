package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// Read is kong's loader for the YAML file. Unknown keys and wrong types are
// errors that name line and key. What the file sets, environment and flags
// override.
func Read(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration file: %w", err)
	}
	set := map[string]any{}
	if err := yaml.UnmarshalContext(context.Background(), text, &set); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the configuration file: %w", err)
	}
	byFlag := map[string]any{}
	for _, f := range fields() {
		v, ok := set[f.key]
		if !ok {
			continue
		}
		// The decoder would not say which of the durations is none.
		if _, err := time.ParseDuration(fmt.Sprint(v)); f.kind == "duration" && err != nil {
			return nil, fmt.Errorf("reading the configuration file: %s: %q is not a duration", f.key, fmt.Sprint(v))
		}
		byFlag[f.flag] = v
	}
	if err := yaml.UnmarshalWithOptions(text, &Config{}, yaml.Strict()); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the configuration file: %w", err)
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if _, ok := os.LookupEnv(name); ok {
				return nil, nil
			}
		}
		return byFlag[flag.Name], nil
	}), nil
}
