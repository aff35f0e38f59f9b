package drivers

import "strconv"

// htekAccount is the numbers of one account's own parameters.
type htekAccount struct{ enable, label, user, auth, password, name string }

var htekAccountNumbers = [htekAccounts]htekAccount{
	{"P271", "P20000", "P35", "P36", "P34", "P3"},
	{"P401", "P20001", "P735", "P736", "P734", "P703"},
	{"P501", "P20002", "P504", "P505", "P506", "P507"},
	{"P601", "P20003", "P604", "P605", "P606", "P607"},
	{"P20360", "P20378", "P1704", "P1705", "P1706", "P1707"},
	{"P20361", "P20379", "P1804", "P1805", "P1806", "P1807"},
}

// htekServing is the numbers of where and how an account registers. Older firmware
// has them per account; newer makes a profile of them that any account may use.
type htekServing struct {
	server, second, proxy, secondProxy, transport, nat, register, expires string
	unregistered, mwi, features, srtp, answers                            string
}

var htekServingNumbers = [4]htekServing{
	{"P47", "P967", "P48", "P20047", "P130", "P52", "P31", "P32", "P109", "P99", "P191", "P183", "P90"},
	{"P747", "P987", "P748", "P20048", "P830", "P730", "P731", "P732", "P813", "P709", "P751", "P443", "P425"},
	{"P502", "P988", "P503", "P20049", "P930", "P514", "P510", "P512", "P913", "P515", "P1891", "P543", "P525"},
	{"P602", "P989", "P603", "P20050", "P1030", "P614", "P610", "P612", "P1013", "P615", "P1991", "P643", "P625"},
}

// htekProfile says which profile account n has, from 1.
func htekProfile(n int) string { return htekNumber(24081 + n) }

// htekHoteling is the numbers by which somebody could log in at account n.
func htekHoteling(n int) (enable, auto, user, password string) {
	return htekNumber(20708 + n), htekNumber(20714 + n), htekNumber(20720 + n), htekNumber(20726 + n)
}

// htekKey is the numbers of one line key.
type htekKey struct{ kind, mode, value, label, account, pickup string }

// htekKeyAt is key n, from 1: four have their own numbers, the others blocks.
func htekKeyAt(n int) htekKey {
	k := htekKey{mode: htekNumber(20599 + n)}
	if n <= 4 {
		k.kind, k.value, k.label, k.account, k.pickup = htekNumber(41199+n), htekNumber(41299+n), htekNumber(41399+n), htekNumber(41499+n), htekNumber(41599+n)
		return k
	}
	first := 20200 + 5*(n-5)
	k.kind, k.value, k.label, k.account, k.pickup = htekNumber(first), htekNumber(first+1), htekNumber(first+2), htekNumber(first+3), htekNumber(first+4)
	return k
}

func htekNumber(n int) string { return "P" + strconv.Itoa(n) }
