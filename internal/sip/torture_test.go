package sip

import (
	"fmt"
	"strings"
	"testing"
)

// proveFirst is why so many are not answered as the callee would: what the RFC asks
// of that one comes after the digest.
const proveFirst = "asked for credentials before anything else"

// torture holds messages after the ideas of RFC 4475, each written anew for this
// server, with what it answers (0: nothing) and, where the RFC leaves that open or
// expects another element, why.
var torture = []struct {
	section, name, raw string
	status             int
	why                string
}{
	{"3.1.1.1", "folds, blanks and odd case", "INVITE sip:desk@example.test;unknownparam SIP/2.0\nTO :\n sip:desk@example.test ;   tag    = 19\nfrom   : \"R \\\\\\\"\"       <sip:r@example.test>\n  ;\n  tag = 98a\nMaX-fOrWaRdS: 0068\nCall-ID: tort1@192.0.2.2\ncseq: 0009\n  INVITE\nVia  : SIP  /   2.0\n /UDP\n    192.0.2.2;branch=390sk\ns :\nNewFangled:   new value\n continued\nContact : <sip:r@192.0.2.2>\nl: 0\n\n", 481, "a dialog that nobody has; the message itself is read"},
	{"3.1.1.2", "unusual but legal characters", "!odd-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d@example.test SIP/2.0\nVia: SIP/2.0/UDP host1.example.test;branch=z9hG4bK-.!%66*_+`'~\nTo: \"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)@example.test>\nFrom: token1~` token2'+_ token3*%!.- <sip:mundane@example.test>;fromParam''~+*_!.-%=\"q\";tag=_token~1'+`*%!-.\nCall-ID: odd.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\nCSeq: 139122385 !odd-Method0123456789_*+`.%indeed'~\nMax-Forwards: 255\nextensionHeader-!.%*+_`'~: big\nContent-Length: 0\n\n", 501, "no such method here"},
	{"3.1.1.3", "escapes in the user", "INVITE sip:sips%3Auser%40example.test@example.test SIP/2.0\nTo: sip:%75se%72@example.test\nFrom: <sip:I%20have%20spaces@example.test>;tag=1\nMax-Forwards: 87\nCall-ID: esc01\nCSeq: 2 INVITE\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK3\nContent-Length: 0\n\n", 407, proveFirst},
	{"3.1.1.4", "escaped NUL is no end", "REGISTER sip:example.test SIP/2.0\nTo: sip:null-%00-null@example.test\nFrom: sip:null-%00-null@example.test;tag=8\nMax-Forwards: 70\nCall-ID: escnull\nCSeq: 14 REGISTER\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK4\nContact: <sip:%00@host5.example.test>\nContact: <sip:%00%00@host5.example.test>\nL:0\n\n", 401, proveFirst},
	{"3.1.1.5", "a percent sign in a method escapes nothing", "RE%47IST%45R sip:example.test SIP/2.0\nTo: \"%Z%45\" <sip:resource@example.test>\nFrom: \"%Z%45\" <sip:resource@example.test>;tag=f\nCall-ID: esc02\nMax-Forwards: 70\nCSeq: 29 RE%47IST%45R\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK5\nContact: <sip:alias1@host1.example.test>\nContent-Length: 0\n\n", 501, "no such method here; REGISTER would be 401"},
	{"3.1.1.6", "no blank before the bracket", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:user@example.test\nFrom: caller<sip:caller@example.test>;tag=323\nMax-Forwards: 70\nCall-ID: lwsdisp\nCSeq: 60 OPTIONS\nVia: SIP/2.0/UDP funky.example.test;branch=z9hG4bK6\nl: 0\n\n", 200, ""},
	{"3.1.1.7", "long values", "INVITE sip:user@example.test SIP/2.0\nTo: \"" + strings.Repeat("long", 60) + "\" <sip:user@example.test:6000;u1=" + strings.Repeat("long", 40) + ">\nF: sip:caller@example.test;tag=12;h" + strings.Repeat("eader", 50) + "\nCall-ID: longreq." + strings.Repeat("really", 30) + "\nCSeq: 3882340 INVITE\nMax-Forwards: 70\nVia: SIP/2.0/TCP sip33.example.test;branch=z9hG4bK7\nv: SIP/2.0/TCP sip32.example.test;branch=" + strings.Repeat("z9hG4bK", 30) + "\nContent-Length: 0\n\n", 407, proveFirst},
	{"3.1.1.8", "surplus octets", "REGISTER sip:example.test SIP/2.0\nTo: sip:j@example.test\nFrom: sip:j@example.test;tag=4\nMax-Forwards: 8\nCall-ID: dblreq\nCSeq: 8 REGISTER\nVia: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bK8\nContent-Length: 0\n\nINVITE sip:joe@example.test SIP/2.0\nt: sip:joe@example.test\nVia: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bK88\n\n", 401, proveFirst},
	{"3.1.1.9", "semicolon in the user", "OPTIONS sip:user;par=u%40example.net@example.test SIP/2.0\nTo: sip:j_user@example.test\nFrom: sip:caller@example.test;tag=33\nMax-Forwards: 8\nCall-ID: semiuri\nCSeq: 8 OPTIONS\nAccept: application/sdp\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK9\nl: 0\n\n", 200, ""},
	{"3.1.1.10", "transports of all kinds", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:user@example.test\nFrom: <sip:caller@example.test>;tag=323\nMax-Forwards: 70\nCall-ID: transports\nCSeq: 60 OPTIONS\nVia: SIP/2.0/UDP t1.example.test;branch=z9hG4bK10\nVia: SIP/2.0/SCTP t2.example.test;branch=z9hG4bKb\nVia: SIP/2.0/UNKNOWN t4.example.test;branch=z9hG4bKc\nl: 0\n\n", 200, ""},
	{"3.1.1.11", "body in parts", withBody("MESSAGE sip:kim@example.test SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK42\nMax-Forwards: 70\nTo: sip:kim@example.test\nFrom: sip:s@example.test;tag=74\nCall-ID: mpart01\nCSeq: 1 MESSAGE\nContent-Type: multipart/mixed;boundary=7a9c\n", "--7a9c\n\nHello\n--7a9c\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n0\x82\x01R\x06\t*\x00\xff\n--7a9c--\n"), 405, "a method that is known and not served, whatever its body"},
	{"3.1.1.12", "response with an unusual reason", "SIP/2.0 200 = 2**3 * 5**2\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK11\nCall-ID: unreason\nCSeq: 35 INVITE\nFrom: <sip:u@example.test>;tag=1\nTo: <sip:u@example.test>;tag=2\nContent-Length: 0\n\n", 0, ""},
	{"3.1.1.13", "response without a reason", "SIP/2.0 100 \nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK12\nCall-ID: noreason\nCSeq: 35 INVITE\nFrom: <sip:u@example.test>;tag=1\nTo: <sip:u@example.test>\nContent-Length: 0\n\n", 0, ""},
	{"3.1.2.1", "stray separators", "INVITE sip:user@example.test SIP/2.0\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=13\nMax-Forwards: 7\nCall-ID: badinv01\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP 192.0.2.15;;,;,,\nContact: \"Joe\" <sip:joe@example.test>;;;;\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.2", "Content-Length beyond the end", "INVITE sip:user@example.test SIP/2.0\nMax-Forwards: 80\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=93\nCall-ID: clerr\nVia: SIP/2.0/UDP host5.example.test;branch=z9hG4bK13\nCSeq: 8 INVITE\nContent-Length: 9999\n\nv=0\n", 400, ""},
	{"3.1.2.3", "negative Content-Length", "INVITE sip:user@example.test SIP/2.0\nMax-Forwards: 254\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=32\nCall-ID: ncl\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP 192.0.2.53;branch=z9hG4bK14\nContent-Length: -999\n\n", 400, ""},
	{"3.1.2.4", "scalars too large", "REGISTER sip:example.test SIP/2.0\nVia: SIP/2.0/TCP host129.example.test;branch=z9hG4bK15\nTo: <sip:user@example.test>\nFrom: <sip:user@example.test>;tag=239\nCall-ID: scalar02\nCSeq: 36893488147419103232 REGISTER\nMax-Forwards: 300\nExpires: 10000000000000000000000\nContact: <sip:user@host129.example.test>;expires=280297596632815\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.5", "response with scalars too large", "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/TCP host129.example.test;branch=z9hG4bK16\nTo: <sip:user@example.test>\nFrom: <sip:other@example.test>;tag=2\nCall-ID: scalarlg\nCSeq: 9292394834772304023312 OPTIONS\nRetry-After: 949302838503028349304023988\nContent-Length: 0\n\n", 0, ""},
	{"3.1.2.6", "quote left open", "INVITE sip:user@example.test SIP/2.0\nTo: \"Mr. J. User <sip:j.user@example.test>\nFrom: sip:caller@example.test;tag=93\nMax-Forwards: 10\nCall-ID: quotbal\nVia: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bK17\nCSeq: 8 INVITE\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.7", "brackets around the Request-URI", "INVITE <sip:user@example.test> SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=39\nMax-Forwards: 23\nCall-ID: ltgtruri\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK18\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.8", "blanks inside the Request-URI", "INVITE sip:user@example.test; lr SIP/2.0\nTo: sip:user@example.test;tag=3\nFrom: sip:caller@example.test;tag=39\nMax-Forwards: 23\nCall-ID: lwsruri\nCSeq: 2 INVITE\nVia: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK19\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.9", "blanks between the parts of the start line", "INVITE  sip:user@example.test  SIP/2.0\nMax-Forwards: 8\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=8\nCall-ID: lwsstart\nCSeq: 1 INVITE\nVia: SIP/2.0/TCP host1.example.test;branch=z9hG4bK20\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.10", "blanks after the start line", "OPTIONS sip:remote@example.test SIP/2.0  \nVia: SIP/2.0/TCP host1.example.test;branch=z9hG4bK21\nTo: <sip:remote@example.test>\nFrom: <sip:local@example.test>;tag=418\nCall-ID: trws\nCSeq: 8 OPTIONS\nMax-Forwards: 70\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.11", "headers in the Request-URI", "INVITE sip:user@example.test?Route=%3Csip:example.test%3E SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=341\nMax-Forwards: 7\nCall-ID: escruri\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK22\nContent-Length: 0\n\n", 407, "the RFC lets headers of a Request-URI be ignored; none of them is sent on"},
	{"3.1.2.12", "wrong time zone in Date", "INVITE sip:user@example.test SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=2234\nMax-Forwards: 7\nCall-ID: baddate\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK23\nDate: Fri, 01 Jan 2010 16:00:00 EST\nContent-Length: 0\n\n", 407, "Date is read by nobody here, as by any proxy"},
	{"3.1.2.14", "blanks inside the brackets", "OPTIONS sip:user@example.test SIP/2.0\nVia: SIP/2.0/UDP host4.example.test:5060;branch=z9hG4bK24\nCall-ID: badaspec\nCSeq: 8 OPTIONS\nMax-Forwards: 70\nFrom: \"Bell\" <sip:a@example.test>;tag=43\nTo: \"Watson\" < sip:t@example.test >\nContent-Length: 0\n\n", 400, ""},
	{"3.1.2.15", "no tokens in the display name", "OPTIONS sip:t@example.test SIP/2.0\nVia: SIP/2.0/UDP c.example.test:5060;branch=z9hG4bK25\nCall-ID: baddn\nCSeq: 3923 OPTIONS\nMax-Forwards: 70\nFrom: Bell, Alexander <sip:a@example.test>;tag=43\nTo: Watson, Thomas <sip:t@example.test>\nContent-Length: 0\n\n", 200, "the RFC lets the quotes be thought of; names are for people only"},
	{"3.1.2.16", "SIP/7.0", "OPTIONS sip:t@example.test SIP/7.0\nVia: SIP/7.0/UDP c.example.test;branch=z9hG4bK26\nMax-Forwards: 70\nFrom: A. Bell <sip:a@example.test>;tag=qweoiqpe\nTo: T. Watson <sip:t@example.test>\nCall-ID: badvers\nCSeq: 1 OPTIONS\nl: 0\n\n", 505, ""},
	{"3.1.2.17", "methods differ", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=34\nMax-Forwards: 6\nCall-ID: mismatch01\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP host.example.test;branch=z9hG4bK27\nl: 0\n\n", 400, ""},
	{"3.1.2.18", "unknown method, another in CSeq", "NEWMETHOD sip:user@example.test SIP/2.0\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=34\nMax-Forwards: 6\nCall-ID: mismatch02\nCSeq: 8 INVITE\nContact: <sip:caller@host.example.net>\nVia: SIP/2.0/UDP host.example.test;branch=z9hG4bK28\nl: 0\n\n", 400, ""},
	{"3.1.2.19", "status beyond all", "SIP/2.0 4294967301 better not break the receiver\nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK29\nCall-ID: bigcode\nCSeq: 35 INVITE\nFrom: <sip:u@example.test>;tag=1\nTo: <sip:u@example.test>\nContent-Length: 0\n\n", 0, ""},
	{"3.2.1", "nothing after the magic cookie", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=33\nMax-Forwards: 70\nCall-ID: badbranch\nCSeq: 8 OPTIONS\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\nl: 0\n\n", 200, ""},
	{"3.3.1", "headers missing", "INVITE sip:user@example.test SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bK30\nContent-Length: 0\n\n", 400, ""},
	{"3.3.2", "unknown scheme", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=384\nMax-Forwards: 3\nCall-ID: unkscm\nCSeq: 3923 OPTIONS\nVia: SIP/2.0/TCP host9.example.test;branch=z9hG4bK31\nContent-Length: 0\n\n", 416, ""},
	{"3.3.3", "known scheme of another protocol", "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=384\nMax-Forwards: 3\nCall-ID: novelsc\nCSeq: 3923 OPTIONS\nVia: SIP/2.0/TCP host9.example.test;branch=z9hG4bK32\nContent-Length: 0\n\n", 416, ""},
	{"3.3.4", "unknown schemes in To and From", "REGISTER sip:example.test SIP/2.0\nTo: isbn:2983792873\nFrom: <http://www.example.test>;tag=3\nCall-ID: unksm2\nCSeq: 234 REGISTER\nVia: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK33\nMax-Forwards: 70\nContact: <name:John_Smith>\nl: 0\n\n", 400, ""},
	{"3.3.5", "Require and Proxy-Require", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:j_user@example.test\nFrom: sip:caller@example.test;tag=242\nMax-Forwards: 7\nCall-ID: bext01\nCSeq: 8 OPTIONS\nRequire: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis\nVia: SIP/2.0/TLS fold.example.test;branch=z9hG4bK34\nContent-Length: 0\n\n", 420, ""},
	{"3.3.6", "unknown Content-Type", withBody("INVITE sip:user@example.test SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK43\nMax-Forwards: 70\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=8392\nCall-ID: invut\nCSeq: 235448 INVITE\nContact: <sip:caller@host5.example.test>\nContent-Type: application/unknownformat\n", "<audio>\n <pcmu port=\"443\"/>\n</audio>\n"), 407, proveFirst},
	{"3.3.7", "unknown authorization scheme", "REGISTER sip:example.test SIP/2.0\nTo: sip:j.user@example.test\nFrom: sip:j.user@example.test;tag=87\nMax-Forwards: 8\nCall-ID: regaut01\nCSeq: 9338 REGISTER\nVia: SIP/2.0/TCP 192.0.2.253;branch=z9hG4bK35\nAuthorization: NoOneKnowsThisScheme opaque-data=here\nContent-Length:0\n\n", 401, proveFirst},
	{"3.3.8", "several of what stands once", "INVITE sip:user@example.test SIP/2.0\nMax-Forwards: 70\nCSeq: 5 INVITE\nVia: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bK36\nTo: sip:t1@example.test\nTo: sip:t2@example.test\nFrom: sip:c1@example.test;tag=3413\nFrom: sip:c2@example.test;tag=8823\nCall-ID: multi01.1\nCall-ID: multi01.2\nl: 0\n\n", 400, ""},
	{"3.3.9", "several Content-Lengths", "OPTIONS sip:user@example.test SIP/2.0\nVia: SIP/2.0/UDP host5.example.test;branch=z9hG4bK37\nTo: sip:j.user@example.test\nFrom: sip:caller@example.test;tag=43\nMax-Forwards: 70\nCall-ID: mcl01\nCSeq: 8 OPTIONS\nContent-Length: 13\nContent-Length: 5\n\nThere's no way to know", 400, ""},
	{"3.3.10", "broadcast address in a response", "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK38\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK39\nCall-ID: bcast\nCSeq: 35 INVITE\nFrom: <sip:u@example.test>;tag=1\nTo: <sip:u@example.test>;tag=2\nContent-Length: 0\n\n", 0, ""},
	{"3.3.11", "Max-Forwards 0", "OPTIONS sip:user@example.test SIP/2.0\nTo: sip:user@example.test\nFrom: sip:caller@example.test;tag=3\nCall-ID: zeromf\nCSeq: 39234321 OPTIONS\nVia: SIP/2.0/UDP host1.example.test;branch=z9hG4bK40\nMax-Forwards: 0\nContent-Length: 0\n\n", 200, "OPTIONS is answered here and goes no further, so no hop is needed"},
	{"3.3.15", "nothing acceptable is accepted", withBody("INVITE sip:user@example.test SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK44\nMax-Forwards: 5\nTo: sip:j_user@example.test\nFrom: sip:caller@example.test;tag=234\nCall-ID: sdp01\nCSeq: 8 INVITE\nContact: <sip:caller@host15.example.test>\nAccept: text/nobodyKnowsThis\nContent-Type: application/sdp\n", "v=0\no=c 53655765 2353687637 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 49217 RTP/AVP 0\n"), 407, proveFirst},
	{"3.4.1", "RFC 2543 style", "INVITE sip:UserB@example.test SIP/2.0\nVia: SIP/2.0/UDP iftgw.example.test\nFrom: <sip:+1303@ift.example.test;user=phone>\nRecord-Route: <sip:UserB@example.test;maddr=ss1.example.test>\nTo: sip:+1650@ss1.example.test;user=phone\nCall-ID: inv2543\nCSeq: 1 INVITE\nContact: <sip:+1303@ift.example.test;user=phone>\nContent-Length: 0\n\n", 407, proveFirst},
}

// tortureContacts are its messages about the Contact of a REGISTER.
var tortureContacts = []struct {
	section, contact string
	status           int
	bound            string
}{
	{"3.1.2.13", "sip:user@example.test?Route=%3Csip:sip.example.test%3E", 400, ""},
	{"3.3.12", "sip:+19725552222@gw1.example.net;unknownparam", 200, "sip:+19725552222@gw1.example.net"},
	{"3.3.13", "<sip:+19725552222@gw1.example.net;unknownparam>", 200, "sip:+19725552222@gw1.example.net;unknownparam"},
	{"3.3.14", "<sip:user@example.test?Route=%3Csip:sip.example.test%3E>", 200, "sip:user@example.test?Route=%3Csip:sip.example.test%3E"},
}

// withBody ends a message's head with the length of its body.
func withBody(head, body string) string {
	return fmt.Sprintf("%sContent-Length: %d\n\n%s", head, len(body)+strings.Count(body, "\n"), body) // each LF is sent as CRLF
}

func TestR03_EveryMessageOfRFC4475IsInTheList(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range torture {
		listed[c.section] = true
	}
	for _, c := range tortureContacts {
		listed[c.section] = true
	}
	for chapter, messages := range map[string]int{"3.1.1": 13, "3.1.2": 19, "3.2": 1, "3.3": 15, "3.4": 1} {
		for n := range messages {
			if section := fmt.Sprintf("%s.%d", chapter, n+1); !listed[section] {
				t.Errorf("%s is missing", section)
			}
		}
	}
}

func TestR03_C14_EveryTortureMessageIsAnswered(t *testing.T) {
	for _, c := range torture {
		t.Run(c.section+" "+c.name, func(t *testing.T) {
			calls := &fakeCalls{status: "481 Call/Transaction Does Not Exist"}
			s := start(t, newHouse("alice"), func(cfg *Config) { cfg.TCP, cfg.TLS, cfg.Calls = nil, nil, calls })
			p := dialPhone(t, s, "udp", "x")
			p.send(strings.ReplaceAll(c.raw, "\n", "\r\n"))
			got := 0
			if c.status != 0 {
				got = p.read().status
			}
			if got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if m := p.options(); !strings.Contains(m.get("call-id"), "opt-x") { // what else would be answered is answered before this
				t.Errorf("one answer too many: %s", m.raw)
			}
		})
	}
}

func TestR03_C14_TortureContacts(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	for _, c := range tortureContacts {
		want(t, p.registerWith(0, fmt.Sprintf("Contact: %s\r\nExpires: 300\r\n", c.contact)), c.status)
		if b, _ := s.Lookup("alice"); b.Contact != c.bound {
			t.Errorf("%s: bound to %q, want %q", c.section, b.Contact, c.bound)
		}
	}
	result := push(s, "alice") // RFC 3261 19.1.1: no headers in a Request-URI
	m := p.read()
	if m.first != "NOTIFY sip:user@example.test SIP/2.0" {
		t.Errorf("%s", m.first)
	}
	p.answer(m, "200 OK", "")
	<-result
}
