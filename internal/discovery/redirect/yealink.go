package redirect

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// yealink is Yealink's RPS in its JSON form, as public clients of resellers use
// it. A device is listed under a server entry and has a URL of its own beside it.
// Requests are signed with HMAC-SHA256. That a MAC "exists" and is not in our list
// means that somebody else has it: the service says no more.
type yealink struct {
	conn
	a Account

	mu     sync.Mutex
	server string // id of our server entry
}

func newYealink(c conn, a Account) Redirector { return &yealink{conn: c, a: a} }

type rpsDevice struct {
	ID     string `json:"id"`
	MAC    string `json:"mac"`
	Own    string `json:"uniqueServerUrl"`
	Server string `json:"serverUrl"`
}

type rpsPage struct {
	Key   string `json:"key"`
	Skip  int    `json:"skip"`
	Limit int    `json:"limit"`
}

// rpsExists is what add says of a MAC that somebody has.
const rpsExists = "device.mac.existed"

func (y *yealink) Put(ctx context.Context, d Device, u telephony.Secret) error {
	server, err := y.entry(ctx, u)
	if err != nil {
		return err
	}
	refusal, err := y.call(ctx, "device/add", map[string]any{"macs": []string{string(d.MAC)}, "serverId": server, "uniqueServerUrl": u.Reveal()}, nil)
	if err != nil || refusal == "" {
		return err
	}
	if refusal != rpsExists {
		return refused("%s", refusal)
	}
	have, err := y.device(ctx, d)
	if err != nil {
		return owned(err)
	}
	refusal, err = y.call(ctx, "device/edit", map[string]any{"id": have.ID, "serverId": server, "uniqueServerUrl": u.Reveal()}, nil)
	if err == nil && refusal != "" {
		err = refused("%s", refusal)
	}
	return err
}

// owned: it is there, and not ours.
func owned(err error) error {
	if errors.Is(err, ErrAbsent) {
		return ErrOwned
	}
	return err
}

func (y *yealink) Get(ctx context.Context, d Device) (telephony.Secret, error) {
	have, err := y.device(ctx, d)
	if have.Own == "" {
		have.Own = have.Server
	}
	return telephony.Secret(have.Own), err
}

func (y *yealink) Delete(ctx context.Context, d Device) error {
	if _, err := y.device(ctx, d); errors.Is(err, ErrAbsent) {
		return nil // never delete what is another's
	} else if err != nil {
		return err
	}
	refusal, err := y.call(ctx, "device/delete", map[string]any{"macs": []string{string(d.MAC)}}, nil)
	if err == nil && refusal != "" {
		err = refused("%s", refusal)
	}
	return err
}

func (y *yealink) device(ctx context.Context, d Device) (rpsDevice, error) {
	var page struct {
		Data []rpsDevice `json:"data"`
	}
	refusal, err := y.call(ctx, "device/list", rpsPage{Key: string(d.MAC), Limit: 50}, &page)
	if err == nil && refusal != "" {
		err = refused("%s", refusal)
	}
	for _, x := range page.Data {
		if mac, bad := telephony.ParseMAC(x.MAC); bad == nil && mac == d.MAC {
			return x, err
		}
	}
	if err == nil {
		err = ErrAbsent
	}
	return rpsDevice{}, err
}

// entry is our server entry, made when there is none. Names are one space for all
// accounts, so ours is made of the account's.
func (y *yealink) entry(ctx context.Context, u telephony.Secret) (string, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.server != "" {
		return y.server, nil
	}
	sum := sha256.Sum256([]byte(y.a.ID))
	name := fmt.Sprintf("tischlein-%x", sum[:4])
	var page struct {
		Data []struct {
			ID   string `json:"id"`
			Name string `json:"serverName"`
		} `json:"data"`
	}
	refusal, err := y.call(ctx, "server/list", rpsPage{Key: name, Limit: 50}, &page)
	if err != nil || refusal != "" {
		return "", orRefused(err, refusal)
	}
	for _, s := range page.Data {
		if s.Name == name {
			y.server = s.ID
			return s.ID, nil
		}
	}
	at, err := url.Parse(u.Reveal())
	if err != nil {
		return "", refused("the URL cannot be read")
	}
	var made struct {
		ID string `json:"id"`
	}
	refusal, err = y.call(ctx, "server/add", map[string]string{"serverName": name, "url": at.Scheme + "://" + at.Host + "/"}, &made)
	if err != nil || refusal != "" || made.ID == "" {
		return "", orRefused(err, refusal)
	}
	y.server = made.ID
	return made.ID, nil
}

func orRefused(err error, refusal string) error {
	if err != nil {
		return err
	}
	return refused("%s", refusal)
}

// call gives the service's word for why it refused, "" where it did not.
func (y *yealink) call(ctx context.Context, what string, in, out any) (refusal string, err error) {
	body, path := write(in), "api/open/v1/"+what
	q, err := request(ctx, http.MethodPost, strings.TrimSuffix(y.a.URL, "/")+"/"+path, body)
	if err != nil {
		return "", err
	}
	sum := md5.Sum(body) // their digest of the body, no proof of anything
	h := [][2]string{
		{"Content-MD5", base64.StdEncoding.EncodeToString(sum[:])}, {"X-Ca-Key", y.a.ID}, {"X-Ca-Nonce", rand.Text()},
		{"X-Ca-Timestamp", strconv.FormatInt(time.Now().UnixMilli(), 10)},
	}
	sign := q.Method + "\n"
	for _, x := range h {
		q.Header.Set(x[0], x[1])
		sign += x[0] + ":" + x[1] + "\n"
	}
	mac := hmac.New(sha256.New, []byte(y.a.Secret.Reveal()))
	mac.Write([]byte(sign + path))
	q.Header.Set("X-Ca-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	status, text, err := y.do(q)
	if err != nil {
		return "", err
	}
	var env struct {
		Ret   int             `json:"ret"`
		Data  json.RawMessage `json:"data"`
		Error struct {
			Msg    string `json:"msg"`
			Fields []struct {
				Msg string `json:"msg"`
			} `json:"fieldErrors"`
		} `json:"error"`
	}
	if err := read(text, &env); err != nil || status >= 300 && env.Error.Msg == "" {
		return "", refused("HTTP %d", status)
	}
	if env.Ret < 0 || status >= 300 {
		refusal = env.Error.Msg
		if len(env.Error.Fields) > 0 {
			refusal = env.Error.Fields[0].Msg
		}
		if refusal == "" {
			refusal = "without a reason"
		}
		return refusal, nil
	}
	if out == nil {
		return "", nil
	}
	// Lists come as {"data": {"data": […]}} or {"data": […]}: take either.
	if err := json.Unmarshal(env.Data, out); err != nil {
		return "", read(text, out)
	}
	return "", nil
}
