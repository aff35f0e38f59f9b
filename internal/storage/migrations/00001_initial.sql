-- +goose Up
-- One text for SQLite and PostgreSQL. Times are Unix microseconds, 0 where a
-- time is not known; ids are made by the application and sort by time; *_key
-- columns hold case-folded text, because lower() differs between databases.

CREATE TABLE installation (
	id            BIGINT PRIMARY KEY CHECK (id = 1),
	realm         TEXT NOT NULL,
	key_check     BYTEA NOT NULL,
	drivers       TEXT NOT NULL DEFAULT '',
	setup_hash    TEXT NOT NULL DEFAULT '',
	setup_expires BIGINT NOT NULL DEFAULT 0,
	created_at    BIGINT NOT NULL
);

CREATE TABLE partners (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	name_key   TEXT NOT NULL UNIQUE,
	version    BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL
);

CREATE TABLE customers (
	id                TEXT PRIMARY KEY,
	partner_id        TEXT REFERENCES partners (id),
	number            TEXT NOT NULL UNIQUE,
	name              TEXT NOT NULL,
	name_key          TEXT NOT NULL,
	language          TEXT NOT NULL,
	time_zone         TEXT NOT NULL,
	ip_listing        BOOLEAN NOT NULL DEFAULT FALSE,
	login_code        TEXT NOT NULL,
	logout_code       TEXT NOT NULL,
	emergency_numbers TEXT NOT NULL,
	extension_digits  BIGINT NOT NULL DEFAULT 0 CHECK (extension_digits = 0 OR extension_digits BETWEEN 2 AND 5),
	-- epoch rises with every change that alters what many of the customer's
	-- devices should have; swept follows once each device was looked at again.
	epoch             BIGINT NOT NULL DEFAULT 0,
	swept             BIGINT NOT NULL DEFAULT 0,
	version           BIGINT NOT NULL DEFAULT 1,
	created_at        BIGINT NOT NULL
);
CREATE INDEX customers_by_name ON customers (name_key, id);
CREATE INDEX customers_by_partner ON customers (partner_id, name_key, id);
CREATE INDEX customers_unswept ON customers (id) WHERE swept < epoch;

CREATE TABLE allowlist (
	customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
	entry       TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	created_at  BIGINT NOT NULL,
	PRIMARY KEY (customer_id, entry)
);

CREATE TABLE channels (
	id          TEXT PRIMARY KEY,
	customer_id TEXT NOT NULL REFERENCES customers (id),
	name        TEXT NOT NULL,
	name_key    TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('cpe', 'client')),
	location    TEXT NOT NULL DEFAULT '',
	sip_user    TEXT NOT NULL UNIQUE,
	version     BIGINT NOT NULL DEFAULT 1,
	created_at  BIGINT NOT NULL,
	UNIQUE (customer_id, id),
	UNIQUE (customer_id, name_key)
);

CREATE TABLE extensions (
	id              TEXT PRIMARY KEY,
	customer_id     TEXT NOT NULL REFERENCES customers (id),
	number          TEXT NOT NULL,
	name            TEXT NOT NULL,
	name_key        TEXT NOT NULL,
	language        TEXT NOT NULL DEFAULT '',
	capacity        BIGINT NOT NULL CHECK (capacity IN (1, 2)),
	pin_hash        BYTEA,
	pin_must_change BOOLEAN NOT NULL DEFAULT FALSE,
	pin_failures    TEXT NOT NULL DEFAULT '',
	locked_until    BIGINT NOT NULL DEFAULT 0,
	version         BIGINT NOT NULL DEFAULT 1,
	created_at      BIGINT NOT NULL,
	UNIQUE (customer_id, number),
	UNIQUE (customer_id, id),
	UNIQUE (customer_id, id, capacity)
);
CREATE INDEX extensions_by_name ON extensions (customer_id, name_key, id);

CREATE TABLE cpes (
	id            TEXT PRIMARY KEY,
	customer_id   TEXT NOT NULL REFERENCES customers (id),
	mac           TEXT NOT NULL DEFAULT '',
	driver        TEXT NOT NULL,
	model         TEXT NOT NULL DEFAULT '',
	name          TEXT NOT NULL,
	name_key      TEXT NOT NULL,
	ports         BIGINT NOT NULL CHECK (ports BETWEEN 1 AND 250),
	lost          BOOLEAN NOT NULL DEFAULT FALSE,
	-- what it may: see docs/adr on two-stage trust
	trust         TEXT NOT NULL DEFAULT 'none' CHECK (trust IN ('none', 'pending', 'proven', 'frozen')),
	trust_way     TEXT NOT NULL DEFAULT '',
	frozen_reason TEXT NOT NULL DEFAULT '',
	pending_addr  TEXT NOT NULL DEFAULT '',
	armed_until   BIGINT NOT NULL DEFAULT 0,
	token_hash    TEXT NOT NULL UNIQUE,
	token_sealed  BYTEA NOT NULL,
	-- the token before the last rotation: it leads the device to the new one and
	-- ends with that one's first use
	prev_hash     TEXT UNIQUE,
	first_hash    TEXT UNIQUE,
	first_expires BIGINT NOT NULL DEFAULT 0,
	first_addr    TEXT NOT NULL DEFAULT '',
	first_used_at BIGINT NOT NULL DEFAULT 0,
	admin_sealed  BYTEA NOT NULL,
	sha256_used   BOOLEAN NOT NULL DEFAULT FALSE,
	-- what it should have, and what was seen of it
	wanted        TEXT NOT NULL DEFAULT '',
	epoch         BIGINT NOT NULL DEFAULT 0,
	fetched       TEXT NOT NULL DEFAULT '',
	fetched_at    BIGINT NOT NULL DEFAULT 0,
	fetched_ua    TEXT NOT NULL DEFAULT '',
	firmware      TEXT NOT NULL DEFAULT '',
	fetch_addr    TEXT NOT NULL DEFAULT '',
	register_addr TEXT NOT NULL DEFAULT '',
	pushed        TEXT NOT NULL DEFAULT '',
	pushed_at     BIGINT NOT NULL DEFAULT 0,
	push_outcome  TEXT NOT NULL DEFAULT '',
	push_status   BIGINT NOT NULL DEFAULT 0,
	push_tries    BIGINT NOT NULL DEFAULT 0,
	next_push_at  BIGINT,
	push_bulk     BOOLEAN NOT NULL DEFAULT FALSE,
	refused_at    BIGINT NOT NULL DEFAULT 0,
	refused_why   TEXT NOT NULL DEFAULT '',
	version       BIGINT NOT NULL DEFAULT 1,
	created_at    BIGINT NOT NULL,
	UNIQUE (customer_id, id)
);
-- Two customers may claim one MAC; the first proof wins (P03).
CREATE UNIQUE INDEX cpes_one_mac_per_customer ON cpes (customer_id, mac) WHERE mac <> '';
CREATE UNIQUE INDEX cpes_one_proven_mac ON cpes (mac) WHERE mac <> '' AND trust = 'proven';
CREATE INDEX cpes_by_mac ON cpes (mac) WHERE mac <> '';
CREATE INDEX cpes_by_name ON cpes (customer_id, name_key, id);
CREATE INDEX cpes_armed ON cpes (armed_until) WHERE armed_until > 0;
-- The queue is the data: a row in this index is a push that is due.
CREATE INDEX cpes_to_push ON cpes (push_bulk, next_push_at) WHERE next_push_at IS NOT NULL;

CREATE TABLE attachments (
	channel_id    TEXT PRIMARY KEY,
	customer_id   TEXT NOT NULL,
	cpe_id        TEXT NOT NULL,
	port          BIGINT NOT NULL CHECK (port >= 1),
	secret_sealed BYTEA NOT NULL,
	prev_sealed   BYTEA,
	prev_until    BIGINT NOT NULL DEFAULT 0,
	created_at    BIGINT NOT NULL,
	UNIQUE (cpe_id, port),
	UNIQUE (customer_id, channel_id),
	FOREIGN KEY (customer_id, channel_id) REFERENCES channels (customer_id, id),
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id)
);

-- slot <= capacity, with the capacity carried in from the extension's row,
-- makes the database itself refuse a third link, and refuse switching
-- multi-login off while slot 2 is taken.
CREATE TABLE links (
	channel_id   TEXT PRIMARY KEY,
	customer_id  TEXT NOT NULL,
	extension_id TEXT NOT NULL,
	capacity     BIGINT NOT NULL,
	slot         BIGINT NOT NULL CHECK (slot >= 1 AND slot <= capacity),
	created_at   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	UNIQUE (extension_id, slot),
	UNIQUE (channel_id, extension_id),
	FOREIGN KEY (customer_id, channel_id) REFERENCES channels (customer_id, id),
	FOREIGN KEY (customer_id, extension_id, capacity) REFERENCES extensions (customer_id, id, capacity) ON UPDATE CASCADE
);

CREATE TABLE logins (
	channel_id      TEXT PRIMARY KEY,
	customer_id     TEXT NOT NULL,
	extension_id    TEXT NOT NULL,
	capacity        BIGINT NOT NULL,
	slot            BIGINT NOT NULL CHECK (slot >= 1 AND slot <= capacity),
	kind            TEXT NOT NULL CHECK (kind IN ('linked', 'hotdesk')),
	-- the link a linked login stands on: the login's own channel
	link_channel_id TEXT CHECK ((kind = 'linked') = (link_channel_id IS NOT NULL)),
	address         TEXT NOT NULL DEFAULT '',
	path            TEXT NOT NULL DEFAULT '',
	created_at      BIGINT NOT NULL,
	CHECK (link_channel_id IS NULL OR link_channel_id = channel_id),
	UNIQUE (extension_id, slot),
	FOREIGN KEY (customer_id, channel_id) REFERENCES attachments (customer_id, channel_id),
	FOREIGN KEY (link_channel_id, extension_id) REFERENCES links (channel_id, extension_id),
	FOREIGN KEY (customer_id, extension_id, capacity) REFERENCES extensions (customer_id, id, capacity) ON UPDATE CASCADE
);

-- One device per channel (C03), so the channel is the key. No foreign key: a
-- binding is an observation, removed by the registrar when its channel is voided.
CREATE TABLE bindings (
	channel_id    TEXT PRIMARY KEY,
	customer_id   TEXT NOT NULL,
	sip_user      TEXT NOT NULL,
	contact       TEXT NOT NULL,
	instance      TEXT NOT NULL,
	call_id       TEXT NOT NULL,
	cseq          BIGINT NOT NULL,
	transport     TEXT NOT NULL,
	source        TEXT NOT NULL,
	local         TEXT NOT NULL,
	user_agent    TEXT NOT NULL,
	display       TEXT NOT NULL,
	node          TEXT NOT NULL,
	registered_at BIGINT NOT NULL,
	expires_at    BIGINT NOT NULL
);
CREATE INDEX bindings_by_expiry ON bindings (expires_at);

CREATE TABLE audit (
	id          TEXT PRIMARY KEY,
	at          BIGINT NOT NULL,
	customer_id TEXT NOT NULL,
	actor_kind  TEXT NOT NULL,
	actor_id    TEXT NOT NULL,
	actor_name  TEXT NOT NULL,
	from_addr   TEXT NOT NULL,
	action      TEXT NOT NULL,
	object_kind TEXT NOT NULL,
	object_id   TEXT NOT NULL,
	outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
	reason      TEXT NOT NULL,
	before      TEXT NOT NULL,
	after       TEXT NOT NULL
);
CREATE INDEX audit_by_customer ON audit (customer_id, id);
CREATE INDEX audit_by_object ON audit (object_id, id);

-- What happened to a device, for its page: fetches refused, claims, other instances.
CREATE TABLE cpe_history (
	id          TEXT PRIMARY KEY,
	at          BIGINT NOT NULL,
	customer_id TEXT NOT NULL,
	cpe_id      TEXT NOT NULL REFERENCES cpes (id) ON DELETE CASCADE,
	kind        TEXT NOT NULL,
	address     TEXT NOT NULL,
	detail      TEXT NOT NULL
);
CREATE INDEX cpe_history_by_cpe ON cpe_history (customer_id, cpe_id, id);
CREATE INDEX cpe_history_by_time ON cpe_history (at);

CREATE TABLE api_tokens (
	id           TEXT PRIMARY KEY,
	hash         TEXT NOT NULL UNIQUE,
	name         TEXT NOT NULL,
	role         TEXT NOT NULL,
	partner_id   TEXT NOT NULL DEFAULT '',
	customer_id  TEXT NOT NULL DEFAULT '',
	extension_id TEXT NOT NULL DEFAULT '',
	scopes       TEXT NOT NULL,
	expires_at   BIGINT NOT NULL DEFAULT 0,
	created_by   TEXT NOT NULL,
	created_at   BIGINT NOT NULL
);

-- Answers of requests that bear an idempotency key, to be given again.
CREATE TABLE idempotency (
	token_id   TEXT NOT NULL,
	key        TEXT NOT NULL,
	request    TEXT NOT NULL,
	status     BIGINT NOT NULL,
	body       BYTEA NOT NULL,
	etag       TEXT NOT NULL DEFAULT '',
	location   TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_by_time ON idempotency (created_at);
