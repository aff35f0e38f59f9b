package api

import (
	"github.com/danielgtaylor/huma/v2"

	"tischlein/internal/telephony"
)

// whyCode says, for programs, why a device was refused or what was odd about it; beside
// it stands the sentence for people. It is left out where the words are foreign.
type whyCode string

// Schema lists the codes as they are, in one place of the description.
func (whyCode) Schema(r huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, c := range telephony.WhyCodes() {
		s.Enum = append(s.Enum, c)
	}
	r.Map()["WhyCode"] = s
	return &huma.Schema{Ref: "#/components/schemas/WhyCode"}
}

func codeOf(sentence string) whyCode {
	w, _ := telephony.WhyOf(sentence)
	return whyCode(w.Code)
}
