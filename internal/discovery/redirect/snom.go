package redirect

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// snom is Snom's SRAPS: REST, signed by Hawk. An endpoint of our company has a
// profile and beside it settings of its own by their ids; the account's setting is
// the id of setting_server there. Assumed, because the reference is behind a login:
// that another company's endpoint is answered 403 or 409.
type snom struct {
	conn
	a Account
}

func newSnom(c conn, a Account) Redirector { return snom{c, a} }

type srapsEndpoint struct {
	MAC      string                  `json:"mac"`
	On       bool                    `json:"autoprovisioning_enabled"`
	Profile  string                  `json:"provisioning_profile"`
	Settings map[string]srapsSetting `json:"settings_manager"`
}

type srapsSetting struct {
	Value string            `json:"value"`
	Attrs map[string]string `json:"attrs"`
}

func (s snom) Put(ctx context.Context, d Device, u telephony.Secret) error {
	e := srapsEndpoint{
		MAC: string(d.MAC), On: true, Profile: s.a.Profile,
		Settings: map[string]srapsSetting{s.a.Setting: {Value: u.Reveal(), Attrs: map[string]string{"perm": "RW"}}},
	}
	_, err := s.call(ctx, http.MethodPut, d, write(e))
	return err
}

func (s snom) Get(ctx context.Context, d Device) (telephony.Secret, error) {
	body, err := s.call(ctx, http.MethodGet, d, nil)
	if err != nil {
		return "", err
	}
	var e srapsEndpoint
	if err := read(body, &e); err != nil {
		return "", err
	}
	return telephony.Secret(e.Settings[s.a.Setting].Value), nil
}

func (s snom) Delete(ctx context.Context, d Device) error {
	_, err := s.call(ctx, http.MethodDelete, d, nil)
	if errors.Is(err, ErrAbsent) || errors.Is(err, ErrOwned) {
		return nil
	}
	return err
}

func (s snom) call(ctx context.Context, method string, d Device, body []byte) ([]byte, error) {
	q, err := request(ctx, method, strings.TrimSuffix(s.a.URL, "/")+"/companies/"+url.PathEscape(s.a.Account)+"/endpoints/"+string(d.MAC), body)
	if err != nil {
		return nil, err
	}
	hawk(q, s.a.ID, s.a.Secret.Reveal(), body, time.Now())
	status, answer, err := s.do(q)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, ErrAbsent
	case status == http.StatusForbidden, status == http.StatusConflict:
		return nil, ErrOwned
	case status >= 300:
		return nil, refused("HTTP %d", status)
	}
	return answer, nil
}
