// Package provision turns what a device should be told (telephony.Desired) into
// the files its vendor's phones read, and says who a request claims to be. Bytes
// in, bytes out: it opens no file, asks no clock and decides nothing about
// trust; which evidence counts is the business of the phone and app packages.
package provision
