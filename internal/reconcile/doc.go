// Package reconcile brings devices from the fetched to the wanted revision. It is
// level-triggered: what is due stands in the records, so a lost wake costs one
// tick and never a link. It must know no vendor, no SIP and no storage: it takes
// ready-made pushes from a Queue and hands them to a Notifier.
package reconcile
