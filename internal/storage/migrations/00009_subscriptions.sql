-- +goose Up
-- Who watches whom (BLF), and how many messages wait for an extension.

ALTER TABLE extensions ADD COLUMN messages_new BIGINT NOT NULL DEFAULT 0 CHECK (messages_new >= 0);
ALTER TABLE extensions ADD COLUMN messages_old BIGINT NOT NULL DEFAULT 0 CHECK (messages_old >= 0);

-- No foreign keys: what a phone has asked for, which is judged anew before it counts.
CREATE TABLE subscriptions (
	id          TEXT PRIMARY KEY,
	customer_id TEXT NOT NULL,
	channel_id  TEXT NOT NULL,
	state       BYTEA NOT NULL,
	updated_at  BIGINT NOT NULL
);
