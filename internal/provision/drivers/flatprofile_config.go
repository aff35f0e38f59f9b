package drivers

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// system is what both vendors' files say about the device itself.
func (f flatDialect) system(s *provision.Sheet, d telephony.Desired) error {
	rule, err := flatRule(d.BaseURL.Reveal()+flatName(d.MAC), d.HTTPUser, d.HTTPPassword)
	if err != nil {
		return err
	}
	s.Set("Provision_Enable", true)
	s.Set("Profile_Rule", rule)
	s.Clear("Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D", "Report_Rule")
	s.Set("Resync_On_Reset", true)
	s.Set("Resync_Random_Delay", 2)
	s.Set("Resync_Periodic", min(max(d.RefetchSeconds, 60), 2592000))
	s.Set("Resync_Error_Retry_Delay", "300")
	// The phone itself waits for its calls to end, but not for ever.
	s.Set("Forced_Resync_Delay", 14400)
	s.Set("Resync_From_SIP", true)
	s.Set("Resync_After_Upgrade_Attempt", true)
	// Nobody on the LAN may capture the phone, nor ask it to fetch from elsewhere.
	s.Clear("DHCP_Option_To_Use")
	s.Set("User_Configurable_Resync", false)

	// A rule without a condition: the phone compares the file's name or header
	// with what it runs.
	s.Set("Upgrade_Enable", d.Firmware.URL != "")
	upgrade, err := flatRule(d.Firmware.URL, "", "")
	if err != nil {
		return err
	}
	s.Set("Upgrade_Rule", upgrade)

	ca := ""
	if d.SIP.RootCA != "" {
		ca = d.BaseURL.Reveal() + f.trust
	}
	s.Set(f.trustIn, ca)
	s.Set("NAT_Keep_Alive_Intvl", keepAlive(d.SIP.KeepAlive))
	if c, ok := clocks[d.TimeZone]; ok {
		s.Set("Time_Zone", flatOffset(c.hours))
		s.Set("Daylight_Saving_Time_Rule", flatSummer(c))
		s.Set("Daylight_Saving_Time_Enable", c.summer)
	}
	return nil
}

// account writes one used line. The AOR is the channel's random user; who sits
// there stands in names and labels only.
func (f flatDialect) account(s *provision.Sheet, d telephony.Desired, l telephony.Line) {
	n := "." + strconv.Itoa(l.Port)
	s.Set("Line_Enable"+n, true)
	s.Set("Display_Name"+n, provision.FaceOf(d, l).Display)
	s.Set("User_ID"+n, l.SIPUser)
	s.Set("Auth_ID"+n, l.SIPUser)
	s.Set("Password"+n, l.Secret)
	// The domain of the AOR is the proxy; the host that is really meant is the
	// outbound proxy.
	s.Set("Proxy"+n, d.SIP.Realm)
	s.Set("Outbound_Proxy"+n, net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)))
	if f.useAuthID {
		s.Set("Use_Auth_ID"+n, true)
		s.Set("Use_Outbound_Proxy"+n, true)
	}
	s.Set("Use_OB_Proxy_In_Dialog"+n, true)
	s.Set("Use_DNS_SRV"+n, false)
	s.Set("SIP_Transport"+n, strings.ToUpper(d.SIP.Transport))
	s.Set("Register"+n, true)
	s.Set("Register_Expires"+n, min(max(d.SIP.Expires, 60), 86400))
	// An emergency call must leave a phone that could not register (C11).
	s.Set("Make_Call_Without_Reg"+n, true)
	s.Set("Ans_Call_Without_Reg"+n, false)
	s.Set("NAT_Keep_Alive_Enable"+n, true)
	s.Set("NAT_Keep_Alive_Msg"+n, "$NOTIFY")
	s.Set("NAT_Keep_Alive_Dest"+n, "$PROXY")
	// Only who knows the account's secret may make the phone fetch or restart: our
	// registrar answers the phone's challenge (C05).
	s.Set("Auth_Resync-Reboot"+n, true)
	s.Set("Dial_Plan"+n, flatDialPlan(d.Emergency))
}

func (f flatDialect) noAccount(s *provision.Sheet, port int) {
	n := "." + strconv.Itoa(port)
	s.Set("Line_Enable"+n, false)
	s.Set("Register"+n, false)
	for _, name := range []string{"Display_Name", "User_ID", "Auth_ID", "Password", "Proxy", "Outbound_Proxy"} {
		s.Clear(name + n)
	}
}

// flatDialPlan lets everything be dialled, emergency numbers without a pause: the
// factory's plan is for North America and refuses 112.
func flatDialPlan(emergency []string) string {
	var b strings.Builder
	b.WriteByte('(')
	for _, number := range emergency {
		if number != "" && len(number) < 16 && strings.Trim(number, "0123456789") == "" {
			b.WriteString(number + "S0|")
		}
	}
	b.WriteString("xx.|*xx.|#xx.|**xx.|*#xx.)")
	return b.String()
}

// flatLanguage is the vendor's word and locale. The phone speaks English until it
// has the dictionary of that language, which is the vendor's to give.
func flatLanguage(d telephony.Desired) (word, locale string) {
	switch d.Spoken() {
	case "en":
		return "English-US", "en-US"
	case "nl":
		return "Dutch", "nl-NL"
	}
	return "German", "de-DE"
}

// flatFirst is the label of the first used line: what a display says of the whole
// phone.
func flatFirst(d telephony.Desired, m provision.Model) string {
	for _, l := range d.Lines {
		if l.Used() {
			return provision.FaceOf(d, l).LabelOn(m)
		}
	}
	return ""
}

// flatSummer is the rule for summer time.
func flatSummer(c clock) string {
	if !c.summer {
		return ""
	}
	return fmt.Sprintf("start=3/-1/7/%d:0:0;end=10/-1/7/%d:0:0;save=1", c.begins(), c.ends())
}

func flatOffset(hours int) string {
	if hours == 0 {
		return "GMT"
	}
	return "GMT+0" + strconv.Itoa(hours) + ":00"
}
