package app

import (
	"fmt"
	"slices"
	"strings"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// desired reads what a device should be told.
func (k *core) desired(tx *storage.Tx, customerID, cpeID string) (telephony.Desired, storage.Device, error) {
	x, err := tx.Device(customerID, cpeID)
	if err != nil {
		return telephony.Desired{}, x, err
	}
	d, err := k.desiredOf(tx, x)
	return d, x, err
}

func (k *core) desiredOf(tx *storage.Tx, x storage.Device) (d telephony.Desired, err error) {
	c, customer, sealed := x.CPE, x.Customer, x.Sealed
	driver, err := k.drivers.Get(c.Driver)
	if err != nil {
		return d, err
	}
	token, err := k.key.Open(sealed.Token, "token "+c.ID)
	if err != nil {
		return d, err
	}
	admin, err := k.key.Open(sealed.Admin, "admin "+c.ID)
	if err != nil {
		return d, err
	}
	info := driver.Info()
	if sealed.HTTPUser != "" && len(info.HTTPAuth) > 0 {
		if d.HTTPPassword, err = k.key.Open(sealed.HTTP, "http "+c.ID); err != nil {
			return d, err
		}
	}
	d = telephony.Desired{
		HTTPPassword: d.HTTPPassword,
		Driver:       c.Driver, Model: c.Model, MAC: c.MAC, DeviceName: c.Name,
		BaseURL: telephony.Secret(k.settings.BaseURL + "/d/" + token.Reveal() + "/"), AdminPassword: admin,
		SIP: k.sipServer(info.TransportsOf(c.Model), info.KeepAlive), Language: customer.Language, TimeZone: customer.TimeZone,
		LoginCode: customer.LoginCode, LogoutCode: customer.LogoutCode, PickupCode: customer.PickupCode, Emergency: customer.EmergencyNumbers,
	}
	if d.HTTPPassword != "" {
		d.HTTPUser = sealed.HTTPUser
	}
	if f := x.Offered; info.Firmware && f.SHA256 != "" {
		d.Firmware = telephony.Firmware{Version: f.Version, URL: k.settings.BaseURL + "/w/" + f.SHA256 + "/" + f.FileName}
	}
	if info.XMLBrowser {
		d.PagesURL = telephony.Secret(k.settings.BaseURL + "/k/" + k.key.PagesToken(sealed.TokenHash).Reveal() + "/")
	}
	if info.PollMin > 0 {
		d.RefetchSeconds = max(int(k.settings.Refetch.Seconds()), info.PollMin)
	}
	if d.Overrides, err = k.overridesOf(tx, c, driver); err != nil {
		return d, err
	}
	err = k.lines(tx, x, &d)
	return d, err
}

// lines reads who sits at the device's ports.
func (k *core) lines(tx *storage.Tx, x storage.Device, d *telephony.Desired) error {
	ports, err := tx.Ports(x.CPE.CustomerID, x.CPE.ID)
	if err != nil {
		return err
	}
	var list telephony.Allowlist
	if x.Customer.IPListing {
		if list, err = tx.Allowlist(x.Customer.ID); err != nil {
			return err
		}
	}
	var keys map[int][]telephony.Key
	if slices.ContainsFunc(ports, func(p storage.Port) bool { return p.Login != "" }) {
		if keys, err = tx.PortKeys(x.CPE.CustomerID, x.CPE.ID); err != nil {
			return err
		}
	}
	refused, passes := list.Check(x.CPE.Addresses())
	var people []string
	for n := 1; n <= x.CPE.Ports; n++ {
		i := slices.IndexFunc(ports, func(p storage.Port) bool { return p.Port == n })
		if i < 0 {
			d.Lines = append(d.Lines, telephony.Line{Port: n, State: telephony.LineUnused})
			people = append(people, "")
			continue
		}
		l, err := k.line(ports[i], x.Customer)
		if err != nil {
			return err
		}
		if ports[i].Linked && l.State == telephony.LineFree && !passes {
			l.State, l.Address = telephony.LineRefused, refused.String()
		}
		if l.LoggedIn() {
			l.Keys = keys[n]
		}
		d.Hotdesking = d.Hotdesking || !ports[i].Linked
		d.Lines = append(d.Lines, l)
		people = append(people, ports[i].ExtID)
	}
	d.Person = strings.Join(people, " ")
	return nil
}

func (k *core) line(p storage.Port, c telephony.Customer) (telephony.Line, error) {
	secret, err := k.key.Open(p.Secret, "sip "+p.Channel.ID)
	if err != nil {
		return telephony.Line{}, fmt.Errorf("reading the SIP secret of channel %s: %w", p.Channel.ID, err)
	}
	l := telephony.Line{
		Port: p.Port, State: telephony.LineFree, SIPUser: p.Channel.SIPUser, Secret: secret,
		Place: p.Channel.Name, Desk: p.Channel.Desk, Language: c.Language,
	}
	switch p.Login {
	case telephony.LoginLinked:
		l.State = telephony.LineLinked
	case telephony.LoginHotdesk:
		l.State = telephony.LineHotdesk
	}
	if l.LoggedIn() {
		l.Number, l.Name = p.Number, p.Name
		if p.Language != "" {
			l.Language = p.Language
		}
	}
	return l, nil
}

// sipServer is where a device with these transports registers: by the preferred
// one if it can, else by its best that we serve.
func (k *core) sipServer(transports []string, keepAlive int) telephony.SIPServer {
	pick, ok := k.settings.SIP[k.settings.Transport]
	if !ok || !slices.Contains(transports, k.settings.Transport) {
		for _, t := range transports {
			if s, served := k.settings.SIP[t]; served {
				pick = s
				break
			}
		}
	}
	pick.Realm, pick.RootCA, pick.KeepAlive = k.settings.Realm, k.settings.RootCA, keepAlive
	if pick.Expires == 0 {
		pick.Expires = 600
	}
	return pick
}

// revision is the wanted revision of a device: the hash of all it should be told.
func (k *core) revision(d telephony.Desired) (string, error) {
	driver, err := k.drivers.Get(d.Driver)
	if err != nil {
		return "", err
	}
	if !driver.Info().Fetches() {
		return "", nil // registered means converged (D27)
	}
	return d.Revision(driver.Info().Version), nil
}

// refresh computes what the device should have and, if that is not what it was
// before, makes it due. It costs one device, however many there are (Q06).
func (k *core) refresh(tx *storage.Tx, customerID, cpeID string, bulk bool) error {
	d, x, err := k.desired(tx, customerID, cpeID)
	if err != nil {
		return err
	}
	if d.HTTPUser == "" && k.answersHTTP(x.CPE.Driver) { // from before it had any
		if err := k.newHTTP(tx, customerID, cpeID, false); err != nil {
			return err
		}
		if d, x, err = k.desired(tx, customerID, cpeID); err != nil {
			return err
		}
	}
	rev, err := k.revision(d)
	if err != nil {
		return err
	}
	if rev == x.CPE.Wanted {
		return tx.NoteEpoch(customerID, cpeID, x.Epoch)
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(cpeID); k.ports.Wake() })
	k.tell(tx, customerID, "cpe", cpeID, "wanted", rev)
	return tx.WantRevision(customerID, cpeID, rev, x.Epoch, bulk)
}
