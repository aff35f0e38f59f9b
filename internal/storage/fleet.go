package storage

import (
	"strings"

	"tischlein/internal/telephony"
)

// FleetRow counts the devices of one customer, model and firmware by their state.
type FleetRow struct {
	CustomerID, Driver, Model, Firmware string
	Devices                             int
	States                              map[telephony.CPEStateCode]int
}

// within is the condition that a device belongs to whom the reach sees.
func (r Reach) within(column string) string {
	switch {
	case r.CustomerID != "":
		return column + ` = :customer`
	case r.PartnerID != "":
		return column + ` IN (SELECT id FROM customers WHERE partner_id = :partner)`
	}
	return column + ` > ''`
}

func (tx *Tx) fleetValues(r Reach, fetching string) values {
	return values{"customer": r.CustomerID, "partner": r.PartnerID, "fetching": fetching, "now": micros(tx.Now)}
}

// ofAnybody makes a condition on a customer's device one on everybody's.
func ofAnybody(condition string) string {
	return strings.ReplaceAll(condition, ":customer", "p.customer_id")
}

// unsettled are the devices that may be something else than converged: few, and
// found by indexes. A device without a registration is found by what is attached
// and not bound.
func (tx *Tx) unsettled(r Reach, v values) (string, error) {
	in, of := `SELECT p.id FROM cpes p WHERE p.id > '' AND `+r.within("p.customer_id"), r.within("customer_id")
	return tx.union(v, set{of: in + ` AND (` + trouble + `)`}, set{of: in + ` AND p.fetched_at = 0`}, set{of: in + ` AND p.wanted <> p.fetched`},
		set{whose: true, of: `SELECT customer_id, channel_id AS id FROM attachments WHERE ` + of,
			but: []string{`SELECT customer_id, channel_id AS id FROM bindings WHERE expires_at > :now AND ` + of},
			via: `SELECT a.cpe_id AS id FROM (%s) o CROSS JOIN attachments a WHERE a.customer_id = o.customer_id AND a.channel_id = o.id`})
}

// Fleet counts the devices within reach by customer, model, firmware and state
// (P10). All are counted by an index alone; only those that are not converged are
// looked at one by one.
func (tx *Tx) Fleet(reach Reach, fetching string) ([]FleetRow, error) {
	v := tx.fleetValues(reach, fetching)
	rows, err := list(tx, "fleet", `SELECT p.customer_id, p.driver, p.model, p.firmware, COUNT(*) FROM cpes p WHERE `+reach.within("p.customer_id")+`
		GROUP BY p.customer_id, p.driver, p.model, p.firmware ORDER BY p.customer_id, p.driver, p.model, p.firmware`, v,
		func(s scanner) (r FleetRow, err error) {
			return r, s.Scan(&r.CustomerID, &r.Driver, &r.Model, &r.Firmware, &r.Devices)
		})
	if err != nil {
		return nil, err
	}
	type key struct{ customer, driver, model, firmware string }
	at := map[key]int{}
	for i := range rows {
		r := &rows[i]
		r.States = map[telephony.CPEStateCode]int{telephony.CPEConverged: r.Devices}
		at[key{r.CustomerID, r.Driver, r.Model, r.Firmware}] = i
	}
	if v["closely"], err = tx.unsettled(reach, v); err != nil {
		return nil, err
	}
	type lag struct {
		key
		state telephony.CPEStateCode
		n     int
	}
	lags, err := list(tx, "fleet", `SELECT customer_id, driver, model, firmware, state, COUNT(*) FROM (
			SELECT p.customer_id, p.driver, p.model, p.firmware, `+ofAnybody(cpeState)+` AS state FROM `+tx.d.each+` m CROSS JOIN cpes p WHERE p.id = m.value) x
		WHERE state <> 'converged' GROUP BY customer_id, driver, model, firmware, state`, v, func(s scanner) (l lag, err error) {
		return l, s.Scan(&l.customer, &l.driver, &l.model, &l.firmware, &l.state, &l.n)
	})
	for _, l := range lags {
		if i, ok := at[l.key]; ok {
			rows[i].States[l.state] += l.n
			rows[i].States[telephony.CPEConverged] -= l.n
		}
	}
	return rows, err
}

// Lagging is a device that is not converged, with the first channel it serves.
type Lagging struct {
	CPE       telephony.CPE
	State     telephony.CPEStateCode
	ChannelID string // "" = it is connected nowhere
}

// Laggards lists devices within reach that are not converged, by id.
func (tx *Tx) Laggards(reach Reach, fetching, after string, limit int) (l []Lagging, err error) {
	v := tx.fleetValues(reach, fetching)
	if v["closely"], err = tx.unsettled(reach, v); err != nil {
		return nil, err
	}
	v["after"], v["limit"] = after, limit
	return list(tx, "laggards", `SELECT `+under("x", cpeColumns)+`, x.state, x.channel FROM (
			SELECT p.*, `+ofAnybody(cpeState)+` AS state, COALESCE((SELECT MIN(a.channel_id) FROM attachments a WHERE a.customer_id = p.customer_id AND a.cpe_id = p.id), '') AS channel
			FROM `+tx.d.each+` m CROSS JOIN cpes p WHERE p.id = m.value AND p.id > :after) x
		WHERE x.state <> 'converged' ORDER BY x.id LIMIT :limit`, v, func(s scanner) (l Lagging, err error) {
		if l.CPE, err = scanCPE(s); err != nil {
			return l, err
		}
		return l, s.Scan(&l.State, &l.ChannelID)
	})
}

// CustomerNames are what the customers within reach are called, by id.
func (tx *Tx) CustomerNames(reach Reach) (map[string]string, error) {
	names := map[string]string{}
	_, err := list(tx, "customers", `SELECT c.id, c.name FROM customers c WHERE `+reach.within("c.id"), values{"customer": reach.CustomerID, "partner": reach.PartnerID},
		func(s scanner) (none struct{}, err error) {
			var id, name string
			if err = s.Scan(&id, &name); id != "" {
				names[id] = name
			}
			return none, err
		})
	return names, err
}
