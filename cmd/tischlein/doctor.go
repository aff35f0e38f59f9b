package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/server"
)

type doctorCmd struct {
	JSON          bool `name:"json" help:"Answer as JSON."`
	config.Config `embed:""`
}

func (c doctorCmd) Run(ctx context.Context) error {
	return c.show(os.Stdout, server.Check(ctx, c.Config, time.Now()))
}

// show prints the findings; something wrong is an error, so that scripts see it.
func (c doctorCmd) show(w io.Writer, fs []server.Finding) error {
	if c.JSON {
		if err := json.NewEncoder(w).Encode(fs); err != nil {
			return err
		}
	} else {
		for _, f := range fs {
			fmt.Fprintf(w, "%s %s %s\n", mark(f.OK), pad(f.What, 14), f.Detail)
			if f.Advice != "" {
				fmt.Fprintf(w, "  %s → %s\n", pad("", 14), f.Advice)
			}
		}
	}
	if slices.ContainsFunc(fs, func(f server.Finding) bool { return !f.OK }) {
		return fmt.Errorf("not all is well")
	}
	return nil
}

func mark(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}
