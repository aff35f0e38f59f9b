package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

// DeskRow is a channel in a list: the desk as the rules see it, with what the
// records say of its registration.
type DeskRow struct {
	Desk     telephony.Desk
	Observed telephony.Observed
}

// trouble holds of devices that fail whatever their channel is.
const trouble = `p.lost OR p.trust = 'frozen' OR p.refused_at > 0`

// refused holds where the IP check refuses an address of the device (D16). It is
// part of a text only while IP listing is on.
const refused = `p.fetch_key <> '' AND NOT EXISTS (SELECT 1 FROM allowlist w
		WHERE w.customer_id = :customer AND w.first_key <= p.fetch_key AND p.fetch_key <= w.last_key)
	OR p.register_key <> '' AND NOT EXISTS (SELECT 1 FROM allowlist w
		WHERE w.customer_id = :customer AND w.first_key <= p.register_key AND p.register_key <= w.last_key)`

// channelState is telephony.ChannelState over the facts of a row; :fetching
// names the drivers whose devices take their configuration from us. A test holds
// the two together.
func channelState(listing bool) string {
	address := ""
	if listing {
		address = ` WHEN k.channel_id IS NOT NULL AND l.channel_id IS NULL AND (` + refused + `) THEN 'failed'`
	}
	return `CASE WHEN a.channel_id IS NULL AND k.channel_id IS NULL THEN 'no_device'
		WHEN a.channel_id IS NULL THEN 'waiting_for_device'
		WHEN ` + trouble + ` THEN 'failed'` + address + `
		WHEN b.channel_id IS NULL THEN 'offline'
		WHEN p.wanted <> p.fetched AND :fetching LIKE '% ' || p.driver || ' %' THEN 'pending'
		WHEN k.channel_id IS NOT NULL AND l.channel_id IS NULL THEN 'pending'
		WHEN l.channel_id IS NOT NULL THEN 'logged_in' ELSE 'logged_out' END`
}

const channelJoins = factJoins + peopleJoins

// The sets from which filters take their candidates, each in order of the id.
// CROSS JOIN is an inner join that SQLite does not turn round: without counts of
// its tables it begins with either, and one of them may be a hundred thousand.
const (
	everyChannel  = `SELECT id FROM channels WHERE customer_id = :customer`
	everyAttached = `SELECT channel_id AS id FROM attachments WHERE customer_id = :customer`
	everyLinked   = `SELECT channel_id AS id FROM links WHERE customer_id = :customer`
	everyLogin    = `SELECT channel_id AS id FROM logins WHERE customer_id = :customer`
	everyBound    = `SELECT channel_id AS id FROM bindings WHERE customer_id = :customer AND expires_at > :now`
	inTrouble     = `SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND (` + trouble + `)`
	behind        = `SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND p.wanted <> p.fetched`
	silent        = `SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND p.fetched_at = 0`
	// ofDevices are the channels of devices, ofChannels the devices of channels.
	ofDevices  = `SELECT a.channel_id AS id FROM (%s) o CROSS JOIN attachments a WHERE a.customer_id = :customer AND a.cpe_id = o.id`
	ofChannels = `SELECT a.cpe_id AS id FROM (%s) o CROSS JOIN attachments a WHERE a.customer_id = :customer AND a.channel_id = o.id`
)

var (
	nothingThere = set{of: everyChannel, but: []string{everyAttached, everyLinked}}
	noDevice     = set{of: everyLinked, but: []string{everyAttached}}
	waitingLinks = set{of: everyLinked, but: []string{everyLogin}}
	unregistered = set{of: everyAttached, but: []string{everyBound}}
)

func channelFilters(listing bool) map[string]filter {
	failing := filter{among: set{of: inTrouble, via: ofDevices}}
	if listing {
		failing.also = waitingLinks
	}
	f := map[string]filter{
		"linked":      {where: `k.channel_id IS NOT NULL`, among: set{of: everyLinked}, exact: true},
		"unlinked":    {where: `k.channel_id IS NULL`, among: set{of: everyChannel, but: []string{everyLinked}}, exact: true},
		"_unattached": {where: `a.channel_id IS NULL`, among: set{of: everyChannel, but: []string{everyAttached}}, exact: true},
		"_guests":     {where: `l.kind = 'hotdesk'`, among: set{of: `SELECT channel_id FROM logins WHERE customer_id = :customer AND kind = 'hotdesk'`}, exact: true},
		"_nowhere":    {where: `c.location_key = ''`, among: set{of: everyChannel + ` AND location_key = ''`}, exact: true},
		"_nobody":     {where: `k.channel_id IS NULL AND l.channel_id IS NULL`, among: set{of: everyChannel, but: []string{everyLinked, everyLogin}}, exact: true},
	}
	// What the extension page offers, whoever the extension is (S10).
	f["offered"] = filter{where: `c.kind = 'cpe' AND k.channel_id IS NULL`, among: set{of: everyChannel + ` AND kind = 'cpe'`, but: []string{everyLinked}}, exact: true}
	f["refused"] = filter{where: `c.kind <> 'cpe' OR k.channel_id IS NOT NULL`}
	for code, s := range map[telephony.StateCode]filter{
		telephony.StateNoDevice:         {among: nothingThere, exact: true},
		telephony.StateWaitingForDevice: {among: noDevice, exact: true},
		telephony.StateFailed:           failing,
		telephony.StateOffline:          {among: unregistered},
		telephony.StatePending:          {among: set{of: behind, via: ofDevices}, also: waitingLinks},
		telephony.StateLoggedIn:         {among: set{of: everyLogin}},
		telephony.StateLoggedOut:        {among: set{of: everyAttached, but: []string{everyLogin}}},
	} {
		s.where, s.group = channelState(listing)+` = '`+string(code)+`'`, "state"
		f[string(code)] = s
	}
	return f
}

const (
	channelsFrom       = `channels c`
	cpesThenChannels   = `cpes s CROSS JOIN attachments t CROSS JOIN channels c`
	linkedThenChannels = `extensions s CROSS JOIN links t CROSS JOIN channels c`
	loginsThenChannels = `extensions s CROSS JOIN logins t CROSS JOIN channels c`
)

func channelSorts() map[string][]leg {
	var states []leg
	for _, s := range telephony.StateCodes {
		states = append(states, leg{from: channelsFrom, key: `c.name_key`, only: string(s)})
	}
	return map[string][]leg{
		"name": {{from: channelsFrom, key: `c.name_key`}},
		"location": {{from: channelsFrom, key: `c.location_key`, where: `c.location_key > ''`},
			{from: channelsFrom, key: `c.name_key`, only: "_nowhere"}},
		"state": states,
		"cpe": {{from: cpesThenChannels, key: `s.name_key`, where: `s.customer_id = :customer
				AND t.customer_id = s.customer_id AND t.cpe_id = s.id AND c.customer_id = t.customer_id AND c.id = t.channel_id`},
			{from: channelsFrom, key: `c.name_key`, only: "_unattached"}},
		// Those whose desk it is before those who are guests there.
		"user": {{from: linkedThenChannels, key: `s.number`, where: `s.customer_id = :customer
				AND t.customer_id = s.customer_id AND t.extension_id = s.id AND c.customer_id = t.customer_id AND c.id = t.channel_id`},
			{from: loginsThenChannels, key: `s.number`, where: `s.customer_id = :customer AND t.kind = 'hotdesk'
				AND t.customer_id = s.customer_id AND t.extension_id = s.id AND c.customer_id = t.customer_id AND c.id = t.channel_id`, only: "_guests"},
			{from: channelsFrom, key: `c.name_key`, only: "_nobody"}},
	}
}

func channelSheet(listing bool) *sheet[DeskRow] {
	return &sheet[DeskRow]{
		what: "channels", from: channelsFrom, id: `c.id`, where: `c.customer_id = :customer`, joins: channelJoins,
		search: `c.name_key LIKE :like ESCAPE '!'`, sorts: channelSorts(), filters: channelFilters(listing), scan: scanDeskRow,
		columns: deskColumns,
	}
}

var channelSheets = map[bool]*sheet[DeskRow]{false: channelSheet(false), true: channelSheet(true)}

func scanDeskRow(s scanner) (r DeskRow, err error) {
	if r.Desk, err = scanDesk(s); err != nil {
		return r, err
	}
	var bound string
	var since int64
	err = s.Scan(&bound, &since, &r.Observed.Display, &r.Observed.UserAgent)
	r.Observed.Since, r.Observed.Registered = fromMicros(since), bound != ""
	return r, err
}

// ListedChannels lists the customer's channels with all that their state is made
// of, at one moment. fetching names the drivers that fetch, between blanks.
func (tx *Tx) ListedChannels(customerID, fetching string, allow telephony.Allowlist, q Listing, counted bool) ([]Marked[DeskRow], Total, error) {
	rows, n, err := listed(tx, channelSheets[allow.On], q, counted, values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now)})
	for i := range rows {
		if d := &rows[i].Row.Desk; d.CPE != nil {
			d.Refused, _ = allow.Check(d.CPE.Addresses())
		}
	}
	return rows, n, err
}

// Total is how many rows match; More says that there may be more.
type Total struct {
	N    int
	More bool
}

func listed[T any](tx *Tx, s *sheet[T], q Listing, counted bool, v values) (rows []Marked[T], n Total, err error) {
	r, err := s.read(tx, q, v)
	if err != nil {
		return nil, n, err
	}
	if tx.d.walk != "" {
		if _, err := tx.exec(tx.d.walk); err != nil {
			return nil, n, fmt.Errorf("preparing a list: %w", err)
		}
	}
	if rows, err = r.rows(); err != nil || !counted {
		return rows, n, err
	}
	n.N, n.More, err = r.count()
	return rows, n, err
}
