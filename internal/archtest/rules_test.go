package archtest

// rule says what the packages below a directory may know. Only non-test files
// are held to it: a test may reach for whatever proves its point.
type rule struct {
	dir  string   // relative to the module; the longest that fits counts
	ours []string // packages of ours, relative to internal/, that may be imported; "*" = all
	deny []string // packages that must not be imported, with all below them
	std  bool     // nothing but the standard library and ours
}

// rules is the table of the house: who may know whom. A package without a rule is
// a failure, so that a new one must say where it stands.
var rules = []rule{
	{dir: "internal/telephony", std: true, deny: []string{"context", "database/sql", "net/http", "log", "log/slog", "os", "net/url", "syscall", "math/rand"}},
	{dir: "internal/auth", ours: []string{"telephony"}, deny: []string{"database/sql", "net/http"}},
	{dir: "internal/provision", ours: []string{"telephony"}, deny: []string{"database/sql", "os", "net/http", "log/slog"}},
	{dir: "internal/provision/drivers", ours: []string{"provision", "telephony"}, deny: []string{"database/sql", "os", "net/http", "log/slog", "io/fs"}},
	{dir: "internal/storage", ours: []string{"telephony", "auth"}, deny: []string{"net/http"}},
	{dir: "internal/storagetest", ours: []string{"*"}},
	{dir: "internal/app", ours: []string{"telephony", "auth", "storage", "provision"}, deny: []string{"net/http", "html/template", "database/sql"}},
	{dir: "internal/sip", ours: append([]string{"sip/wire"}, edge...), deny: []string{"database/sql"}},
	{dir: "internal/sip/wire", std: true, deny: []string{"net", "net/http", "log/slog", "os", "context"}},
	{dir: "internal/call", ours: append([]string{"sip", "sip/wire", "voice", "voice/dialogue"}, edge...), deny: []string{"database/sql"}},
	{dir: "internal/voice", deny: []string{"database/sql", "net/http"}},
	{dir: "internal/voice/dialogue", ours: []string{"voice", "telephony"}, deny: []string{"database/sql", "net/http", "net"}},
	{dir: "internal/relay", deny: []string{"database/sql", "net/http"}},
	{dir: "internal/phone", ours: edge, deny: []string{"database/sql"}},
	{dir: "internal/discovery/dhcp", ours: []string{"provision", "telephony"}, deny: []string{"database/sql", "net/http", "net", "os", "log/slog"}},
	{dir: "internal/discovery/pnp", ours: []string{"telephony"}, deny: []string{"database/sql", "net/http"}},
	{dir: "internal/discovery/redirect", ours: []string{"telephony"}, deny: []string{"database/sql"}},
	{dir: "internal/web", ours: append([]string{"web/view", "web/view/phone", "web/text", "web/static"}, edge...), deny: []string{"database/sql"}},
	{dir: "internal/web/view", ours: []string{"telephony", "auth", "provision", "web/text", "web/static"}, deny: []string{"database/sql", "net/http", "os", "log/slog"}},
	{dir: "internal/web/text", deny: []string{"database/sql", "net/http", "os"}},
	{dir: "internal/web/static", deny: []string{"database/sql", "os"}},
	{dir: "internal/api", ours: edge, deny: []string{"database/sql"}},
	{dir: "internal/peer", deny: []string{"database/sql", "log/slog", "os"}},
	{dir: "internal/reconcile", ours: []string{"app", "telephony"}, deny: []string{"database/sql", "net/http", "net"}},
	{dir: "internal/jobs", ours: []string{"app", "telephony"}, deny: []string{"database/sql", "net/http", "net"}},
	{dir: "internal/config", deny: []string{"database/sql", "net/http"}},
	{dir: "internal/metrics", deny: []string{"database/sql", "os"}},
	{dir: "internal/phonesim", ours: []string{"telephony"}, deny: []string{"database/sql"}},
	{dir: "internal/server", ours: []string{"*"}},
	{dir: "internal/archtest"},
	{dir: "cmd", ours: []string{"*"}},
	{dir: "e2e", ours: []string{"*"}},
	{dir: "bench", ours: []string{"*"}},
	{dir: "scripts"},
}

// edge is what a side of the house that faces somebody may know: never storage,
// never another edge, no vendor.
var edge = []string{"app", "telephony", "auth", "provision", "peer"}

// only names foreign packages that one place alone may know.
var only = map[string][]string{
	"github.com/emiago/sipgo":          {"internal/call", "bench"},
	"modernc.org/sqlite":               {"internal/storage"},
	"github.com/jackc/pgx/v5":          {"internal/storage", "internal/storagetest"},
	"github.com/pressly/goose/v3":      {"internal/storage"},
	"github.com/danielgtaylor/huma/v2": {"internal/api"},
	"github.com/a-h/templ":             {"internal/web"},
	"github.com/nicksnyder/go-i18n/v2": {"internal/web/text"},
	"github.com/BurntSushi/toml":       {"internal/web/text"},
	"rsc.io/qr":                        {"internal/web"},
	"github.com/prometheus":            {"internal/metrics"},
}

// excepted are imports that a rule denies and one file needs all the same.
var excepted = map[string]string{
	"internal/telephony/secret.go": "log/slog", // a Secret must say how it is logged: not at all
}

// pureCalls must not be made in the domain and by drivers: the moment is an
// argument. Of net they may join hosts and ports.
var pureCalls = map[string][]string{
	"time": {"Now", "Since", "Until", "After", "Sleep", "NewTimer", "NewTicker", "Tick", "AfterFunc"},
	"net":  {"Dial", "DialTimeout", "Listen", "ListenPacket", "LookupHost", "LookupIP", "LookupAddr", "InterfaceAddrs", "Interfaces"},
}
