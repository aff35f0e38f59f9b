-- +goose Up
-- What phones send us, what they are told to run, and who runs what.

-- What a device has sent, one of each name: compressed, its secrets replaced
-- before it comes here.
CREATE TABLE uploads (
	id          TEXT NOT NULL,
	cpe_id      TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	name        TEXT NOT NULL,
	size        BIGINT NOT NULL,
	body        BYTEA NOT NULL,
	address     TEXT NOT NULL,
	user_agent  TEXT NOT NULL,
	taken_at    BIGINT NOT NULL,
	PRIMARY KEY (customer_id, cpe_id, name),
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id) ON DELETE CASCADE
);

-- Files for phones; the bytes lie in the data directory under their SHA-256.
CREATE TABLE firmware (
	id         TEXT PRIMARY KEY,
	driver     TEXT NOT NULL,
	models     TEXT NOT NULL,
	version    TEXT NOT NULL,
	file_name  TEXT NOT NULL,
	sha256     TEXT NOT NULL,
	size       BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	UNIQUE (driver, version, file_name)
);
CREATE INDEX firmware_by_content ON firmware (sha256, file_name);

-- One model's way to a version. Of those that have not ended there is one for each
-- model. walked is the last device that was looked at for the present stage.
CREATE TABLE rollouts (
	id            TEXT PRIMARY KEY,
	firmware_id   TEXT NOT NULL REFERENCES firmware (id),
	driver        TEXT NOT NULL,
	model         TEXT NOT NULL,
	status        TEXT NOT NULL CHECK (status IN ('running', 'paused', 'halted', 'ended')),
	reason        TEXT NOT NULL DEFAULT '',
	percent       BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 100),
	opens         TEXT NOT NULL DEFAULT '',
	closes        TEXT NOT NULL DEFAULT '',
	at_once       BIGINT NOT NULL,
	most_failures BIGINT NOT NULL,
	patience      BIGINT NOT NULL,
	walked        TEXT NOT NULL DEFAULT '',
	walk_at       BIGINT NOT NULL DEFAULT 0,
	version       BIGINT NOT NULL DEFAULT 1,
	created_at    BIGINT NOT NULL,
	created_by    TEXT NOT NULL
);
CREATE UNIQUE INDEX rollouts_live ON rollouts (driver, model) WHERE status <> 'ended';

-- The customers of a rollout's stage; none: all.
CREATE TABLE rollout_customers (
	rollout_id  TEXT NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE,
	customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
	PRIMARY KEY (rollout_id, customer_id)
);

-- A device in a stage. offered says that its configuration names the version.
CREATE TABLE upgrades (
	customer_id TEXT NOT NULL,
	cpe_id      TEXT NOT NULL,
	rollout_id  TEXT NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE,
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'told', 'done', 'failed')),
	offered     BOOLEAN NOT NULL,
	told_at     BIGINT NOT NULL DEFAULT 0,
	took_at     BIGINT NOT NULL DEFAULT 0,
	ended_at    BIGINT NOT NULL DEFAULT 0,
	reason      TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (customer_id, cpe_id),
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX upgrades_by_rollout ON upgrades (rollout_id, state, customer_id, cpe_id);

CREATE INDEX cpes_of_model ON cpes (driver, model, id);
-- Who runs what, counted without reading a row.
CREATE INDEX cpes_fleet ON cpes (customer_id, driver, model, firmware);
CREATE INDEX cpes_behind_anywhere ON cpes (id) WHERE wanted <> fetched;
CREATE INDEX cpes_trouble_anywhere ON cpes (id) WHERE lost OR trust = 'frozen' OR refused_at > 0;
CREATE INDEX cpes_silent_anywhere ON cpes (id) WHERE fetched_at = 0;
