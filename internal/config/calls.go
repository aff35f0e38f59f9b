package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Speech are the first and last UDP port for speech; both 0: any.
func (c Config) Speech() (first, last uint16, err error) {
	if c.RTPPorts == "" {
		return 0, 0, nil
	}
	a, b, ok := strings.Cut(c.RTPPorts, "-")
	x, err1 := strconv.ParseUint(strings.TrimSpace(a), 10, 16)
	y, err2 := strconv.ParseUint(strings.TrimSpace(b), 10, 16)
	if !ok || err1 != nil || err2 != nil || x < 1024 || y <= x {
		return 0, 0, fmt.Errorf("%q is not first-last, from 1024 to 65535", c.RTPPorts)
	}
	return uint16(x), uint16(y), nil
}

func (c Config) validateCalls(bad func(field, why string, args ...any)) {
	if _, _, err := c.Speech(); err != nil {
		bad("rtp_ports", "%s", err)
	}
	if c.MediaRelay != "" {
		host, port, err := net.SplitHostPort(c.MediaRelay)
		if n, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || n == 0 || host == "" || strings.ContainsAny(host, "/ @") {
			bad("media_relay", "%q is not host:port", c.MediaRelay)
		}
	}
	if u, err := url.Parse(c.EmergencyLocationURL); c.EmergencyLocationURL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		bad("emergency_location_url", "%q is not an https URL", c.EmergencyLocationURL)
	}
}
