package call

import (
	"log/slog"
	"strconv"
	"strings"
	"sync"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip/wire"
)

// spellings are the headers we look at or replace, with their compact forms (RFC 3261
// 7.3.3 and its registry). What stands here is found whatever its case; any other
// header passes through as it came.
var spellings = map[string]string{
	"Via": "v", "From": "f", "To": "t", "Call-ID": "i", "Contact": "m", "Supported": "k", "Refer-To": "r",
	"Referred-By": "b", "Session-Expires": "x", "Min-SE": "", "Content-Type": "c", "Event": "o", "Content-Encoding": "e",
	"CSeq": "", "Max-Forwards": "", "Route": "", "Record-Route": "", "Proxy-Authorization": "", "Authorization": "",
	"Proxy-Authenticate": "", "WWW-Authenticate": "", "P-Asserted-Identity": "", "P-Preferred-Identity": "",
	"Remote-Party-ID": "", "Privacy": "", "Diversion": "", "History-Info": "", "Identity": "y", "Reason": "",
	"Replaces": "", "RAck": "", "Require": "", "Proxy-Require": "", "Geolocation": "", "Geolocation-Routing": "",
	"Warning": "", "Retry-After": "", "Server": "", "User-Agent": "", "P-Charge-Info": "", "P-Served-User": "",
	"Alert-Info": "", "Call-Info": "", "Answer-Mode": "", "Priv-Answer-Mode": "",
}

// parser leaves every header but Content-Length a text: we pass on what we do not
// understand exactly as it came, and the library's typed headers lose quotes.
var parser = func() *siplib.Parser {
	p := map[string]siplib.HeaderParser{}
	for _, n := range []string{"content-length", "l"} {
		p[n] = siplib.DefaultHeadersParser()[n]
	}
	for name, short := range spellings {
		read := func(_ []byte, text string) (siplib.Header, error) { return siplib.NewHeader(name, text), nil }
		p[strings.ToLower(name)] = read
		if short != "" {
			p[short] = read
		}
	}
	return siplib.NewParser(siplib.WithHeadersParsers(p))
}()

var quiet = slog.New(slog.DiscardHandler)

// setGlobals is done once, before anything of the library runs.
var setGlobals = sync.OnceFunc(func() { siplib.SetDefaultLogger(quiet) }) // it logs foreign messages whole

// carrier is what requests and responses have in common.
type carrier interface {
	Headers() []siplib.Header
	AppendHeader(siplib.Header)
	SetBody([]byte)
	Body() []byte
}

// value is the first header of that name, "" for none.
func value(m carrier, name string) string {
	for _, h := range m.Headers() {
		if h.Name() == name {
			return h.Value()
		}
	}
	return ""
}

func values(m carrier, name string) (list []string) {
	for _, h := range m.Headers() {
		if h.Name() == name {
			list = append(list, h.Value())
		}
	}
	return list
}

func add(m carrier, name, v string) {
	if v != "" {
		m.AppendHeader(siplib.NewHeader(name, v))
	}
}

// ours are the headers that are never passed on: we write them for each side
// anew, or they are not the sender's to say (C07).
var ours = func() map[string]bool {
	set := map[string]bool{}
	for _, n := range []string{
		"Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Contact", "Route", "Record-Route", "Content-Length",
		"Proxy-Authorization", "Authorization", "Proxy-Authenticate", "WWW-Authenticate", "P-Asserted-Identity",
		"P-Preferred-Identity", "Remote-Party-ID", "Privacy", "Diversion", "History-Info", "Identity", "Referred-By",
		"Geolocation", "Geolocation-Routing", "P-Charge-Info", "P-Served-User",
	} {
		set[n] = true
	}
	return set
}()

// passOn copies what is the two sides' own affair.
func passOn(from, to carrier) {
	for _, h := range from.Headers() {
		if !ours[h.Name()] {
			to.AppendHeader(h)
		}
	}
	to.SetBody(from.Body())
}

// loud are the headers by which a caller makes a phone answer by itself, or show
// and play what the caller wants: nobody outside shall listen in (RFC 5373 7).
var loud = []string{"Alert-Info", "Call-Info", "Answer-Mode", "Priv-Answer-Mode"}

// uri is text as a Request-URI, to be written exactly as it is: taken apart and
// put together again by the library it would not be the same.
func uri(text string) siplib.Uri {
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok {
		return siplib.Uri{Scheme: "sip", Host: text}
	}
	return siplib.Uri{Scheme: scheme, Host: rest}
}

// option reports whether a header of tags (Require, Supported) has this one.
func option(list []string, tag string) bool {
	for _, line := range list {
		for one := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(one), tag) {
				return true
			}
		}
	}
	return false
}

// tagOf is the tag of a From or To.
func tagOf(v string) string {
	n, _ := wire.ParseNameAddr([]byte(v))
	tag, _ := wire.Param(n.Params, "tag")
	return string(tag)
}

// cutBlank cuts a header's value at the first blank or tab.
func cutBlank(v string) (string, string, bool) {
	return strings.Cut(strings.ReplaceAll(v, "\t", " "), " ")
}

func number(v string) (uint32, bool) {
	n, err := strconv.ParseUint(v, 10, 32)
	return uint32(n), err == nil
}
