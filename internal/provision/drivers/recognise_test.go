package drivers

import (
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func TestP04_RecognisesWhatPhonesSend(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		own := false
		for _, r := range c.requests {
			method := r.method
			if method == "" {
				method = "GET"
			}
			rec, err := All().Recognise(provision.Request{Method: method, Path: r.path, Query: r.query, UserAgent: r.agent, CertCN: r.cert})
			vendor := ""
			if rec.Driver != nil {
				vendor = rec.Driver.Info().Vendor
			}
			if err != nil || vendor != c.vendor || string(rec.MAC()) != r.mac || rec.Match.Model != r.model || rec.Match.Firmware != r.fw || rec.Match.Kind != r.kind {
				t.Errorf("%s %s: got %s %s %+v, %v, want %+v", r.agent, r.path, vendor, rec.MAC(), rec.Match, err, r)
			}
			own = own || r.kind == provision.KindConfig
		}
		if !own {
			t.Error("no phone asks for its own configuration")
		}
		// What the driver calls its files is what it takes for a request for them.
		for _, kind := range drv.Info().Kinds {
			f, err := drv.Render(desk(c.vendor, func(d *telephony.Desired) { d.SIP.RootCA = testCA }), kind)
			if err != nil || c.mac == "" {
				continue
			}
			if m, ok := drv.Match(provision.Request{Method: "GET", Path: "/" + f.Name}); !ok || m.Kind != kind {
				t.Errorf("asked for /%s, it takes that for %q, not %q", f.Name, m.Kind, kind)
			}
		}
	})
}

// The MAC is found whoever the vendor is, and where there is none, none is.
func TestP04_EveryVendorsMACIsFound(t *testing.T) {
	for agent, mac := range map[string]string{
		"Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee":                    "c074ad0b63ee",
		"Grandstream Model HW GXP1405 SW 1.0.4.23 DevId 000b8240d55c":                    "000b8240d55c",
		"Grandstream Model HW HT801 V1.1A SW 1.0.17.5 DevId c074ad273a10":                "c074ad273a10",
		"Grandstream Model HW GRP2601W SW 1.0.7.32 DevId EC:74:D7:89:1A:76":              "ec74d7891a76",
		"FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application":                "",
		"FileTransport PolyCCX-CCX_600-UA/8.0.2.3267 (SN:482567b5313f) Type/Application": "482567b5313f",
		"FileTransport PolyEdge-Edge_E450-UA/8.0.0.15602 Type/Application":               "",
		"Cisco-CP-7832-3PCC/11.0.1 (00562b043615)":                                       "00562b043615",
		"Cisco/SPA501G-7.4.4 (8843E157DDCC)(CBT141100HR)":                                "8843e157ddcc",
		"Linksys/SPA-942-6.1.5(a) (88019FA42805)":                                        "", // a serial number
		"Fanvil X4 2.10.2.6887 0c383e07e16c":                                             "0c383e07e16c",
		"Fanvil X6U Pro 0.0.10 0c383e2cd782":                                             "0c383e2cd782",
		"Fanvil H2U-V2 2.12.0 0c383e32342e":                                              "0c383e32342e",
		"N510 IP PRO/42.245.00.000.000;7C2F804DF9A9":                                     "7c2f804df9a9",
		"Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605":                      "7c2f80e0d605",
		"Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP":                               "00085d237429",
		"Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP":                                "1400e91edb52",
		"Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9":                                           "001fc11c22a9",
		"ALE 8028s-GE 1.51.52.2204 487a55023075":                                         "487a55023075",
		"LinphoneAndroid/5.2.5 (realme Note 50) LinphoneSDK/5.3.47 (tags/5.3.47^0)":      "",
	} {
		rec, err := All().Recognise(provision.Request{Method: "GET", Path: "/x.txt", UserAgent: agent})
		if err != nil || string(rec.MAC()) != mac {
			t.Errorf("%s: %q, %v, want %q", agent, rec.MAC(), err, mac)
		}
	}
	for _, path := range []string{"/admin.php", "/index.html", "/.env", "/wp-login.php"} {
		if rec, err := All().Recognise(provision.Request{Method: "GET", Path: path, UserAgent: "curl/8.5.0"}); err != nil || rec.Driver != nil || rec.MAC() != "" {
			t.Errorf("%s is a phone's: %+v, %v", path, rec, err)
		}
	}
}

func TestP04_DisagreeingEvidenceIsRefused(t *testing.T) {
	const a, b = "80:5e:c0:12:34:56", "80:5e:c0:65:43:21"
	cases := []provision.Request{
		{Path: "/805ec0123456.cfg", UserAgent: "Yealink SIP-T46U 108.87.14.1 " + b},
		{Path: "/805ec0123456.cfg", CertCN: "805EC0654321"},
		{Path: "/805ec0123456.cfg", Query: "mac=805ec0654321"},
		{Path: "/805ec0123456/805ec0654321.cfg"},
		{CertCN: a, UserAgent: "Yealink SIP-T46U 108.87.14.1 " + b},
		{Query: "address=805ec0123456&mac=805ec0654321"},
	}
	for _, r := range cases {
		rec, err := All().Recognise(r)
		if telephony.CodeOf(err) != telephony.Forbidden || telephony.ReasonOf(err) != "mac_disagrees" {
			t.Errorf("%+v: %v", r, err)
			continue
		}
		for _, mac := range []string{a, b} {
			if !strings.Contains(err.Error(), mac) {
				t.Errorf("%q does not name %s", err, mac)
			}
		}
		if len(rec.Candidates) < 2 {
			t.Errorf("%+v: candidates %v", r, rec.Candidates)
		}
	}
	// Under a credential the caller compares with the credential's own device.
	rec, err := All().Recognise(provision.Request{Path: "/805ec0654321.cfg"})
	if err != nil {
		t.Fatal(err)
	}
	if c, foreign := rec.Foreign("805ec0123456"); !foreign || c.MAC != "805ec0654321" || c.From != provision.FromPath {
		t.Errorf("foreign: %v %v", c, foreign)
	}
	if _, foreign := rec.Foreign("805ec0654321"); foreign {
		t.Error("its own MAC is foreign")
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("/805ec0123456.cfg", "", "Yealink SIP-T46U 108.87.14.1 80:5e:c0:12:34:56", "")
	f.Add("/snomD785-000413AABBCC.htm", "mac=000413AABBCC", "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 x 000413922D24)", "000413AABBCC")
	f.Add("/../../etc/passwd", "%zz", "Linphone/5 \x00\xff", "00:00:00:00:00:00:00")
	f.Fuzz(func(t *testing.T, path, query, agent, cert string) {
		r := provision.Request{Method: "GET", Path: path, Query: query, UserAgent: agent, CertCN: cert}
		rec, err := All().Recognise(r)
		distinct := map[telephony.MAC]bool{}
		for _, c := range rec.Candidates {
			if again, perr := telephony.ParseMAC(string(c.MAC)); perr != nil || again != c.MAC {
				t.Fatalf("candidate %q is no MAC: %v", c.MAC, perr)
			}
			distinct[c.MAC] = true
		}
		if (len(distinct) > 1) != (err != nil) {
			t.Fatalf("%d MACs and error %v", len(distinct), err)
		}
		if rec.Driver != nil {
			// Whatever was asked for, rendering it answers or refuses.
			_, _ = rec.Driver.Render(desk(rec.Driver.Info().Vendor, func(*telephony.Desired) {}), rec.Match.Kind)
		}
	})
}
