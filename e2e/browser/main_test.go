package browser_test

import (
	"os"
	"testing"

	"tischlein/e2e/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }
