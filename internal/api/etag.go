package api

import (
	"strconv"
	"strings"

	"tischlein/internal/telephony"
)

// etag is an object's version as an entity tag (RFC 9110 section 8.8.3).
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Precondition is the If-Match header of a change.
type Precondition struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the object as you read it: the change is refused with 412 when somebody was faster. Without it, or with *, any version is changed." example:"\"7\""`
}

// version is the version that If-Match asks for, 0 for any.
func (p Precondition) version() (int64, error) {
	tag := strings.TrimSpace(p.IfMatch)
	if tag == "" || tag == "*" {
		return 0, nil
	}
	text, quoted := strings.CutPrefix(tag, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	v, err := strconv.ParseInt(text, 10, 64)
	if !quoted || !closed || err != nil || v < 1 {
		return 0, telephony.Invalidf("header.If-Match", "etag_malformed", "If-Match holds one ETag as this API gave it, such as \"7\"")
	}
	return v, nil
}
