// Package web is the operator portal: pages that are whole without scripts and
// live with them. It turns requests into use cases of package app and answers
// into the views of package view, and decides nothing: no rule, and no permission
// beyond knowing who asks. CONTRIBUTING.md has the recipe for a page.
package web
