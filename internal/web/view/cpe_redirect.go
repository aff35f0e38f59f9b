package view

import "tischlein/internal/telephony"

// redirectNames are how the makers call their redirect services.
var redirectNames = map[string]string{
	"yealink_rps": "Yealink RPS", "snom_sraps": "Snom SRAPS", "grandstream_gdms": "Grandstream GDMS", "poly_lens": "Poly Lens",
	"gigaset_redirect": "Gigaset Redirect",
}

var redirectTones = map[telephony.RedirectState]Tone{
	telephony.RedirectWaiting: ToneBusy, telephony.RedirectSet: ToneOK, telephony.RedirectOwned: ToneBad,
	telephony.RedirectRefused: ToneBad, telephony.RedirectUnavailable: ToneWait,
}

var redirectIcons = map[telephony.RedirectState]string{
	telephony.RedirectWaiting: "state-pending", telephony.RedirectSet: "check", telephony.RedirectOwned: "lock",
	telephony.RedirectRefused: "warning", telephony.RedirectUnavailable: "clock",
}

// redirectable: there is an entry, or there may be one.
func (m CPEPage) redirectable() bool {
	return m.Redirect != nil || m.RedirectService != "" && m.CPE.MAC != "" && !m.CPE.Lost
}

func (m CPEPage) redirectName() string {
	service := m.RedirectService
	if m.Redirect != nil {
		service = m.Redirect.Service
	}
	if n := redirectNames[service]; n != "" {
		return n
	}
	return service
}

func (m CPEPage) redirectSerial() string {
	if m.Redirect == nil {
		return ""
	}
	return m.Redirect.Serial
}

// redirectMissing: the state is not what is wanted, so trying again may help.
func (m CPEPage) redirectMissing() bool {
	return m.Redirect != nil && m.Redirect.State != telephony.RedirectSet
}

// asksSerial is how that is called by which the service takes new devices beside
// their MAC, "" for a service that takes the MAC alone.
func (m CPEPage) asksSerial() string {
	return map[string]string{"grandstream_gdms": "redirects.serial", "gigaset_redirect": "redirects.mac_id"}[m.RedirectService]
}

// redirectOwned: another operator has the device; until it is given free, there is
// nothing to enter, only to ask again.
func (m CPEPage) redirectOwned() bool {
	return m.Redirect != nil && m.Redirect.State == telephony.RedirectOwned
}

// redirectIdle: the device has found us, and its entry is as wanted or there is none. Nobody comes for it then.
func (m CPEPage) redirectIdle() bool {
	return !m.needsProof() && m.CPE.Trust != telephony.TrustFrozen && !m.redirectMissing()
}
