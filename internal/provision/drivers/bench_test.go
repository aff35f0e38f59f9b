package drivers

import (
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func BenchmarkRender(b *testing.B) {
	for _, drv := range under() {
		vendor := drv.Info().Vendor
		d := desk(vendor, func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") })
		if !drv.Info().Fetches() {
			continue
		}
		b.Run(vendor, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := drv.Render(d, provision.KindConfig)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(f.Body)))
			}
		})
	}
}

func BenchmarkRecognise(b *testing.B) {
	r := provision.Request{Method: "GET", Path: "/805ec0123456.cfg", UserAgent: "Yealink SIP-T46U 108.87.14.1 80:5e:c0:12:34:56"}
	b.ReportAllocs()
	for b.Loop() {
		if rec, err := All().Recognise(r); err != nil || rec.Driver == nil {
			b.Fatal(err)
		}
	}
}
