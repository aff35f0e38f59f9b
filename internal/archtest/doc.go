// Package archtest holds the import table of the house in one test. It must
// contain nothing that runs.
package archtest
