-- +goose Up
-- The keys of people, and what operators set otherwise in phones' files.

-- A watched extension is kept by its id: the key follows it through a new number,
-- and goes with it.
CREATE TABLE extension_keys (
	customer_id  TEXT NOT NULL,
	extension_id TEXT NOT NULL,
	position     BIGINT NOT NULL CHECK (position BETWEEN 1 AND 60),
	kind         TEXT NOT NULL CHECK (kind IN ('blf', 'speed_dial', 'hotdesk')),
	label        TEXT NOT NULL DEFAULT '',
	dials        TEXT NOT NULL DEFAULT '' CHECK (kind = 'speed_dial' OR dials = ''),
	watched_id   TEXT CHECK ((kind = 'blf') = (watched_id IS NOT NULL)),
	PRIMARY KEY (extension_id, position),
	FOREIGN KEY (customer_id, extension_id) REFERENCES extensions (customer_id, id) ON DELETE CASCADE,
	FOREIGN KEY (customer_id, watched_id) REFERENCES extensions (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX extension_keys_by_watched ON extension_keys (watched_id) WHERE watched_id IS NOT NULL;

-- One parameter of a vendor's files, set for the installation, a customer, a model
-- or a device. whose is the device, else the customer, else '': it makes one key of
-- columns that may be empty.
CREATE TABLE overrides (
	whose        TEXT NOT NULL CHECK (whose = COALESCE(cpe_id, customer_id, '')),
	driver       TEXT NOT NULL,
	model        TEXT NOT NULL DEFAULT '' CHECK (model = '' OR customer_id IS NULL),
	name         TEXT NOT NULL,
	customer_id  TEXT REFERENCES customers (id) ON DELETE CASCADE,
	cpe_id       TEXT CHECK (cpe_id IS NULL OR customer_id IS NOT NULL),
	value        TEXT NOT NULL DEFAULT '',
	-- a secret stands here and not in value
	value_sealed BYTEA CHECK (value_sealed IS NULL OR value = ''),
	set_at       BIGINT NOT NULL,
	set_by       TEXT NOT NULL,
	PRIMARY KEY (whose, driver, model, name),
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX overrides_by_customer ON overrides (customer_id) WHERE customer_id IS NOT NULL;
