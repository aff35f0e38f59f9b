package drivers

import (
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func TestP04_RecognisesWhatPhonesSend(t *testing.T) {
	cases := []struct {
		agent, path, query, cert string
		vendor, mac, model, fw   string
		kind                     provision.FileKind
	}{
		{agent: "Yealink SIP-T46G 28.72.0.1 00:15:65:4a:a9:37", path: "/0015654aa937.boot",
			vendor: "yealink", mac: "0015654aa937", model: "T46G", fw: "28.72.0.1", kind: provision.KindBoot},
		{agent: "Yealink SIP-T33G 124.85.257.55 80:5e:c0:bd:ea:ef", path: "/y000000000124.cfg",
			vendor: "yealink", mac: "805ec0bdeaef", model: "T33G", fw: "124.85.257.55", kind: provision.KindCommon},
		{agent: "Yealink W70B 146.85.0.5 80:5e:0c:1d:65:4e", path: "/805e0c1d654e.cfg",
			vendor: "yealink", mac: "805e0c1d654e", model: "W70B", fw: "146.85.0.5", kind: provision.KindConfig},
		{agent: "Yealink SIP-T56A  58.80.0.25 001565f429a4", path: "/y000000000000.boot",
			vendor: "yealink", mac: "001565f429a4", model: "T56A", fw: "58.80.0.25", kind: provision.KindCommon},
		{agent: "Yealink SIP-T46U 108.87.14.1 24:9a:d8:6e:9d:88", path: "/249AD86E9D88.CFG",
			vendor: "yealink", mac: "249ad86e9d88", model: "T46U", fw: "108.87.14.1", kind: provision.KindConfig},
		{agent: "VP530P 23.70.0.40 00:15:65:31:4b:c0", path: "/",
			vendor: "yealink", mac: "001565314bc0", model: "VP530P", fw: "23.70.0.40"},
		{agent: "Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0", path: "/001565aabbcc-local.cfg",
			vendor: "yealink", mac: "001565aabbcc", model: "T46G", fw: "28.71.0.81", kind: provision.KindUpload},
		{agent: "yealink SIP-T18 18.0.0.80", path: "/001565aabbcc.cfg",
			vendor: "yealink", mac: "001565aabbcc", model: "T18", fw: "18.0.0.80", kind: provision.KindConfig},
		{path: "/805ec0123456.cfg", vendor: "yealink", mac: "805ec0123456", kind: provision.KindConfig},
		{path: "/y000000000108.cfg", vendor: "yealink", model: "T46U", kind: provision.KindCommon},
		{path: "/ca.crt", vendor: "yealink", kind: provision.KindTrust},

		{agent: "Mozilla/4.0 (compatible; snom710-SIP 8.7.5.35 1.1.5-IFX-05.01.12 000413741767)", path: "/snom710.htm",
			vendor: "snom", mac: "000413741767", model: "710", fw: "8.7.5.35", kind: provision.KindCommon},
		{agent: "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:0)", path: "/000413922D24.xml",
			vendor: "snom", mac: "000413922d24", model: "D785", fw: "10.1.33.33", kind: provision.KindConfig},
		{agent: "Mozilla/4.0 (compatible; snom320-SIP 7.3.30 1.1.3-u)", path: "/snom320-000413AABBCC.htm",
			vendor: "snom", mac: "000413aabbcc", model: "320", fw: "7.3.30", kind: provision.KindConfig},
		{agent: "Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)", path: "/000413b60680",
			vendor: "snom", mac: "000413b60680", model: "M900", fw: "05.20.0001", kind: provision.KindConfig},
		{agent: "Mozilla/4.0 (compatible; snom lid 3605)", path: "/", query: "mac=00041312AB34",
			vendor: "snom", mac: "00041312ab34", kind: provision.KindConfig},
		{path: "/snomD785-firmware.xml", vendor: "snom"},
		{path: "/snomD717-0004131A2B3C.htm", vendor: "snom", mac: "0004131a2b3c", model: "D717", kind: provision.KindConfig},
		{path: "/0004131A2B3C.xml", vendor: "snom", mac: "0004131a2b3c", kind: provision.KindConfig},

		{agent: "LinphoneAndroid/5.2.5 (realme Note 50) LinphoneSDK/5.3.47 (tags/5.3.47^0)", path: "",
			vendor: "linphone", model: "Linphone", fw: "5.2.5", kind: provision.KindConfig},
		{agent: "LinphoneAndroid/3.2.8 (belle-sip/1.6.3)", path: "/anything/at-all",
			vendor: "linphone", model: "Linphone", fw: "3.2.8", kind: provision.KindConfig},
		{agent: "Unknown", path: "", vendor: "linphone", model: "Linphone", kind: provision.KindConfig},

		// Certificates name a MAC in any spelling; a generic one names nobody.
		{agent: "Yealink SIP-T54W 96.86.0.70", path: "/y000000000096.cfg", cert: "80-5E-C0-12-34-56",
			vendor: "yealink", mac: "805ec0123456", model: "T54W", fw: "96.86.0.70", kind: provision.KindCommon},
		{path: "/805ec0123456.cfg", cert: "805e.c012.3456", vendor: "yealink", mac: "805ec0123456", kind: provision.KindConfig},
		{path: "/805ec0123456.cfg", cert: "Yealink Equipment", vendor: "yealink", mac: "805ec0123456", kind: provision.KindConfig},

		// Vendors without a driver: the MAC is found all the same.
		{agent: "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee", path: "/cfgc074ad0b63ee", mac: "c074ad0b63ee"},
		{agent: "Grandstream Model HW GXP1405 SW 1.0.4.23 DevId 000b8240d55c", path: "/cfg000b8240d55c.bin", mac: "000b8240d55c"},
		{agent: "Grandstream Model HW HT801 V1.1A SW 1.0.17.5 DevId c074ad273a10", mac: "c074ad273a10", path: "/cfg.bin"},
		{agent: "Grandstream Model HW GRP2601W SW 1.0.7.32 DevId EC:74:D7:89:1A:76", mac: "ec74d7891a76", path: "/phonebook.bin"},
		{agent: "FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application", path: "/0004f2aabbcc-boot.txt", mac: "0004f2aabbcc"},
		{agent: "FileTransport PolycomVVX-VVX_500-UA/5.9.7.47435 Type/Updater", path: "/000000000000-license.txt"},
		{agent: "FileTransport PolyCCX-CCX_600-UA/8.0.2.3267 (SN:482567b5313f) Type/Application", path: "/x.txt", mac: "482567b5313f"},
		{agent: "FileTransport PolyEdge-Edge_E450-UA/8.0.0.15602 Type/Application", path: "/x.txt"},
		{agent: "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)", path: "/x.txt", mac: "00562b043615"},
		{agent: "Cisco-CP-8841-3PCC/11.0 (00562b043615)", path: "/x.txt", mac: "00562b043615"},
		{agent: "Cisco/SPA501G-7.4.4 (8843E157DDCC)(CBT141100HR)", path: "/x.txt", mac: "8843e157ddcc"},
		{agent: "Linksys/SPA-942-6.1.5(a) (88019FA42805)", path: "/x.txt"}, // a serial number
		{agent: "Fanvil X4 2.10.2.6887 0c383e07e16c", path: "/x.txt", mac: "0c383e07e16c"},
		{agent: "Fanvil X6U Pro 0.0.10 0c383e2cd782", path: "/x.txt", mac: "0c383e2cd782"},
		{agent: "Fanvil V67 2.6.6.187 0c383e2b29e6", path: "/x.txt", mac: "0c383e2b29e6"},
		{agent: "Fanvil H2U-V2 2.12.0 0c383e32342e", path: "/x.txt", mac: "0c383e32342e"},
		{agent: "N510 IP PRO/42.245.00.000.000;7C2F804DF9A9", path: "/x.txt", mac: "7c2f804df9a9"},
		{agent: "Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605", path: "/x.txt", mac: "7c2f80e0d605"},
		{agent: "Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP", path: "/x.txt", mac: "00085d237429"},
		{agent: "Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP", path: "/x.txt", mac: "1400e91edb52"},
		{agent: "Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9", path: "/x.txt", mac: "001fc11c22a9"},
		{agent: "ALE 8028s-GE 1.51.52.2204 487a55023075", path: "/x.txt", mac: "487a55023075"},
		{agent: "curl/8.5.0", path: "/admin.php"},
	}
	for _, c := range cases {
		rec, err := All().Recognise(provision.Request{Method: "GET", Path: c.path, Query: c.query, UserAgent: c.agent, CertCN: c.cert})
		name := c.agent + " " + c.path
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		vendor := ""
		if rec.Driver != nil {
			vendor = rec.Driver.Info().Vendor
		}
		if vendor != c.vendor || string(rec.MAC()) != c.mac || rec.Match.Model != c.model || rec.Match.Firmware != c.fw || rec.Match.Kind != c.kind {
			t.Errorf("%s: got %s %s %+v, want %s %s %s %s %s", name, vendor, rec.MAC(), rec.Match, c.vendor, c.mac, c.model, c.fw, c.kind)
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
