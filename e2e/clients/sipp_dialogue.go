package clients

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// SippParty is a side of a call that SIPp plays: a scenario with the keywords that it takes as -key.
type SippParty struct {
	Scenario string // "trunk_answers", "trunk_calls": see scenarios/
	Text     string // the scenario itself, in place of one of ours: see Dialogue
	Server   string // host:port; "" for who only answers
	Local    string // address:port to be at
	User     string // of the digest
	Password string
	URI      string // that the digest is for, without sip:; SIPp would leave its user out
	Keys     map[string]string
}

// StartSippParty starts it over UDP. The home must be an empty directory.
func StartSippParty(home string, p SippParty) (*Sipp, error) {
	if p.Text == "" {
		text, err := scenarios.ReadFile("scenarios/" + p.Scenario + ".xml")
		if err != nil {
			return nil, fmt.Errorf("reading the scenario: %w", err)
		}
		p.Text = string(text)
	}
	if err := os.WriteFile(filepath.Join(home, "scenario.xml"), []byte(p.Text), 0o600); err != nil {
		return nil, fmt.Errorf("writing the scenario: %w", err)
	}
	address, port, err := net.SplitHostPort(p.Local)
	if err != nil {
		return nil, fmt.Errorf("reading where SIPp is: %w", err)
	}
	var arguments []string
	if p.Server != "" {
		arguments = append(arguments, p.Server)
	}
	arguments = append(arguments, "-sf", "scenario.xml", "-t", "u1", "-m", "1", "-i", address, "-p", port, "-bind_local", "-nostdin",
		"-timeout", "120s", "-timeout_error", "-trace_msg", "-message_file", "messages", "-trace_err", "-error_file", "errors",
		"-trace_logs", "-log_file", "logs")
	if p.User != "" {
		arguments = append(arguments, "-au", p.User, "-ap", p.Password, "-auth_uri", p.URI)
	}
	for name, value := range p.Keys {
		arguments = append(arguments, "-key", name, value)
	}
	started, err := start(home, "sipp", arguments...)
	if err != nil {
		return nil, err
	}
	return &Sipp{home, started}, nil
}

// WaitSeen waits until SIPp has sent or received something that matches, and returns the groups of the match.
func (s *Sipp) WaitSeen(ctx context.Context, pattern string) ([]string, error) {
	return s.waitIn(ctx, "messages", regexp.MustCompile(pattern))
}

// Dialogue is a scenario that dials a code as the user and presses the keys by SIP INFO, each answered with 200, until it
// is hung up with a Reason that matches.
func Dialogue(code, keys, reason string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="a dialogue by SIP INFO">
`)
	invite := func(n int, proof string) {
		fmt.Fprintf(&b, `<send retrans="500"><![CDATA[
INVITE sip:%[1]s@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];rport;branch=[branch]
Max-Forwards: 70
From: <sip:[user]@[remote_ip]>;tag=[pid]d
To: <sip:%[1]s@[remote_ip]>
Call-ID: [call_id]
CSeq: %[2]d INVITE
Contact: <sip:[user]@[local_ip]:[local_port]>
%[3]sContent-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000

]]></send>
<recv response="100" optional="true"/>
`, code, n, proof)
	}
	inside := func(method string, n int, more string) {
		fmt.Fprintf(&b, `<send%s><![CDATA[
%s [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];rport;branch=[branch]
Max-Forwards: 70
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: %d %s
%s
]]></send>
`, map[bool]string{true: "", false: ` retrans="500"`}[method == "ACK"], method, n, method, more)
	}
	invite(1, "")
	b.WriteString(`<recv response="407" auth="true"/>
<send><![CDATA[
ACK sip:` + code + `@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Content-Length: 0

]]></send>
`)
	invite(2, "[authentication]\n")
	b.WriteString(`<recv response="200" rrs="true"/>
`)
	inside("ACK", 2, "Content-Length: 0\n")
	for n, k := range keys {
		inside("INFO", 3+n, fmt.Sprintf("Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=%c\nDuration=100\n", k))
		b.WriteString("<recv response=\"200\"/>\n")
	}
	fmt.Fprintf(&b, `<recv request="BYE"><action><ereg regexp="%s" search_in="hdr" header="Reason:" check_it="true" assign_to="reason"/>
<log message="[$reason]"/></action></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
`, reason)
	return b.String()
}

// WaitReady waits until SIPp listens at local.
func (s *Sipp) WaitReady(ctx context.Context, local string) error {
	at, err := netip.ParseAddrPort(local)
	if err != nil {
		return fmt.Errorf("reading where SIPp is: %w", err)
	}
	a := at.Addr().As4()
	socket := fmt.Sprintf(" %02X%02X%02X%02X:%04X ", a[3], a[2], a[1], a[0], at.Port()) // as the kernel lists it
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if list, err := os.ReadFile("/proc/net/udp"); err == nil && strings.Contains(string(list), socket) {
			return nil
		}
		select {
		case <-s.program.ended:
			return fmt.Errorf("waiting for SIPp to listen: it has ended: %w\n%s", s.program.err, s.program.text())
		case <-ctx.Done():
			return fmt.Errorf("waiting for SIPp to listen: %w\n%s", ctx.Err(), s.program.text())
		case <-tick.C:
		}
	}
}
