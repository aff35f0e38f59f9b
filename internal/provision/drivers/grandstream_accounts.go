package drivers

import "strconv"

// grandstreamAccount is the numbers of one account's parameters, "" where the
// family has none or no source names it. They follow the age of the family and no
// other rule.
type grandstreamAccount struct {
	enable, label, server, proxy, user, auth, password, name string
	register, expires, transport, scheme, nat, mwi, srtp     string
	features                                                 string // local star codes
	show                                                     string // 0: the account's name, 1: its user
	chain                                                    string // verify the certificate of SIP over TLS
	unregistered                                             string // calls without a registration
	guests                                                   string // BroadSoft's hoteling
	log                                                      string // of calls, 2: none
	profile, handset                                         string // families with ports on one profile
}

// grandstreamDesk is account n of a desk phone.
func grandstreamDesk(n int, grp260 bool) grandstreamAccount {
	if n == 1 {
		return grandstreamAccount{enable: "P271", label: "P270", server: "P47", proxy: "P48", user: "P35", auth: "P36", password: "P34",
			name: "P3", register: "P31", expires: "P32", transport: "P130", scheme: "P2329", nat: "P52", mwi: "P99", srtp: "P183",
			features: "P191", show: "P2380", chain: "P2367", guests: "P2342", log: "P182"}
	}
	var p string
	switch {
	case n <= 4:
		p = "P" + strconv.Itoa(n+2)
	case n <= 6 && grp260:
		p = "P" + strconv.Itoa(n+2)
	case n <= 6:
		p = "P" + strconv.Itoa(n+12)
	default: // 7 and more: no source names the others
		p = "P" + strconv.Itoa(499+n)
		return grandstreamAccount{enable: p + "01", server: p + "02", user: p + "04", auth: p + "05", password: p + "06"}
	}
	hundreds := (n - 1) * 100
	return grandstreamAccount{enable: p + "01", label: p + "17", server: p + "02", proxy: p + "03", user: p + "04", auth: p + "05",
		password: p + "06", name: p + "07", register: p + "10", expires: p + "12", transport: p + "48",
		scheme: "P" + strconv.Itoa(2329+hundreds), nat: p + "14", mwi: p + "15", srtp: p + "43", features: p + "20",
		show: "P" + strconv.Itoa(2380+hundreds), chain: "P" + strconv.Itoa(2367+hundreds),
		guests: "P" + strconv.Itoa(2342+hundreds), log: p + "42"}
}

// grandstreamAdapter is port n of an adapter with one or two ports.
func grandstreamAdapter(n int) grandstreamAccount {
	if n == 1 {
		return grandstreamAccount{enable: "P271", server: "P47", proxy: "P48", user: "P35", auth: "P36", password: "P34", name: "P3",
			register: "P31", expires: "P32", transport: "P130", nat: "P52", mwi: "P99", srtp: "P183", features: "P191", unregistered: "P109"}
	}
	return grandstreamAccount{enable: "P401", server: "P747", proxy: "P748", user: "P735", auth: "P736", password: "P734", name: "P703",
		register: "P731", expires: "P732", transport: "P830", nat: "P730", mwi: "P709", srtp: "P443", features: "P751", unregistered: "P813"}
}

// grandstreamProfile is what all ports of a larger adapter or a DECT base share.
var grandstreamProfile = grandstreamAccount{enable: "P271", server: "P47", proxy: "P48", register: "P31", expires: "P32", transport: "P130",
	nat: "P52", mwi: "P99", srtp: "P183", features: "P191", unregistered: "P109"}

// grandstreamPort is port n of such a device.
func grandstreamPort(n int, dect bool) grandstreamAccount {
	number := func(first int) string { return "P" + strconv.Itoa(first+n-1) }
	a := grandstreamAccount{user: number(4060), auth: number(4090), password: number(4120), name: number(4180), profile: number(4150), enable: number(4595)}
	if dect {
		a.handset = number(27080)
	}
	return a
}

// grandstreamKey is the numbers of one programmable key.
type grandstreamKey struct{ mode, account, label, value string }

// grandstreamVPK is key n beside the display, from 1.
func grandstreamVPK(n int) grandstreamKey {
	p := func(i int) string { return "P" + strconv.Itoa(i) }
	if n <= 6 {
		return grandstreamKey{p(1363 + 2*(n-1)), p(1364 + 2*(n-1)), p(1465 + 2*(n-1)), p(1466 + 2*(n-1))}
	}
	first := 23800 + 4*(n-7)
	return grandstreamKey{p(first), p(first + 1), p(first + 2), p(first + 3)}
}

// grandstreamMPK is key n of the further ones, from 1.
func grandstreamMPK(n int) grandstreamKey {
	first := 23000 + 5*(n-1)
	p := func(i int) string { return "P" + strconv.Itoa(first+i) }
	return grandstreamKey{p(0), p(1), p(2), p(3)}
}
