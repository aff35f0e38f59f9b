package voice

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// event is one telephone-event packet.
func event(timestamp uint32, number byte, end bool, duration uint16) packet {
	flags := byte(10)
	if end {
		flags |= 0x80
	}
	return packet{ssrc: 7, timestamp: timestamp, payload: []byte{number, flags, byte(duration >> 8), byte(duration)}}
}

func TestH02_EventsCountOnce(t *testing.T) {
	press := func(at uint32, n byte) (p []packet) {
		for i := range uint16(5) {
			p = append(p, event(at, n, false, (i+1)*160))
		}
		for range 3 {
			p = append(p, event(at, n, true, 960))
		}
		return p
	}
	join := func(lists ...[]packet) (p []packet) {
		for _, l := range lists {
			p = append(p, l...)
		}
		return p
	}
	one, two := press(1000, 1), press(3000, 1)
	var long []packet // one key, held for 20 s: the duration runs over twice
	for i := range uint32(1000) {
		segment := (i * 160) / 0xffff
		long = append(long, event(5000+segment*0xffff, 9, i == 999, uint16((i+1)*160-segment*0xffff)))
	}
	for name, c := range map[string]struct {
		packets []packet
		want    string
	}{
		"one key":                    {one, "1"},
		"the same key twice":         {join(one, two), "11"},
		"every packet twice":         {join(one, one, two, two), "11"},
		"the ends lost":              {join(one[:5], two[:5]), "11"},
		"only ends left":             {join(one[5:], two[7:]), "11"},
		"the first after the second": {join(one[:2], two[:2], one[2:], two[2:]), "11"},
		"held for long":              {long, "9"},
		"over the end of time":       {join(press(0xffffff00, 11), press(0x100, 0)), "#0"},
		"hook flash":                 {join(press(1000, 16), press(3000, 5)), "5"},
		"cut off":                    {[]packet{{payload: []byte{1, 2, 3}}}, ""},
		"begun anew":                 {join(press(90_000_000, 3), press(1000, 4)), "34"},
		"another source":             {append(press(9000, 3), packet{ssrc: 8, timestamp: 10, payload: []byte{4, 0, 0, 160}}), "34"},
	} {
		var r eventReader
		got := ""
		for _, p := range c.packets {
			if d, ok := r.read(p); ok {
				got += string(rune(d))
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A phone that begins its numbers anew, as some do after a hold, is heard all the same.
func TestH02_OnlyWhatWasOvertakenIsLate(t *testing.T) {
	s := &Session{got: true, gotSRC: 9, gotSeq: 60000}
	for _, c := range []struct {
		ssrc uint32
		seq  uint16
		late bool
	}{{9, 60000, true}, {9, 59950, true}, {9, 60001, false}, {9, 40000, false}, {9, 10, false}, {8, 60000, false}} {
		if got := s.late(packet{ssrc: c.ssrc, seq: c.seq}); got != c.late {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// dtmf is keys as sound: level of the low tone, twist of the high one in dB.
func dtmf(keys string, on, off int, level, twist, detune float64) (out []int16) {
	for _, k := range keys {
		i := strings.IndexRune(toneKeys, k)
		low := []float64{697, 770, 852, 941}[i/4] * detune
		high := []float64{1209, 1336, 1477, 1633}[i%4] * detune
		for n := range on * 8 {
			at := 2 * math.Pi * float64(n) / sampleRate
			out = append(out, int16(level*(math.Sin(low*at)+math.Pow(10, twist/20)*math.Sin(high*at))))
		}
		out = append(out, make([]int16, off*8)...)
	}
	return out
}

func hearTones(codec Codec, samples []int16) string {
	var r toneReader
	b := make([]byte, len(samples))
	for i, x := range samples {
		b[i] = codec.Encode(x)
	}
	var got []byte
	for len(b) > 0 {
		n := min(len(b), frameBytes)
		got = r.read(got, codec, b[:n])
		b = b[n:]
	}
	return string(got)
}

func TestH02_TonesAreRecognised(t *testing.T) {
	const all = "0123456789*#ABCD" + "1001"
	for name, samples := range map[string][]int16{
		"usual":               dtmf(all, 100, 80, 6000, 2, 1),
		"short":               dtmf(all, 50, 50, 6000, 0, 1),
		"quiet":               dtmf(all, 100, 80, 400, 0, 1),
		"loud":                dtmf(all, 100, 80, 15000, 0, 1),
		"high tone louder":    dtmf(all, 100, 80, 3000, 6, 1),
		"high tone quieter":   dtmf(all, 100, 80, 6000, -4, 1),
		"one percent too low": dtmf(all, 100, 80, 6000, 0, 0.99),
		"long":                dtmf(all, 2000, 60, 6000, 0, 1),
	} {
		for _, codec := range []Codec{PCMA, PCMU} {
			if got := hearTones(codec, samples); got != all {
				t.Errorf("%s, %s: %q", name, codec, got)
			}
		}
	}
	noisy := dtmf(all, 100, 80, 6000, 0, 1)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noisy {
		noisy[i] += int16(random.NormFloat64() * 500)
	}
	if got := hearTones(PCMA, noisy); got != all {
		t.Errorf("with noise: %q", got)
	}
}

func TestSpeechAndOtherTonesAreNoDigits(t *testing.T) {
	for _, l := range Languages {
		texts, err := Texts(l)
		if err != nil {
			t.Fatal(err)
		}
		for p := range texts {
			if got := hearTones(PCMA, Say(l, p)[0].Samples()); got != "" {
				t.Errorf("%s %s sounds like %q", l, p, got)
			}
		}
	}
	for name, hz := range map[string][]float64{"ringing": {425}, "dial tone": {350, 440}, "fax": {1100}, "one half": {770}, "three tones": {697, 852, 1336}} {
		tone := make([]int16, 8000)
		for n := range tone {
			for _, f := range hz {
				tone[n] += int16(5000 * math.Sin(2*math.Pi*f*float64(n)/sampleRate))
			}
		}
		if got := hearTones(PCMA, tone); got != "" {
			t.Errorf("%s sounds like %q", name, got)
		}
	}
	random, hiss := rand.New(rand.NewPCG(3, 4)), make([]int16, 60*8000)
	for i := range hiss {
		hiss[i] = int16(random.NormFloat64() * 6000)
	}
	if got := hearTones(PCMU, hiss); got != "" {
		t.Errorf("noise sounds like %q", got)
	}
}

func TestH02_DigitsOfINFO(t *testing.T) {
	for _, c := range []struct {
		kind, body string
		want       string
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"},
		{"application/dtmf-relay", "Duration= 160\nSignal= #\n", "#"},
		{"Application/DTMF-Relay; charset=utf-8", "signal=*", "*"},
		{"application/dtmf-relay", "Signal=10\r\n", "*"},
		{"application/dtmf-relay", "Signal=11\r\n", "#"},
		{"application/dtmf-relay", "Signal=d\r\n", "D"},
		{"application/dtmf", "7", "7"},
		{"application/dtmf", " 11\r\n", "#"},
		{"application/dtmf", "12345", ""},
		{"application/dtmf", "", ""},
		{"application/dtmf-relay", "Signal=\r\n", ""},
		{"application/dtmf-relay", "Signal=16\r\n", ""},
		{"application/dtmf-relay", "Signal=+1\r\n", ""},
		{"application/dtmf-relay", "Duration=160\r\n", ""},
		{"application/dtmf-relay", "Signal=5" + strings.Repeat(" ", 300), ""},
		{"text/plain", "5", ""},
		{"", "5", ""},
	} {
		d, ok := ParseInfo(c.kind, []byte(c.body))
		if got := strings.Trim(string(rune(d)), "\x00"); got != c.want || ok != (c.want != "") {
			t.Errorf("%s %q: %q %v, want %q", c.kind, c.body, got, ok, c.want)
		}
	}
}

func FuzzInfo(f *testing.F) {
	f.Add("application/dtmf-relay", []byte("Signal=5\r\nDuration=160\r\n"))
	f.Add("application/dtmf", []byte("11"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if d, ok := ParseInfo(kind, body); ok && strings.IndexByte(keys, d) < 0 {
			t.Fatalf("digit %q", d)
		}
	})
}
