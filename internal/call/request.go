package call

import (
	"errors"
	"strconv"
	"strings"
	"sync"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
)

// request is a request as it came, with what is asked of it again and again.
type request struct {
	sip.Request
	msg                 *siplib.Request
	callID, from, to    string // header values
	fromTag, toTag, tag string // tag is the one we give when we answer ourselves
	cseq                uint32
	uri                 string
	maxForwards         int
	tagOnce             sync.Once
}

var errNotSIP = errors.New("call: not a request we can read")

// read takes a request apart. The front has seen to it that it is whole and has
// what every request must have.
func read(r sip.Request) (*request, error) {
	m, err := parser.ParseSIP(r.Raw)
	if err != nil {
		return nil, err
	}
	msg, ok := m.(*siplib.Request)
	if !ok {
		return nil, errNotSIP
	}
	// The library writes methods large; to the peer they are what they were.
	msg.Method = siplib.RequestMethod(r.Method)
	msg.SetTransport(upper[r.Flow.Transport()])
	q := &request{
		Request: r, msg: msg, callID: value(msg, "Call-ID"), from: value(msg, "From"), to: value(msg, "To"),
		maxForwards: 70,
	}
	q.fromTag, q.toTag = tagOf(q.from), tagOf(q.to)
	count, _, _ := cutBlank(value(msg, "CSeq"))
	if q.cseq, ok = number(count); !ok {
		return nil, errNotSIP
	}
	line, _, _ := strings.Cut(string(r.Raw[:min(len(r.Raw), 4096)]), "\r\n")
	if parts := strings.Fields(line); len(parts) == 3 {
		q.uri = parts[1]
	}
	if v := value(msg, "Max-Forwards"); v != "" {
		if q.maxForwards, err = strconv.Atoi(v); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// ownTag is the tag of this side when we answer the request ourselves.
func (r *request) ownTag() string {
	r.tagOnce.Do(func() {
		if r.tag = r.toTag; r.tag == "" {
			r.tag = randomHex(8)
		}
	})
	return r.tag
}

// response begins an answer to r as the side with that tag gives it (RFC 3261
// 8.2.6.2): what it copies is what r's sender wrote, so whatever we changed on
// the way to the other side is restored (C07).
func (r *request) response(status int, reason, tag string) *siplib.Response {
	res := siplib.NewResponse(status, reason)
	res.SetTransport(upper[r.Flow.Transport()])
	for _, v := range r.Via {
		add(res, "Via", v)
	}
	if status > 100 && status < 300 {
		for _, v := range values(r.msg, "Record-Route") {
			add(res, "Record-Route", v)
		}
	}
	to := r.to
	if r.toTag == "" && status > 100 {
		to = tagged(to, tag)
	}
	add(res, "From", r.from)
	add(res, "To", to)
	add(res, "Call-ID", r.callID)
	add(res, "CSeq", strconv.FormatUint(uint64(r.cseq), 10)+" "+r.Method)
	res.SetBody(nil) // on a connection, a message without Content-Length is the last one
	return res
}

// refusal is an answer that is ours alone. Further headers come in pairs.
func (r *request) refusal(status int, reason string, headers ...string) *siplib.Response {
	res := r.response(status, reason, r.ownTag())
	for i := 0; i+1 < len(headers); i += 2 {
		add(res, headers[i], headers[i+1])
	}
	return res
}

// answer sends a response outside any transaction: whoever repeats the request is
// told the same again.
func (r *request) answer(status int, reason string, headers ...string) {
	if r.Method == "ACK" {
		return
	}
	_ = (&line{flow: r.Flow}).WriteMsg(r.refusal(status, reason, headers...))
}
