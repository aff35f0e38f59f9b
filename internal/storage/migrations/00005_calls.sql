-- +goose Up
-- Calls: how a customer's are dialled and bounded, the trunks that carry them, the
-- numbers that lead here, and what of them must outlive a restart.

ALTER TABLE customers ADD COLUMN one_go_code BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN country TEXT NOT NULL DEFAULT 'DE';
ALTER TABLE customers ADD COLUMN area_code TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN outbound_number TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN site_address TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN site_elin TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN decline_all BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN forward_outside BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN most_calls BIGINT NOT NULL DEFAULT 100 CHECK (most_calls >= 0);
ALTER TABLE customers ADD COLUMN most_per_minute BIGINT NOT NULL DEFAULT 300 CHECK (most_per_minute >= 0);
ALTER TABLE channels ADD COLUMN elin TEXT NOT NULL DEFAULT '';
ALTER TABLE extensions ADD COLUMN outbound_number TEXT NOT NULL DEFAULT '';
-- An emergency call was made there: neither resync nor reboot before this.
ALTER TABLE cpes ADD COLUMN quiet_until BIGINT NOT NULL DEFAULT 0;

-- customer_id null: the installation's, for every customer without its own.
CREATE TABLE trunks (
	id            TEXT PRIMARY KEY,
	customer_id   TEXT REFERENCES customers (id) ON DELETE CASCADE,
	name          TEXT NOT NULL,
	name_key      TEXT NOT NULL,
	is_switch     BOOLEAN NOT NULL DEFAULT FALSE,
	host          TEXT NOT NULL,
	sources       TEXT NOT NULL,
	sip_user      TEXT NOT NULL DEFAULT '',
	secret_sealed BYTEA,
	emergency     TEXT NOT NULL DEFAULT '' CHECK (emergency IN ('', 'geolocation', 'elin')),
	version       BIGINT NOT NULL DEFAULT 1,
	created_at    BIGINT NOT NULL,
	CHECK (NOT is_switch OR customer_id IS NOT NULL)
);
CREATE UNIQUE INDEX trunks_by_name ON trunks (COALESCE(customer_id, ''), name_key);
CREATE INDEX trunks_by_customer ON trunks (customer_id, id);

-- One number leads to one customer of the installation, whoever its trunk is.
CREATE TABLE numbers (
	id           TEXT PRIMARY KEY,
	customer_id  TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
	e164         TEXT NOT NULL UNIQUE,
	extension_id TEXT,
	note         TEXT NOT NULL DEFAULT '',
	version      BIGINT NOT NULL DEFAULT 1,
	created_at   BIGINT NOT NULL,
	FOREIGN KEY (customer_id, extension_id) REFERENCES extensions (customer_id, id)
);
CREATE INDEX numbers_by_customer ON numbers (customer_id, e164, id);
CREATE INDEX numbers_by_extension ON numbers (customer_id, extension_id, e164);

-- Calls that are up. No foreign keys: an observation, which is gone when it ends.
CREATE TABLE calls (
	id          TEXT PRIMARY KEY,
	customer_id TEXT NOT NULL,
	channels    TEXT NOT NULL,
	state       BYTEA NOT NULL,
	updated_at  BIGINT NOT NULL
);

-- Who called an emergency number as which number, for a call-back.
CREATE TABLE emergency_calls (
	id          TEXT PRIMARY KEY,
	customer_id TEXT NOT NULL,
	channel_id  TEXT NOT NULL,
	number      TEXT NOT NULL,
	called_at   BIGINT NOT NULL,
	FOREIGN KEY (customer_id, channel_id) REFERENCES channels (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX emergency_calls_by_number ON emergency_calls (number, called_at);
CREATE INDEX emergency_calls_by_channel ON emergency_calls (customer_id, channel_id);
CREATE INDEX emergency_calls_by_time ON emergency_calls (called_at);
