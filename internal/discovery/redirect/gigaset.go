package redirect

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"strings"

	"tischlein/internal/telephony"
)

// gigaset is Gigaset's redirection server: XML-RPC with the user and password of a
// provisioner. A device is called by its MAC-ID, the MAC and four characters beside
// it on the label; some accounts may leave those out. Where it is sent is not told,
// and an entry is not changed but made anew. Assumed: that a device cannot be
// deregistered by anybody but who registered it, and that one which is still in use
// after ours was deregistered is another's.
type gigaset struct {
	conn
	a Account
}

func newGigaset(c conn, a Account) Redirector { return gigaset{c, a} }

var errMACID = refused("it wants the MAC-ID as on the label: its last four characters are the serial number here")

// gigasetWords are what the service says before a colon and what it was asked for.
var gigasetWords = map[string]error{
	"mac_not_found": ErrAbsent, "mac_already_in_use": ErrOwned, "mac_invalid": errMACID, "mac_not_exist": errMACID,
}

// Put registers first, so that a device of ours is without an entry only where that
// has to be.
func (g gigaset) Put(ctx context.Context, d Device, u telephony.Secret) error {
	register := func() error {
		err := g.call(ctx, "registerDevice", d, u.Reveal(), g.a.Profile)
		if errors.Is(err, ErrAbsent) {
			return errMACID // the maker has built no such device
		}
		return err
	}
	err := register()
	if !errors.Is(err, ErrOwned) {
		return err
	}
	if err := g.Delete(ctx, d); err != nil {
		return err
	}
	return register()
}

func (g gigaset) Get(ctx context.Context, d Device) (telephony.Secret, error) {
	return "", g.call(ctx, "checkDevice", d)
}

func (g gigaset) Delete(ctx context.Context, d Device) error {
	err := g.call(ctx, "deregisterDevice", d)
	if errors.Is(err, ErrAbsent) || errors.Is(err, ErrOwned) || errors.Is(err, errMACID) {
		return nil
	}
	return err
}

// macID is XXXXXXXXXXXX-XXXX. People may have typed all of it.
func macID(d Device) string {
	mac, s := d.MAC.Upper(), strings.ToUpper(strings.TrimSpace(d.Serial))
	if s = strings.TrimPrefix(s[strings.LastIndexByte(s, '-')+1:], mac); s == "" {
		return mac
	}
	return mac + "-" + s
}

type rpcValue struct {
	Bool   string `xml:"boolean"`
	String string `xml:"string"`
	Bare   string `xml:",chardata"` // a value without a type is a string
}

func (v rpcValue) text() string { return strings.TrimSpace(v.String + v.Bare) }

func (g gigaset) call(ctx context.Context, method string, d Device, more ...string) error {
	var body bytes.Buffer
	body.WriteString(xml.Header + "<methodCall><methodName>autoprov." + method + "</methodName><params>")
	for _, s := range append([]string{macID(d)}, more...) {
		body.WriteString("<param><value><string>")
		_ = xml.EscapeText(&body, []byte(s)) // a buffer takes everything
		body.WriteString("</string></value></param>")
	}
	body.WriteString("</params></methodCall>")
	q, err := request(ctx, http.MethodPost, g.a.URL, body.Bytes())
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "text/xml")
	q.Header.Set("Accept", "text/xml")
	q.SetBasicAuth(g.a.User, g.a.Password.Reveal())
	status, answer, err := g.do(q)
	if err != nil {
		return err
	}
	if status >= 300 {
		return refused("HTTP %d", status)
	}
	var env struct {
		Values []rpcValue `xml:"params>param>value>array>data>value"`
	}
	if xml.Unmarshal(answer, &env) != nil || len(env.Values) < 2 {
		return refused("its answer cannot be read")
	}
	return verdict(d, env.Values[0].Bool, env.Values[1].text())
}

// verdict: public clients take these words for a yes, too, where the boolean is no.
func verdict(d Device, yes, words string) error {
	yes = strings.TrimSpace(yes)
	if yes == "1" || yes == "true" || strings.EqualFold(words, "ok") || strings.EqualFold(words, string(d.MAC)) {
		return nil
	}
	code, _, _ := strings.Cut(strings.ToLower(words), ":")
	if known := gigasetWords[code]; known != nil {
		return known
	}
	return refused("%s", words)
}
