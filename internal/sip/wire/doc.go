// Package wire reads and writes SIP messages as octets, for the registrar's hot
// path: what it reads are slices of the buffer it was given, and reading
// allocates nothing. It knows no socket, no clock and no user, and decides
// nothing but whether a message can be understood.
package wire
