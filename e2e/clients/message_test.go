package clients_test

import (
	"bufio"
	"crypto/md5"
	"fmt"
	"io"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
)

// message is as much of a SIP message as a registrar of a test needs. Headers keep their compact form's long name.
type message struct {
	startLine string
	header    textproto.MIMEHeader
}

var longNames = map[string]string{"v": "Via", "f": "From", "t": "To", "i": "Call-Id", "m": "Contact", "l": "Content-Length"}

// readMessage reads one message; blank lines before it are keep-alives (RFC 5626 3.5.1).
func readMessage(in *bufio.Reader) (message, error) {
	var m message
	lines := textproto.NewReader(in)
	for m.startLine == "" {
		line, err := lines.ReadLine()
		if err != nil {
			return message{}, err
		}
		m.startLine = line
	}
	header, err := lines.ReadMIMEHeader()
	if err != nil {
		return message{}, fmt.Errorf("reading the headers after %q: %w", m.startLine, err)
	}
	m.header = textproto.MIMEHeader{}
	for name, values := range header {
		if long, ok := longNames[strings.ToLower(name)]; ok {
			name = long
		}
		m.header[name] = append(m.header[name], values...)
	}
	length, err := strconv.Atoi(strings.TrimSpace(m.header.Get("Content-Length")))
	if err != nil {
		length = 0
	}
	_, err = io.CopyN(io.Discard, in, int64(length))
	return m, err
}

func (m message) isRequest() bool { return !strings.HasPrefix(m.startLine, "SIP/2.0 ") }

func (m message) method() string { return strings.Fields(m.startLine)[0] }

func (m message) status() int {
	code, err := strconv.Atoi(strings.Fields(m.startLine)[1])
	if err != nil {
		return 0
	}
	return code
}

// answer makes the response; source goes into the Via as RFC 3581 says.
func (m message) answer(status, source string, extra ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %s\r\n", status)
	host, port, _ := strings.Cut(source, ":")
	for i, via := range m.header["Via"] {
		if i == 0 {
			via = regexp.MustCompile(`;rport\b(=\d*)?`).ReplaceAllString(via, "") + ";received=" + host + ";rport=" + port
		}
		fmt.Fprintf(&b, "Via: %s\r\n", via)
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s;tag=registrar\r\nCall-ID: %s\r\nCSeq: %s\r\n",
		m.header.Get("From"), m.header.Get("To"), m.header.Get("Call-Id"), m.header.Get("Cseq"))
	for _, line := range extra {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("Content-Length: 0\r\n\r\n")
	return b.String()
}

var parameter = regexp.MustCompile(`(\w+)=(?:"([^"]*)"|([^",\s]+))`)

// credentials returns the parameters of the Authorization header, empty without one.
func (m message) credentials() map[string]string {
	found := map[string]string{}
	for _, match := range parameter.FindAllStringSubmatch(m.header.Get("Authorization"), -1) {
		found[match[1]] = match[2] + match[3]
	}
	return found
}

func hexMD5(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }

// proves recomputes the MD5 digest of RFC 2617 3.2.2 with qop "auth", or without one as RFC 2069.
func proves(c map[string]string, method, password string) bool {
	ha1 := hexMD5(c["username"] + ":" + c["realm"] + ":" + password)
	ha2 := hexMD5(method + ":" + c["uri"])
	middle := c["nonce"]
	if c["qop"] != "" {
		middle += ":" + c["nc"] + ":" + c["cnonce"] + ":" + c["qop"]
	}
	return c["response"] == hexMD5(ha1+":"+middle+":"+ha2)
}
