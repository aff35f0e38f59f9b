// Package pnp answers phones that ask their LAN for a server by SIP-PnP: a
// SUBSCRIBE for ua-profile to 224.0.1.75:5060, as RFC 6080 is lived. There is no
// authentication in it, so the answer is one constant URL, the same for every
// device and whether we know it or not, and never a token (P01, P05). It must not
// ask the records anything.
package pnp
