// Package config is what an operator can set: one struct, filled from a YAML
// file, the environment and flags, in rising order of weight. It must know no
// other package of ours and change nothing: what the values mean is server's.
package config

import "time"

// Off as an address switches a listener off.
const Off = "off"

// Config is everything that can be set. The tags are the truth: flag and YAML
// names, environment variables, defaults and docs/configuration.md come from them.
type Config struct {
	Data    string `yaml:"data" env:"TISCHLEIN_DATA" default:"./data" help:"Directory for everything the server keeps: database, key, self-made CA."`
	DB      string `yaml:"db" name:"db" env:"TISCHLEIN_DB" help:"PostgreSQL URL (postgres://…) or path of a SQLite file. Default: tischlein.db in the data directory."`
	KeyFile string `yaml:"key_file" env:"TISCHLEIN_KEY_FILE" help:"File with the key that seals secrets in the database; made at the first start. Keep a copy, and keep it apart from the database's copies. Default: key in the data directory."`

	APIListen        string `yaml:"api_listen" name:"api-listen" env:"TISCHLEIN_API_LISTEN" default:"127.0.0.1:8080" help:"Address of the REST API (HTTP; put a TLS proxy before it to leave this machine)."`
	PortalListen     string `yaml:"portal_listen" env:"TISCHLEIN_PORTAL_LISTEN" default:"127.0.0.1:8088" help:"Address of the portal. HTTP on an address of this machine alone (127.0.0.1, ::1), for a TLS proxy on it or a first look; HTTPS anywhere else. off: none."`
	PhoneListen      string `yaml:"phone_listen" env:"TISCHLEIN_PHONE_LISTEN" default:":8443" help:"Address where phones fetch their configuration (HTTPS)."`
	PhonePlainListen string `yaml:"phone_plain_listen" env:"TISCHLEIN_PHONE_PLAIN_LISTEN" default:":8081" help:"Address for phones that begin with plain HTTP; they get nothing there but the way to HTTPS. off: none."`
	PhoneUploadLimit int64  `yaml:"phone_upload_limit" env:"TISCHLEIN_PHONE_UPLOAD_LIMIT" default:"1048576" help:"Bytes that a phone may send in one file (logs, local settings), up to 16777216. 0: phones send nothing here."`
	FirmwareLimit    int64  `yaml:"firmware_limit" env:"TISCHLEIN_FIRMWARE_LIMIT" default:"536870912" help:"Bytes of one firmware file for phones, up to 4294967296. The files lie in the data directory; several servers on one database need them on each."`
	SIPUDPListen     string `yaml:"sip_udp_listen" name:"sip-udp-listen" env:"TISCHLEIN_SIP_UDP_LISTEN" default:":5060" help:"Address of the registrar for UDP. off: none."`
	SIPTCPListen     string `yaml:"sip_tcp_listen" name:"sip-tcp-listen" env:"TISCHLEIN_SIP_TCP_LISTEN" default:":5060" help:"Address of the registrar for TCP. off: none."`
	SIPTLSListen     string `yaml:"sip_tls_listen" name:"sip-tls-listen" env:"TISCHLEIN_SIP_TLS_LISTEN" default:":5061" help:"Address of the registrar for TLS. off: none."`

	RTPPorts             string `yaml:"rtp_ports" name:"rtp-ports" env:"TISCHLEIN_RTP_PORTS" help:"UDP ports for the speech of the hot-desk codes, first-last; they must be reachable by the phones. Default: any."`
	MediaRelay           string `yaml:"media_relay" name:"media-relay" env:"TISCHLEIN_MEDIA_RELAY" help:"Control port (ng protocol) of an rtpengine, host:port, through which phones at different addresses speak to each other. Without it their speech goes directly, which routers between them may prevent."`
	EmergencyLocationURL string `yaml:"emergency_location_url" name:"emergency-location-url" env:"TISCHLEIN_EMERGENCY_LOCATION_URL" help:"How emergency services reach /location/ of the API listener (https, behind a TLS proxy), such as https://phones.example/location. Trunks that take a location by reference (RFC 6442) get one below it. Default: none is referred to."`

	PortalBaseURL      string        `yaml:"portal_base_url" name:"portal-base-url" env:"TISCHLEIN_PORTAL_BASE_URL" help:"How browsers reach the portal: scheme and host, such as https://portal.example; needed behind a proxy. Default: from portal_listen and public_host."`
	PortalServiceName  string        `yaml:"portal_service_name" env:"TISCHLEIN_PORTAL_SERVICE_NAME" default:"Enreach Contact" help:"Name of the telephone service in the portal's menu."`
	PortalSessionIdle  time.Duration `yaml:"portal_session_idle" env:"TISCHLEIN_PORTAL_SESSION_IDLE" default:"8h" help:"A portal session ends after so long without a request. 5m to 168h."`
	PortalSessionLife  time.Duration `yaml:"portal_session_life" env:"TISCHLEIN_PORTAL_SESSION_LIFE" default:"168h" help:"A portal session ends after so long whatever happens. 1h to 2160h."`
	PortalSecondFactor []string      `yaml:"portal_second_factor" env:"TISCHLEIN_PORTAL_SECOND_FACTOR" help:"Roles that must have a second factor: operator_admin, operator_support, partner_admin, customer_admin."`

	PublicHost string `yaml:"public_host" env:"TISCHLEIN_PUBLIC_HOST" help:"Name or address by which phones reach this server; it must stand in the certificate. Default: the first IPv4 address of this machine."`
	Realm      string `yaml:"realm" env:"TISCHLEIN_REALM" help:"SIP realm and domain. It is fixed at the first start, because the phones' passwords depend on it. Default: made at the first start."`
	Transport  string `yaml:"transport" env:"TISCHLEIN_TRANSPORT" default:"tls" help:"SIP transport that phones are told to use: udp, tcp or tls."`

	TLSCert            string        `yaml:"tls_cert" name:"tls-cert" env:"TISCHLEIN_TLS_CERT" help:"Certificate chain (PEM) for phones and the portal, with its intermediates. Default: a CA made by the server itself, for development."`
	TLSKey             string        `yaml:"tls_key" name:"tls-key" env:"TISCHLEIN_TLS_KEY" help:"Private key (PEM) of tls_cert."`
	LegacyListen       string        `yaml:"legacy_listen" env:"TISCHLEIN_LEGACY_LISTEN" default:"off" help:"Address for phones that know TLS 1.0 or 1.1 only (docs/tls.md), with a name and a certificate of its own. off: none."`
	LegacyHost         string        `yaml:"legacy_host" env:"TISCHLEIN_LEGACY_HOST" help:"Name by which such phones reach legacy_listen; it must stand in legacy_cert."`
	LegacyCert         string        `yaml:"legacy_cert" env:"TISCHLEIN_LEGACY_CERT" help:"Certificate chain (PEM) for legacy_host, with an RSA key."`
	LegacyKey          string        `yaml:"legacy_key" env:"TISCHLEIN_LEGACY_KEY" help:"Private key (PEM) of legacy_cert."`
	SessionTickets     bool          `yaml:"session_tickets" env:"TISCHLEIN_SESSION_TICKETS" help:"Let phones resume TLS sessions: less work after an outage."`
	TrustedProxies     []string      `yaml:"trusted_proxies" env:"TISCHLEIN_TRUSTED_PROXIES" help:"Addresses or networks (CIDR) of proxies before any HTTP listener (phones, API, portal) whose X-Forwarded-For is believed."`
	MetricsReaders     []string      `yaml:"metrics_readers" env:"TISCHLEIN_METRICS_READERS" help:"Addresses or networks (CIDR) that may read /metrics of the API listener without a token, such as a Prometheus. Behind a proxy name it in trusted_proxies too, or everybody behind it may. Default: none, an operator's token with the scope read is needed."`
	PnPNetworks        []string      `yaml:"pnp_networks" name:"pnp-networks" env:"TISCHLEIN_PNP_NETWORKS" help:"Trusted LANs (CIDR, IPv4) whose phones are told by SIP-PnP (multicast 224.0.1.75) where to begin; this machine must have an address in each. Default: none, the responder is off."`
	PhoneClientCA      []string      `yaml:"phone_client_ca" name:"phone-client-ca" env:"TISCHLEIN_PHONE_CLIENT_CA" help:"Whose client certificates phones may prove themselves with: driver=file (PEM, the maker's CA certificates), such as yealink=/etc/tischlein/yealink.pem; a driver may come several times. driver=legacy:file also takes SHA-1 signatures under these CAs. Default: phones are not asked for certificates."`
	PhoneProxyCA       string        `yaml:"phone_proxy_ca" name:"phone-proxy-ca" env:"TISCHLEIN_PHONE_PROXY_CA" help:"CA certificates (PEM) under which trusted_proxies show a certificate of their own to the phones' listener; such a proxy may pass a phone's certificate on (Client-Cert, RFC 9440). Default: none may."`
	PhoneProxyProtocol []string      `yaml:"phone_proxy_protocol" env:"TISCHLEIN_PHONE_PROXY_PROTOCOL" help:"Addresses or networks (CIDR) of balancers that pass TCP through to the phones' listeners and begin each connection with a PROXY protocol header (version 1 or 2), which is then demanded of them. Default: none do."`
	RedirectAccounts   string        `yaml:"redirect_accounts" env:"TISCHLEIN_REDIRECT_ACCOUNTS" help:"File (YAML, readable by the server alone) with accounts at makers' redirect services, as docs/discovery.md describes it. Default: none."`
	Refetch            time.Duration `yaml:"refetch" env:"TISCHLEIN_REFETCH" default:"1h" help:"How often phones look for changes by themselves, should a push be lost. 5m to 24h."`

	Node     string `yaml:"node" env:"TISCHLEIN_NODE" default:"main" help:"Name of this server among several on one database."`
	LogLevel string `yaml:"log_level" env:"TISCHLEIN_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
}
