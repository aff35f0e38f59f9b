package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const firmwareColumns = `id, driver, models, version, file_name, sha256, size, created_at, created_by`

func scanFirmware(s scanner) (f telephony.FirmwareFile, err error) {
	var models string
	var at int64
	err = s.Scan(&f.ID, &f.Driver, &models, &f.Version, &f.FileName, &f.SHA256, &f.Size, &at, &f.CreatedBy)
	f.Models, f.CreatedAt = listOf(models), fromMicros(at)
	return f, err
}

// FirmwareFiles lists all files, the newest first.
func (tx *Tx) FirmwareFiles() ([]telephony.FirmwareFile, error) {
	r, err := tx.query(`SELECT ` + firmwareColumns + ` FROM firmware ORDER BY created_at DESC, id DESC`)
	return all("firmware", scanFirmware, r, err)
}

// FirmwareFile reads one.
func (tx *Tx) FirmwareFile(id string) (telephony.FirmwareFile, error) {
	return one("firmware", tx.row(`SELECT `+firmwareColumns+` FROM firmware WHERE id = $1`, id), scanFirmware)
}

// InsertFirmware adds one; a maker's version and file name stand once.
func (tx *Tx) InsertFirmware(f telephony.FirmwareFile) error {
	n, err := tx.exec(`INSERT INTO firmware (`+firmwareColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		f.ID, f.Driver, listText(f.Models), f.Version, f.FileName, f.SHA256, f.Size, micros(f.CreatedAt), f.CreatedBy)
	return taken("firmware", "version", "firmware_taken", f.Version+" "+f.FileName, n, err)
}

// DeleteFirmware removes one that no rollout names. last: no other one has its
// content.
func (tx *Tx) DeleteFirmware(id string) (last bool, err error) {
	f, err := tx.FirmwareFile(id)
	if err != nil {
		return false, err
	}
	var used int
	if err := tx.row(`SELECT COUNT(*) FROM rollouts WHERE firmware_id = $1`, id).Scan(&used); err != nil {
		return false, fmt.Errorf("looking for rollouts: %w", err)
	}
	if used > 0 {
		return false, telephony.Conflictf("firmware_used", "a rollout is of %s", f.Version)
	}
	n, err := tx.exec(`DELETE FROM firmware WHERE id = $1`, id)
	if err := must("firmware", n, err); err != nil {
		return false, err
	}
	var others int
	err = tx.row(`SELECT COUNT(*) FROM firmware WHERE sha256 = $1`, f.SHA256).Scan(&others)
	return others == 0, err
}
