// Package auth says who somebody is and what they may do: roles, scopes, tokens,
// PIN hashes and the key that seals secrets. It knows no database and no request.
package auth
