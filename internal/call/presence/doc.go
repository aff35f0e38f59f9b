// Package presence says what the devices of an extension are doing, and writes it
// as those who watch it read it (C12). It must know neither sockets nor
// subscriptions.
package presence
