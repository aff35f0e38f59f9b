package e2e_test

import (
	"slices"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// desk is a place with a device.
type desk struct {
	*installation
	channel telephony.Channel
	cpe     telephony.CPE
}

func (i *installation) desk(name, driver string, mac telephony.MAC) *desk {
	i.t.Helper()
	ctx, a := i.t.Context(), i.App()
	ch, err := a.Channels.Create(ctx, operator, telephony.Channel{CustomerID: i.customer.ID, Name: name})
	i.ok(err)
	cpe, err := a.CPEs.Create(ctx, operator, telephony.CPE{CustomerID: i.customer.ID, Driver: driver, MAC: mac, Name: "Gerät " + name})
	i.ok(err)
	_, err = a.CPEs.Attach(ctx, operator, i.customer.ID, cpe.CPE.ID, ch.Channel.ID, 0, false)
	i.ok(err)
	return &desk{i, ch.Channel, cpe.CPE}
}

func (i *installation) extension(number, name string, multi bool) telephony.Extension {
	i.t.Helper()
	v, err := i.App().Extensions.Create(i.t.Context(), operator, telephony.Extension{
		CustomerID: i.customer.ID, Number: number, Name: name, MultiLogin: multi,
	}, "")
	i.ok(err)
	return v.Extension
}

func (d *desk) link(x telephony.Extension) {
	d.t.Helper()
	_, err := d.App().Links.Link(d.t.Context(), operator, app.LinkRequest{
		CustomerID: d.customer.ID, ChannelID: d.channel.ID, ExtensionID: x.ID, Side: telephony.FromChannel,
	})
	d.ok(err)
}

func (d *desk) unlink() {
	d.t.Helper()
	_, err := d.App().Links.Unlink(d.t.Context(), operator, d.customer.ID, d.channel.ID, false)
	d.ok(err)
}

func (d *desk) explain() app.Explanation {
	d.t.Helper()
	e, err := d.App().Channels.Explain(d.t.Context(), operator, d.customer.ID, d.channel.ID)
	d.ok(err)
	return e
}

func (d *desk) credentials() (user, password string) {
	d.t.Helper()
	user, secret, err := d.App().CPEs.Credentials(d.t.Context(), operator, d.customer.ID, d.channel.ID)
	d.ok(err)
	return user, secret.Reveal()
}

// state waits until the channel is in that state.
func (d *desk) state(want telephony.StateCode) telephony.State {
	d.t.Helper()
	ctx := d.within()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		v, err := d.App().Channels.Get(d.t.Context(), operator, d.customer.ID, d.channel.ID)
		d.ok(err)
		if v.State.Code == want {
			return v.State
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			d.t.Fatalf("state %+v, want %s\nexplain: %+v", v.State, want, d.explain())
		}
	}
}

// phone takes a device out of its box, gives it a first-access URL and power.
func (d *desk) phone(c phonesim.Config) *phonesim.Phone {
	d.t.Helper()
	url, err := d.App().CPEs.FirstAccess(d.t.Context(), operator, d.customer.ID, d.cpe.ID)
	d.ok(err)
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: d.trusted(), RetryBase: time.Second})
	d.ok(err)
	d.t.Cleanup(f.Close)
	c.MAC, c.ProvisioningURL = phonesim.MAC(d.cpe.MAC), url.Reveal()
	p := f.Add(c)
	p.PowerOn(d.t.Context())
	return p
}

// shows waits until the phone's screen holds all of these.
func (d *desk) shows(p *phonesim.Phone, words ...string) {
	d.t.Helper()
	err := p.WaitScreen(d.within(), func(lines []string) bool {
		screen := strings.Join(lines, "\n")
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(screen, w) })
	})
	if err != nil {
		d.t.Fatalf("the phone does not show %q but %q\nphone: %+v\nexplain: %+v", words, p.Screen(), p.State(), d.explain())
	}
}
