// Package server puts the house together: configuration in, everything running.
// It decides nothing; what it holds is wiring, listeners and certificates. The
// command and the end-to-end tests both use it.
package server
