package redirect

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// grandstream is GDMS: a token for the user's password, a signature over each
// request, and devices of a site that are given a piece of their own file. Where
// the phone then goes is P212 (HTTPS) and P237 (host and path), so it is not read
// back. A device that is new in the account is taken by MAC and serial number.
// Assumed: the words by which GDMS says that a device is somebody else's.
type grandstream struct {
	conn
	a     Account
	token bearer
}

func newGrandstream(c conn, a Account) Redirector { return &grandstream{conn: c, a: a} }

const gdmsExists = "exist" // in the message of a device that somebody has

func (g *grandstream) Put(ctx context.Context, d Device, u telephony.Secret) error {
	have, err := g.listed(ctx, d)
	if err != nil {
		return err
	}
	if !have {
		if d.Serial == "" {
			return refused("a device that is new to GDMS is taken with its serial number")
		}
		site, _ := strconv.Atoi(g.a.Site)
		msg, err := g.call(ctx, "device/add", []map[string]any{{"deviceName": "tischlein", "mac": d.MAC.Colon(), "sn": d.Serial, "siteId": site}}, nil)
		if err != nil {
			return err
		}
		if strings.Contains(strings.ToLower(msg), gdmsExists) {
			return ErrOwned
		}
		if msg != "" {
			return refused("%s", msg)
		}
	}
	return g.file(ctx, d, strings.TrimPrefix(u.Reveal(), "https://"))
}

func (g *grandstream) Get(ctx context.Context, d Device) (telephony.Secret, error) {
	have, err := g.listed(ctx, d)
	if err == nil && !have {
		err = ErrAbsent
	}
	return "", err
}

func (g *grandstream) Delete(ctx context.Context, d Device) error {
	have, err := g.listed(ctx, d)
	if err != nil || !have {
		return err
	}
	msg, err := g.call(ctx, "device/delete", map[string]any{"macs": []string{d.MAC.Colon()}}, nil)
	if err == nil && msg != "" {
		err = refused("%s", msg)
	}
	return err
}

func (g *grandstream) listed(ctx context.Context, d Device) (bool, error) {
	var page struct {
		Result []struct {
			MAC  string      `json:"mac"`
			Site json.Number `json:"siteId"`
		} `json:"result"`
	}
	msg, err := g.call(ctx, "device/list", map[string]any{"mac": d.MAC.Colon(), "pageNum": 1, "pageSize": 50}, &page)
	if err == nil && msg != "" {
		err = refused("%s", msg)
	}
	for _, x := range page.Result {
		if mac, bad := telephony.ParseMAC(x.MAC); bad == nil && mac == d.MAC && x.Site.String() == g.a.Site {
			return true, err
		}
	}
	return false, err
}

// file hands the device the two parameters that lead to us.
func (g *grandstream) file(ctx context.Context, d Device, path string) error {
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(path)) // a buffer takes everything
	text := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><gs_provision version="1"><mac>%s</mac><config version="1"><P212>2</P212><P237>%s</P237></config></gs_provision>`, d.MAC, escaped.String())
	sum := md5.Sum([]byte(text)) // part of their signature
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("mac", d.MAC.Colon())
	part, err := form.CreateFormFile("xml", "cfg.xml")
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return refused("writing the form")
	}
	msg, err := g.send(ctx, "device/config/xml", body.Bytes(), form.FormDataContentType(), map[string]string{"mac": d.MAC.Colon(), "xml": hex.EncodeToString(sum[:])}, nil)
	if err == nil && msg != "" {
		err = refused("%s", msg)
	}
	return err
}

func (g *grandstream) call(ctx context.Context, what string, in, out any) (string, error) {
	return g.send(ctx, what, write(in), "", nil, out)
}

// send gives the service's reason for a refusal, "" where there was none. form are
// the fields that are signed in place of the body.
func (g *grandstream) send(ctx context.Context, what string, body []byte, kind string, form map[string]string, out any) (refusal string, err error) {
	token, err := g.token.get(func() (telephony.Secret, time.Duration, error) { return g.login(ctx) })
	if err != nil {
		return "", err
	}
	signed := map[string]string{
		"access_token": token.Reveal(), "client_id": g.a.ID, "client_secret": g.a.Secret.Reveal(), "timestamp": strconv.FormatInt(time.Now().UnixMilli(), 10),
	}
	for k, v := range form {
		signed[k] = v
	}
	var pairs []string
	for k, v := range signed {
		pairs = append(pairs, k+"="+v)
	}
	slices.Sort(pairs)
	text := "&" + strings.Join(pairs, "&") + "&"
	if form == nil {
		text += sha(string(body)) + "&"
	}
	query := url.Values{"access_token": {token.Reveal()}, "timestamp": {signed["timestamp"]}, "signature": {sha(text)}}
	q, err := request(ctx, http.MethodPost, strings.TrimSuffix(g.a.URL, "/")+"/v1.0.0/"+what+"?"+query.Encode(), body)
	if err != nil {
		return "", err
	}
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	status, answer, err := g.do(q)
	if err != nil {
		return "", err
	}
	var env struct {
		Code int             `json:"retCode"`
		Msg  string          `json:"msg"`
		Data json.RawMessage `json:"data"`
	}
	if status >= 300 {
		return "", refused("HTTP %d", status)
	}
	if err := read(answer, &env); err != nil {
		return "", err
	}
	if env.Code != 0 {
		g.token.drop() // whatever it was, the next try begins anew
		return fmt.Sprintf("%s (%d)", env.Msg, env.Code), nil
	}
	if out != nil {
		return "", read(env.Data, out)
	}
	return "", nil
}

func (g *grandstream) login(ctx context.Context) (telephony.Secret, time.Duration, error) {
	sum := md5.Sum([]byte(g.a.Password.Reveal())) // as they want it
	form := url.Values{
		"grant_type": {"password"}, "username": {g.a.User}, "password": {sha(hex.EncodeToString(sum[:]))},
		"client_id": {g.a.ID}, "client_secret": {g.a.Secret.Reveal()},
	}
	return token(ctx, g.conn, strings.TrimSuffix(g.a.URL, "/")+"/oauth/token", []byte(form.Encode()), "application/x-www-form-urlencoded")
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// token asks for one by OAuth 2 (RFC 6749 section 5.1).
func token(ctx context.Context, c conn, address string, body []byte, kind string) (telephony.Secret, time.Duration, error) {
	q, err := request(ctx, http.MethodPost, address, body)
	if err != nil {
		return "", 0, err
	}
	q.Header.Set("Content-Type", kind)
	status, answer, err := c.do(q)
	if err != nil {
		return "", 0, err
	}
	var t struct {
		Token string `json:"access_token"`
		Life  int    `json:"expires_in"`
	}
	if status >= 300 || json.Unmarshal(answer, &t) != nil || t.Token == "" {
		return "", 0, refused("it gives us no token (HTTP %d): see id, secret and user", status)
	}
	return telephony.Secret(t.Token), time.Duration(max(t.Life, 2)) * time.Second, nil
}
