package provision

import (
	"encoding/base64"
	"encoding/pem"
	"strings"

	"tischlein/internal/telephony"
)

// Complete reports whether a device can be told what d says: a used line without
// credentials or a device without a directory of its own must not reach a phone.
func Complete(d telephony.Desired) error {
	if !strings.HasSuffix(d.BaseURL.Reveal(), "/") {
		return telephony.Invalidf("base_url", "base_url_malformed", "the device's provisioning URL does not end in /")
	}
	if d.SIP.Host == "" || d.SIP.Realm == "" || d.SIP.Port < 1 || d.SIP.Port > 65535 {
		return telephony.Invalidf("sip", "sip_server_incomplete", "the SIP server has no host, realm or port")
	}
	for _, l := range d.Lines {
		if l.State == telephony.LineUnused {
			continue
		}
		if l.Port < 1 || l.SIPUser == "" || l.Secret == "" {
			return telephony.Invalidf("lines", "line_incomplete", "port %d has no SIP credentials", l.Port)
		}
	}
	return nil
}

// DERBase64 is the first certificate of a PEM text, as one line of base64.
func DERBase64(certificate string) (string, error) {
	block, _ := pem.Decode([]byte(certificate))
	if block == nil || block.Type != "CERTIFICATE" {
		return "", telephony.Invalidf("root_ca", "root_ca_malformed", "the root CA is no PEM certificate")
	}
	return base64.StdEncoding.EncodeToString(block.Bytes), nil
}
