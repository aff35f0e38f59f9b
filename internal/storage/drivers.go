package storage

// DriversInUse lists the drivers that any customer's device has.
func (tx *Tx) DriversInUse() ([]string, error) {
	r, err := tx.query(`SELECT DISTINCT driver FROM cpes ORDER BY driver`)
	return all("drivers in use", func(s scanner) (d string, err error) { return d, s.Scan(&d) }, r, err)
}
