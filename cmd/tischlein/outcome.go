package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// outcome is what an action did, or would do.
type outcome struct {
	DryRun  bool     `json:"dry_run"`
	Effects []effect `json:"effects"`
}

type effect struct {
	Kind      string `json:"kind"`
	ChannelID string `json:"channel_id,omitempty"`
	Channel   string `json:"channel,omitempty"`
	Extension string `json:"extension,omitempty"`
	Name      string `json:"name,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Address   string `json:"address,omitempty"`
}

var effectTexts = map[string]string{
	"linked":             "{where} is linked with {who}",
	"unlinked":           "{where} is no longer linked with {who}",
	"logged_in":          "{who} is logged in at {where}",
	"logged_off":         "{who} is logged off at {where}",
	"kept":               "{who} stays logged in at {where}, where an administrator has linked them",
	"waiting_for_device": "{where} has no device yet; {who} is logged in as soon as there is one",
	"address_refused":    "the device at {where} is at {address}, which is not on the allowlist: nobody is logged in until it is",
	"attached":           "{where} has a device",
	"detached":           "{where} has no device any more",
	"rotated_sip":        "{who} gets a new SIP password for {where}; the old one is accepted until then, for 7 days at most",
	"rotated_http":       "{who} gets a new password for its own directory; the old one leads it there",
	"rotated_admin":      "{who} gets a new administrator password",
	"rotated_token":      "{who} gets a new permanent URL; the old one leads it there",
	"multi_login_off":    "{who} can be logged in at one place only",
}

func (e effect) String() string {
	text, ok := effectTexts[e.Kind]
	if !ok {
		return fmt.Sprint(e.Kind, " ", e.Channel, " ", e.Extension)
	}
	who := strings.TrimSpace(e.Extension + " " + e.Name)
	return strings.NewReplacer("{where}", e.Channel, "{who}", who, "{address}", e.Address).Replace(text)
}

func (o outcome) show(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(o)
	}
	if o.DryRun {
		fmt.Fprintln(w, "would be so, nothing was changed:")
	}
	if len(o.Effects) == 0 {
		fmt.Fprintln(w, "nothing to do")
	}
	for _, e := range o.Effects {
		fmt.Fprintln(w, e)
	}
	return nil
}
