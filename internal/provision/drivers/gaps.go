package drivers

// Gap is devices that people have and no driver is for, or that a driver can do less
// for than for others, and what is not known of them. Nothing is guessed: a parameter
// that a phone does not know is ignored without a word.
type Gap struct{ Devices, Why string }

// Gaps are all that are known, by maker.
func Gaps() []Gap {
	return []Gap{
		{"Alcatel-Lucent 8008, 8018, 8028s to 8078s (SIP mode)", "the one public template names server, account and keys' numbers (SIPServer1Address, SIPGroup1…), but neither transport nor the registrar's port, " +
			"no periodic fetch, and no words for what a key does. They are recognised (User-Agent, file names, DHCP class), so that requests are told apart and a device's page " +
			"names what asks; the driver alcatel writes the Myriads' settings, of which they know none: they never register"},
		{"Alcatel-Lucent H2, H3P to H6 (Halo)", "no public template and no document; they are recognised and given an M3's settings, as unknown models are"},
		{"Alcatel-Lucent 4028, 4038, 4068 (IP Touch)", "sipconfig-….txt over TFTP or HTTP without TLS, and told to fetch by Telnet only"},
		{"Poly Edge B, VVX D230", "have the software of Obihai's adapters, with other files and names than Poly's; no document of the maker was found"},
		{"Poly, restarting from afar", "a NOTIFY restarts them only where a setting makes every check-sync do so, which would cut off people at each login; " +
			"a restart is not offered, and they restart by themselves where a changed parameter needs it"},
		{"Snom M100, M500 (KLE), C520, C620", "are VTech's, with files of another kind; one public template each, and no document"},
		{"Snom M300 to M900, in part", "the base's driver writes no SRTP, no periodic fetch (auto_resync_…), no credentials for the directory and no firmware: of the first two " +
			"no source has the values, of the third two sources the names, and the fourth takes a version from a directory of its own; a base that missed a push asks at its next start"},
		{"Zoiper", "which fields an account has is public; that an application fetches it anew, how it asks, and the words for TCP and TLS are known only to buyers of its OEM service"},
		{"Picking up by a watching key: Cisco, Fanvil, Htek, Alcatel-Lucent, Gigaset", "no source says where their files want the code, and whether with or without the number; " +
			"their keys show that somebody rings and call them, and the code is dialled"},
		{"Fanvil's redirect service (FDPS)", "no document of its interface is public; one public client speaks XML-RPC to an older service, " +
			"and how FDPS says that a device is another's is not known; a first-access URL is entered there by hand"},
		{"MicroSIP, Sipnetic", "no source says whether and how they fetch an account; typed in, they are generic SIP devices"},
	}
}
