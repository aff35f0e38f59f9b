// Package relay lets an rtpengine carry the media of two phones that cannot reach
// each other (C13). It knows its control protocol and nothing of calls.
package relay
