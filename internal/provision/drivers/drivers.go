// Package drivers holds one file (and its data) per vendor. A driver is a pure
// function from telephony.Desired to the vendor's files. It must not do I/O, and
// no vendor may lean on another one's file: each can be deleted by itself.
package drivers

import (
	"sync"

	"tischlein/internal/provision"
)

// registered is filled by each vendor's own file, so that a new vendor edits
// nothing else.
var registered []provision.Driver

func register(d provision.Driver) { registered = append(registered, d) }

// All is the registry of all drivers.
var All = sync.OnceValue(func() *provision.Registry { return provision.NewRegistry(registered...) })
