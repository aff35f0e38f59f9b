-- +goose Up
-- People who sign in to the portal, and how. Passkeys and OpenID Connect will be
-- tables of their own beside password_hash: somebody may have several.

CREATE TABLE users (
	id            TEXT PRIMARY KEY,
	login         TEXT NOT NULL,
	login_key     TEXT NOT NULL UNIQUE,
	name          TEXT NOT NULL,
	name_key      TEXT NOT NULL,
	role          TEXT NOT NULL CHECK (role IN ('operator_admin', 'operator_support', 'partner_admin', 'customer_admin', 'user')),
	partner_id    TEXT REFERENCES partners (id) ON DELETE CASCADE,
	customer_id   TEXT REFERENCES customers (id) ON DELETE CASCADE,
	extension_id  TEXT NOT NULL DEFAULT '',
	language      TEXT NOT NULL DEFAULT '',
	theme         TEXT NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),
	-- null until the invitation is accepted
	password_hash BYTEA,
	totp_sealed   BYTEA,
	totp_since    BIGINT NOT NULL DEFAULT 0,
	-- the last step whose code was used: none before it is taken again
	totp_step     BIGINT NOT NULL DEFAULT 0,
	-- enrolled, but not yet confirmed by a code
	totp_pending  BYTEA,
	disabled      BOOLEAN NOT NULL DEFAULT FALSE,
	version       BIGINT NOT NULL DEFAULT 1,
	created_by    TEXT NOT NULL,
	created_at    BIGINT NOT NULL,
	signed_in_at  BIGINT NOT NULL DEFAULT 0,
	CHECK ((role = 'partner_admin') = (partner_id IS NOT NULL)),
	CHECK ((role = 'customer_admin' OR role = 'user') = (customer_id IS NOT NULL))
);
CREATE INDEX users_by_name ON users (name_key, id);
CREATE INDEX users_by_partner ON users (partner_id) WHERE partner_id IS NOT NULL;
CREATE INDEX users_by_customer ON users (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE recovery_codes (
	user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	hash    TEXT NOT NULL,
	PRIMARY KEY (user_id, hash)
);

CREATE TABLE sessions (
	id         TEXT PRIMARY KEY,
	hash       TEXT NOT NULL UNIQUE,
	user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	-- half: the password was right, the second factor is still due
	half       BOOLEAN NOT NULL,
	address    TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	flash      TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- At most one open link a user: a new one ends the one before.
CREATE TABLE one_time_links (
	user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	hash       TEXT NOT NULL UNIQUE,
	kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')),
	expires_at BIGINT NOT NULL
);

-- Failures at an account. The subject may be a login that nobody has, so that
-- the answers do not tell which ones exist.
CREATE TABLE sign_in_failures (
	subject      TEXT PRIMARY KEY,
	failures     BIGINT NOT NULL,
	last_at      BIGINT NOT NULL,
	locked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);
