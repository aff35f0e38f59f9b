package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

const newVersion = "108.87.0.1"

func (h *house) image(version string) telephony.FirmwareFile {
	h.Helper()
	f, err := h.app.Firmware.Add(bg, h.admin, telephony.FirmwareFile{Driver: "yealink", Models: []string{"T46U"}, Version: version, FileName: "T46U-" + version + ".rom"},
		strings.NewReader("image "+version))
	h.ok(err)
	return f
}

// rolls runs the rollout's work until there is no more.
func (h *house) rolls() {
	h.Helper()
	for range 100 {
		more, err := h.app.Jobs.Roll(bg)
		h.ok(err)
		if !more {
			return
		}
	}
	h.Fatal("the rollout does not come to rest")
}

// phoneOf is a T46U of the customer, at no channel.
func (h *house) phoneOf(customer telephony.Customer, n int, firmware string) app.Device {
	h.Helper()
	v, err := h.app.CPEs.Create(bg, h.admin, telephony.CPE{CustomerID: customer.ID, Driver: "yealink", Model: "T46U", MAC: telephony.MAC(fmt.Sprintf("805ec0%06x", n))})
	h.ok(err)
	d := app.Device{ID: v.CPE.ID, CustomerID: customer.ID, MAC: v.CPE.MAC, Driver: "yealink", Model: "T46U"}
	h.reports(d, firmware)
	return d
}

// reports has the device take what it should have, saying what it runs.
func (h *house) reports(d app.Device, firmware string) {
	h.Helper()
	_, rev, err := h.app.Devices.Desired(bg, d)
	h.ok(err)
	h.app.Devices.Fetched(bg, app.Fetch{Device: d, Revision: rev, UserAgent: "Yealink SIP-T46U " + firmware, Firmware: firmware, From: home, At: h.clock()})
	h.flush()
}

func (h *house) named(d app.Device) telephony.Firmware {
	h.Helper()
	want, rev, err := h.app.Devices.Desired(bg, d)
	h.ok(err)
	c, err := h.app.CPEs.Get(bg, h.admin, d.CustomerID, d.ID)
	h.ok(err)
	if c.CPE.Wanted != rev {
		h.Fatalf("the wanted revision of %s is %s, what it should be told is %s", d.ID, c.CPE.Wanted, rev)
	}
	return want.Firmware
}

func (h *house) counts(id string) map[telephony.UpgradeState]int {
	h.Helper()
	v, err := h.app.Rollouts.Get(bg, h.admin, id)
	h.ok(err)
	return v.Counts
}

func TestP12_FirmwareIsKeptByItsContent(t *testing.T) {
	both(t, func(h *house) {
		f := h.image(newVersion)
		file, _, err := h.app.Firmware.Open(bg, f.SHA256, f.FileName)
		h.ok(err)
		got, err := io.ReadAll(file)
		h.ok(errors.Join(err, file.Close()))
		if string(got) != "image "+newVersion || f.Size != int64(len(got)) {
			t.Errorf("%q %+v", got, f)
		}
		for _, name := range []string{"", "other.rom", "../key", f.SHA256} {
			_, _, err := h.app.Firmware.Open(bg, f.SHA256, name)
			h.refused(err, telephony.NotFound, "")
		}
		_, _, err = h.app.Firmware.Open(bg, "../../"+f.SHA256[6:], f.FileName)
		h.refused(err, telephony.NotFound, "")
		add := func(edit func(*telephony.FirmwareFile), content []byte) error {
			x := telephony.FirmwareFile{Driver: "yealink", Models: []string{"t46u"}, Version: "1", FileName: "a.rom"}
			edit(&x)
			_, err := h.app.Firmware.Add(bg, h.admin, x, bytes.NewReader(content))
			return err
		}
		h.refused(add(func(x *telephony.FirmwareFile) { x.Driver = "generic" }, []byte("x")), telephony.Invalid, "firmware_unable")
		h.refused(add(func(x *telephony.FirmwareFile) { x.Models = []string{"T999"} }, []byte("x")), telephony.Invalid, "model_unknown")
		h.refused(add(func(x *telephony.FirmwareFile) { x.FileName = "../a" }, []byte("x")), telephony.Invalid, "file_name_malformed")
		h.refused(add(func(*telephony.FirmwareFile) {}, nil), telephony.Invalid, "firmware_empty")
		h.refused(add(func(*telephony.FirmwareFile) {}, make([]byte, 1<<20+1)), telephony.Invalid, "firmware_large")
		h.refused(add(func(x *telephony.FirmwareFile) { x.Version, x.FileName = f.Version, f.FileName }, []byte("x")), telephony.Conflict, "firmware_taken")
		// What was refused leaves nothing on the disk, and takes nothing that is kept.
		h.refused(add(func(x *telephony.FirmwareFile) { x.Version, x.FileName = f.Version, f.FileName }, got), telephony.Conflict, "firmware_taken")
		if kept, err := os.ReadDir(h.firmware); err != nil || len(kept) != 1 || kept[0].Name() != f.SHA256 {
			t.Errorf("on the disk: %v, %v", kept, err)
		}
		support := h.admin
		support.Role = auth.OperatorSupport
		_, err = h.app.Firmware.Add(bg, support, f, strings.NewReader("x"))
		h.refused(err, telephony.Forbidden, "")
		partner := auth.Actor{Role: auth.PartnerAdmin, PartnerID: "p", Scopes: auth.Scopes}
		_, err = h.app.Firmware.List(bg, partner)
		h.refused(err, telephony.NotFound, "")
		h.ok(h.app.Firmware.Remove(bg, h.admin, f.ID))
		_, _, err = h.app.Firmware.Open(bg, f.SHA256, f.FileName)
		h.refused(err, telephony.NotFound, "")
	})
}

func TestP12_RolloutTellsDevicesOfItsStageInTheirWindow(t *testing.T) {
	both(t, func(h *house) {
		tokyo, err := h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: "2000", Name: "Tokio", TimeZone: "Asia/Tokyo"})
		h.ok(err)
		old, current := h.phoneOf(h.cust, 1, "108.86.0.20"), h.phoneOf(h.cust, 2, newVersion)
		far := h.phoneOf(tokyo, 3, "108.86.0.20")
		other := h.customer("3000")
		outside := h.phoneOf(other, 4, "108.86.0.20")
		f := h.image(newVersion)
		if h.named(old).URL != "" {
			t.Fatal("firmware without a rollout")
		}
		v, err := h.app.Rollouts.Create(bg, h.admin, telephony.Rollout{FirmwareID: f.ID, Model: "T46U", Percent: 100, Customers: []string{h.cust.ID, tokyo.ID}, Opens: "18:00", Closes: "21:00"})
		h.ok(err)
		id := v.Rollout.ID
		_, err = h.app.Rollouts.Create(bg, h.admin, telephony.Rollout{FirmwareID: f.ID, Model: "T46U", Percent: 1})
		h.refused(err, telephony.Conflict, "rollout_there")
		h.refused(h.app.Firmware.Remove(bg, h.admin, f.ID), telephony.Conflict, "firmware_used")
		// 9:00 UTC is 10:00 in Berlin and 18:00 in Tokyo.
		h.rolls()
		if got := h.named(far); got.Version != newVersion || got.URL != "https://prov.test.example/w/"+f.SHA256+"/"+f.FileName {
			t.Fatalf("Tokyo is told %+v", got)
		}
		if h.named(old).URL != "" || h.named(current).URL != "" || h.named(outside).URL != "" {
			t.Fatal("a device outside its window or stage was told")
		}
		if n := h.counts(id); n[telephony.UpgradeDone] != 1 || n[telephony.UpgradeTold] != 1 || n[telephony.UpgradeWaiting] != 1 {
			t.Fatalf("%v", n)
		}
		// Tokyo's window closes before the device came; Berlin's opens.
		h.pass(8*time.Hour + time.Minute)
		h.rolls()
		if h.named(far).URL != "" {
			t.Error("the version stands after the window")
		}
		if h.named(old).Version != newVersion {
			t.Error("the window has opened, and nothing is told")
		}
		h.pass(time.Minute)
		h.reports(old, "108.86.0.20")
		h.rolls()
		if n := h.counts(id); n[telephony.UpgradeTold] != 1 || n[telephony.UpgradeDone] != 1 {
			t.Errorf("%v", n)
		}
		h.pass(3 * time.Minute)
		h.reports(old, newVersion)
		h.rolls()
		if n := h.counts(id); n[telephony.UpgradeDone] != 2 || n[telephony.UpgradeFailed] != 0 {
			t.Errorf("%v", n)
		}
		wanted := h.named(old)
		_, err = h.app.Rollouts.End(bg, h.admin, id)
		h.ok(err)
		h.rolls()
		if h.named(old) != wanted {
			t.Error("a device that has arrived is told something else again")
		}
		_, err = h.app.Rollouts.Resume(bg, h.admin, id)
		h.refused(err, telephony.Conflict, "rollout_ended")
		log, err := h.app.Audit.List(bg, h.admin, "", app.AuditQuery{ObjectID: id})
		h.ok(err)
		if len(log.Items) != 2 {
			t.Errorf("%d entries", len(log.Items))
		}
	})
}

func TestP12_FailuresHaltARolloutAndPauseTakesItBack(t *testing.T) {
	both(t, func(h *house) {
		var phones []app.Device
		for i := range 6 {
			phones = append(phones, h.phoneOf(h.cust, i+1, "108.86.0.20"))
		}
		f := h.image(newVersion)
		v, err := h.app.Rollouts.Create(bg, h.admin, telephony.Rollout{FirmwareID: f.ID, Model: "T46U", Percent: 100, AtOnce: 3, MostFailures: 2, Patience: 10 * time.Minute})
		h.ok(err)
		id := v.Rollout.ID
		h.rolls()
		told := func() (list []app.Device) {
			for _, p := range phones {
				if h.named(p).URL != "" {
					list = append(list, p)
				}
			}
			return list
		}
		first := told()
		if len(first) != 3 {
			t.Fatalf("%d are on their way, at most 3 may be", len(first))
		}
		// A pause takes it back, and a resumption tells anew.
		_, err = h.app.Rollouts.Pause(bg, h.admin, id)
		h.ok(err)
		h.rolls()
		if len(told()) != 0 {
			t.Fatal("a paused rollout tells")
		}
		_, err = h.app.Rollouts.Resume(bg, h.admin, id)
		h.ok(err)
		h.rolls()
		first = told()
		h.pass(time.Minute)
		for _, p := range first { // they take it, and two never come back with it
			h.reports(p, "108.86.0.20")
		}
		h.rolls()
		h.pass(2 * time.Minute)
		h.reports(first[0], newVersion)
		h.reports(first[1], "108.86.0.20") // it restarted, and runs what it ran
		h.pass(9 * time.Minute)
		h.rolls()
		v, err = h.app.Rollouts.Get(bg, h.admin, id)
		h.ok(err)
		if v.Rollout.Status != telephony.RolloutHalted || v.Counts[telephony.UpgradeFailed] != 2 || v.Counts[telephony.UpgradeDone] != 1 {
			t.Fatalf("%s %v", v.Rollout.Status, v.Counts)
		}
		if h.named(first[1]).URL != "" {
			t.Error("a failed device is still told")
		}
		list, err := h.app.Rollouts.Laggards(bg, h.admin, id, 10)
		h.ok(err)
		reasons := map[string]string{}
		for _, l := range list {
			reasons[l.Upgrade.CPEID] = l.Upgrade.Reason
		}
		if len(list) != 2 || reasons[first[1].ID] != telephony.LagOldVersion || reasons[first[2].ID] != telephony.LagSilent {
			t.Errorf("%v", reasons)
		}
		// One of them comes after all; the other one gets another turn.
		h.reports(first[2], newVersion)
		_, err = h.app.Rollouts.Retry(bg, h.admin, id)
		h.ok(err)
		h.rolls()
		if n := h.counts(id); n[telephony.UpgradeFailed] != 0 || n[telephony.UpgradeTold] != 3 {
			t.Errorf("%v", n)
		}
		// A smaller stage lets those go that were not told.
		_, err = h.app.Rollouts.Update(bg, h.admin, id, 0, func(r *telephony.Rollout) error { r.Percent = 0; return nil })
		h.ok(err)
		h.rolls()
		if n := h.counts(id); n[telephony.UpgradeWaiting] != 0 {
			t.Errorf("%v", n)
		}
		_, err = h.app.Rollouts.End(bg, h.admin, id)
		h.ok(err)
		h.rolls()
		// The two that arrived keep what they have; nobody else is told any more.
		if n := told(); len(n) != 2 || h.named(first[1]).URL != "" {
			t.Errorf("%d are told after the end", len(n))
		}
	})
}
