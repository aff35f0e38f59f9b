-- +goose Up
-- What the portal's pages read: what each device last took, keys to order and
-- find by, and an index for each list that people sort, filter or search.

-- The text of each file as the device last took it, compressed, with its secrets
-- replaced before it comes here.
CREATE TABLE served (
	cpe_id      TEXT NOT NULL,
	kind        TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	name        TEXT NOT NULL,
	body        BYTEA NOT NULL,
	taken_at    BIGINT NOT NULL,
	PRIMARY KEY (cpe_id, kind),
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id) ON DELETE CASCADE
);
-- served is the revision that those texts are of.
ALTER TABLE cpes ADD COLUMN served TEXT NOT NULL DEFAULT '';

-- Addresses as text whose order is theirs, so that SQL can look one up in a
-- range; names folded, and their last word: people are looked for by surname.
ALTER TABLE cpes ADD COLUMN fetch_key TEXT NOT NULL DEFAULT '';
ALTER TABLE cpes ADD COLUMN register_key TEXT NOT NULL DEFAULT '';
ALTER TABLE allowlist ADD COLUMN first_key TEXT NOT NULL DEFAULT '';
ALTER TABLE allowlist ADD COLUMN last_key TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN location_key TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN last_key TEXT NOT NULL DEFAULT '';
ALTER TABLE extensions ADD COLUMN last_key TEXT NOT NULL DEFAULT '';

CREATE INDEX channels_by_location ON channels (customer_id, location_key, id);
-- With all that the list is searched by, so that a search reads no wide row.
DROP INDEX extensions_by_name;
DROP INDEX cpes_by_name;
CREATE INDEX extensions_by_number ON extensions (customer_id, number, id, name_key);
CREATE INDEX extensions_by_name ON extensions (customer_id, name_key, id, number);
CREATE INDEX cpes_by_name ON cpes (customer_id, name_key, id, mac);
CREATE INDEX extensions_multi ON extensions (customer_id, id) WHERE capacity = 2;
CREATE INDEX extensions_locked ON extensions (customer_id, locked_until) WHERE locked_until > 0;
CREATE INDEX cpes_in_mac_order ON cpes (customer_id, mac, id);
CREATE INDEX cpes_by_model ON cpes (customer_id, model, id);
CREATE INDEX cpes_by_firmware ON cpes (customer_id, firmware, id);
CREATE INDEX cpes_in_trouble ON cpes (customer_id, id) WHERE lost OR trust = 'frozen' OR refused_at > 0;
CREATE INDEX cpes_behind ON cpes (customer_id, id) WHERE wanted <> fetched;
CREATE INDEX cpes_silent ON cpes (customer_id, id) WHERE fetched_at = 0;
CREATE INDEX attachments_by_cpe ON attachments (customer_id, cpe_id, channel_id);
CREATE INDEX links_by_channel ON links (customer_id, channel_id);
CREATE INDEX links_by_extension ON links (customer_id, extension_id, channel_id);
CREATE INDEX logins_by_channel ON logins (customer_id, channel_id);
CREATE INDEX logins_by_extension ON logins (customer_id, extension_id, channel_id);
CREATE INDEX logins_hotdesked ON logins (customer_id, extension_id) WHERE kind = 'hotdesk';
CREATE INDEX bindings_by_channel ON bindings (customer_id, channel_id);

-- The operator's search looks across all customers.
CREATE INDEX search_channels ON channels (name_key, id);
CREATE INDEX search_channels_last ON channels (last_key, id);
CREATE INDEX search_extensions ON extensions (name_key, id);
CREATE INDEX search_extensions_last ON extensions (last_key, id);
CREATE INDEX search_numbers ON extensions (number, id);
CREATE INDEX search_cpes ON cpes (name_key, id);
CREATE INDEX channels_by_last ON channels (customer_id, last_key, id);
CREATE INDEX extensions_by_last ON extensions (customer_id, last_key, id);

CREATE INDEX audit_by_action ON audit (customer_id, action, id);
