package server

import (
	"log/slog"
	"testing"

	"go.uber.org/goleak"
)

// Nothing may outlive Close.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
