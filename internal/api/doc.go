// Package api is the REST interface, version 1: it turns requests into use
// cases of package app and answers into JSON. Its OpenAPI 3.1 description is
// made from the same code. It decides nothing: no rule, and no permission
// beyond knowing who asks.
package api
