// Package view draws the portal: components and pages as templates, each from a
// plain struct that says everything there is to show. It reads nothing, decides
// nothing, and says no word that package text does not hold.
package view

//go:generate go tool templ generate -path .
