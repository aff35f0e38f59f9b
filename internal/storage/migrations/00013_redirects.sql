-- +goose Up
-- Devices' entries at their makers' redirect services: what is wanted, and how it
-- was when it was last looked at. No foreign keys: an entry outlives its device
-- until the service has given it up.
CREATE TABLE redirects (
	customer_id TEXT NOT NULL,
	mac         TEXT NOT NULL,
	cpe_id      TEXT NOT NULL,
	service     TEXT NOT NULL,
	serial      TEXT NOT NULL DEFAULT '',
	wanted      BOOLEAN NOT NULL,
	-- the first-access URL that the entry leads to; its hash is '' for stage 1
	url_sealed  BYTEA NOT NULL,
	url_hash    TEXT NOT NULL DEFAULT '',
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'set', 'owned_by_another', 'refused', 'unavailable')),
	detail      TEXT NOT NULL DEFAULT '',
	tries       BIGINT NOT NULL DEFAULT 0,
	next_at     BIGINT NOT NULL,
	changed_at  BIGINT NOT NULL,
	version     BIGINT NOT NULL DEFAULT 1,
	PRIMARY KEY (customer_id, mac)
);
CREATE INDEX redirects_due ON redirects (next_at);
CREATE INDEX redirects_by_mac ON redirects (mac);
