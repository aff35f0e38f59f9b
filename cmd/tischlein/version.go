package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is what a release is called; else the go command noted what the source was.
var version string

type versionCmd struct{}

func (versionCmd) Run() error {
	if info, ok := debug.ReadBuildInfo(); ok && version == "" {
		version = info.Main.Version
	}
	_, err := fmt.Println("tischlein", version, runtime.Version())
	return err
}
