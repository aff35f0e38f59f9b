package redirect

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// poly is Poly Lens: a token by client credentials, then GraphQL. The schema of
// what sets a phone's provisioning server is not public: the three texts below are
// ASSUMED, and are all that has to be changed when it is known better.
type poly struct {
	conn
	a     Account
	token bearer
}

const (
	lensPut    = `mutation put($tenantId: ID!, $macAddress: String!, $serverUrl: String!) { ztpDeviceUpsert(tenantId: $tenantId, macAddress: $macAddress, provisioningServer: $serverUrl) { macAddress } }`
	lensGet    = `query get($tenantId: ID!, $macAddress: String!) { ztpDevice(tenantId: $tenantId, macAddress: $macAddress) { macAddress provisioningServer } }`
	lensDelete = `mutation delete($tenantId: ID!, $macAddress: String!) { ztpDeviceDelete(tenantId: $tenantId, macAddress: $macAddress) { macAddress } }`
)

// lensCodes are what an error's extensions.code means to us.
var lensCodes = map[string]error{
	"NOT_FOUND": ErrAbsent, "FORBIDDEN": ErrOwned, "CONFLICT": ErrOwned, "INTERNAL_SERVER_ERROR": ErrUnavailable,
}

func newPoly(c conn, a Account) Redirector { return &poly{conn: c, a: a} }

func (p *poly) Put(ctx context.Context, d Device, u telephony.Secret) error {
	return p.call(ctx, lensPut, map[string]string{"macAddress": d.MAC.Upper(), "serverUrl": u.Reveal()}, nil)
}

func (p *poly) Get(ctx context.Context, d Device) (telephony.Secret, error) {
	var data struct {
		Device *struct {
			Server string `json:"provisioningServer"`
		} `json:"ztpDevice"`
	}
	if err := p.call(ctx, lensGet, map[string]string{"macAddress": d.MAC.Upper()}, &data); err != nil {
		return "", err
	}
	if data.Device == nil {
		return "", ErrAbsent
	}
	return telephony.Secret(data.Device.Server), nil
}

func (p *poly) Delete(ctx context.Context, d Device) error {
	err := p.call(ctx, lensDelete, map[string]string{"macAddress": d.MAC.Upper()}, nil)
	if errors.Is(err, ErrAbsent) || errors.Is(err, ErrOwned) {
		return nil
	}
	return err
}

func (p *poly) call(ctx context.Context, text string, vars map[string]string, out any) error {
	t, err := p.token.get(func() (telephony.Secret, time.Duration, error) {
		body := write(map[string]string{"client_id": p.a.ID, "client_secret": p.a.Secret.Reveal(), "grant_type": "client_credentials"})
		return token(ctx, p.conn, p.a.TokenURL, body, "application/json")
	})
	if err != nil {
		return err
	}
	vars["tenantId"] = p.a.Account
	q, err := request(ctx, http.MethodPost, p.a.URL, write(map[string]any{"query": text, "variables": vars}))
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+t.Reveal())
	status, body, err := p.do(q)
	if err != nil {
		return err
	}
	if status == http.StatusUnauthorized {
		p.token.drop()
	}
	if status >= 300 {
		return refused("HTTP %d", status)
	}
	var env struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code string `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	if err := read(body, &env); err != nil {
		return err
	}
	if len(env.Errors) > 0 {
		if known := lensCodes[strings.ToUpper(env.Errors[0].Extensions.Code)]; known != nil {
			return known
		}
		return refused("%s", env.Errors[0].Message)
	}
	if out != nil {
		return read(env.Data, out)
	}
	return nil
}
