package app

import (
	"fmt"
	"slices"
	"strings"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// desired reads what a device should be told.
func (k *core) desired(tx *storage.Tx, customerID, cpeID string) (d telephony.Desired, c telephony.CPE, err error) {
	customer, err := tx.Customer(customerID)
	if err != nil {
		return d, c, err
	}
	if c, err = tx.CPE(customerID, cpeID); err != nil {
		return d, c, err
	}
	sealed, err := tx.Sealed(customerID, cpeID)
	if err != nil {
		return d, c, err
	}
	ports, err := tx.Ports(customerID, cpeID)
	if err != nil {
		return d, c, err
	}
	list, err := tx.Allowlist(customerID)
	if err != nil {
		return d, c, err
	}
	driver, err := k.drivers.Get(c.Driver)
	if err != nil {
		return d, c, err
	}
	token, err := k.key.Open(sealed.Token, "token "+cpeID)
	if err != nil {
		return d, c, err
	}
	admin, err := k.key.Open(sealed.Admin, "admin "+cpeID)
	if err != nil {
		return d, c, err
	}
	info := driver.Info()
	if sealed.HTTPUser != "" && len(info.HTTPAuth) > 0 {
		if d.HTTPPassword, err = k.key.Open(sealed.HTTP, "http "+cpeID); err != nil {
			return d, c, err
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
	if info.Firmware {
		if err := k.firmware(tx, customerID, cpeID, &d); err != nil {
			return d, c, err
		}
	}
	if info.XMLBrowser {
		d.PagesURL = telephony.Secret(k.settings.BaseURL + "/k/" + k.key.PagesToken(sealed.TokenHash).Reveal() + "/")
	}
	if info.PollMin > 0 {
		d.RefetchSeconds = max(int(k.settings.Refetch.Seconds()), info.PollMin)
	}
	if d.Overrides, err = k.overridesOf(tx, c, driver); err != nil {
		return d, c, err
	}
	keys, err := tx.PortKeys(customerID, cpeID)
	if err != nil {
		return d, c, err
	}
	refused, passes := list.Check(c.Addresses())
	var people []string
	for n := 1; n <= c.Ports; n++ {
		i := slices.IndexFunc(ports, func(p storage.Port) bool { return p.Port == n })
		if i < 0 {
			d.Lines = append(d.Lines, telephony.Line{Port: n, State: telephony.LineUnused})
			people = append(people, "")
			continue
		}
		l, err := k.line(ports[i], customer)
		if err != nil {
			return d, c, err
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
	return d, c, nil
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
	d, c, err := k.desired(tx, customerID, cpeID)
	if err != nil {
		return err
	}
	if d.HTTPUser == "" && k.answersHTTP(c.Driver) { // from before it had any
		if err := k.newHTTP(tx, customerID, cpeID, false); err != nil {
			return err
		}
		if d, c, err = k.desired(tx, customerID, cpeID); err != nil {
			return err
		}
	}
	rev, err := k.revision(d)
	if err != nil {
		return err
	}
	epoch, err := tx.Epoch(customerID)
	if err != nil {
		return err
	}
	if rev == c.Wanted {
		return tx.NoteEpoch(customerID, cpeID, epoch)
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(cpeID); k.ports.Wake() })
	k.tell(tx, customerID, "cpe", cpeID, "wanted", rev)
	return tx.WantRevision(customerID, cpeID, rev, epoch, bulk)
}
