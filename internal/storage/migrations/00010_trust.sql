-- +goose Up
-- How devices prove themselves: by a certificate of their maker, a site token, a PIN
-- typed at the phone; and the HTTP credentials that their own directory demands.

-- The credentials that the device's files bear, and the pair before them, which
-- leads it to these until they were used.
ALTER TABLE cpes ADD COLUMN http_user TEXT NOT NULL DEFAULT '';
ALTER TABLE cpes ADD COLUMN http_sealed BYTEA;
ALTER TABLE cpes ADD COLUMN http_prev_user TEXT NOT NULL DEFAULT '';
ALTER TABLE cpes ADD COLUMN http_prev_sealed BYTEA;
-- It has taken a whole chain of files that bore http_user: from then on it is asked.
ALTER TABLE cpes ADD COLUMN http_taken BOOLEAN NOT NULL DEFAULT FALSE;

-- When it became trusted and what it showed, 0 and '' where nobody noted it.
ALTER TABLE cpes ADD COLUMN trust_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cpes ADD COLUMN trust_evidence TEXT NOT NULL DEFAULT '';
-- It has shown its maker's certificate: nothing that people type counts any more.
ALTER TABLE cpes ADD COLUMN certified BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE cpes ADD COLUMN pin_hash BYTEA;
ALTER TABLE cpes ADD COLUMN pin_expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cpes ADD COLUMN pin_tries BIGINT NOT NULL DEFAULT 0;
-- Where and when it was used: the rest of the chain of files may follow from there.
ALTER TABLE cpes ADD COLUMN pin_addr TEXT NOT NULL DEFAULT '';
ALTER TABLE cpes ADD COLUMN pin_used_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX cpes_with_pin ON cpes (pin_expires) WHERE pin_expires > 0;

-- The weakest evidence that makes a device of the customer trusted, '' for any.
ALTER TABLE customers ADD COLUMN trust_minimum TEXT NOT NULL DEFAULT '' CHECK (trust_minimum IN ('', 'site_token', 'first_access', 'certificate'));

CREATE TABLE site_tokens (
	id          TEXT PRIMARY KEY,
	customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
	name        TEXT NOT NULL,
	hash        TEXT NOT NULL UNIQUE,
	-- how many devices it is for, and how many have used it
	devices     BIGINT NOT NULL CHECK (devices BETWEEN 1 AND 10000),
	used        BIGINT NOT NULL DEFAULT 0,
	addresses   TEXT NOT NULL,
	expires_at  BIGINT NOT NULL,
	voided_at   BIGINT NOT NULL DEFAULT 0,
	created_by  TEXT NOT NULL,
	created_at  BIGINT NOT NULL,
	UNIQUE (customer_id, id),
	CHECK (used <= devices)
);
CREATE INDEX site_tokens_by_customer ON site_tokens (customer_id, id);

-- Each device uses a site token once; the address is where it may retry.
CREATE TABLE site_token_uses (
	site_token_id TEXT NOT NULL,
	cpe_id        TEXT NOT NULL,
	customer_id   TEXT NOT NULL,
	address       TEXT NOT NULL,
	used_at       BIGINT NOT NULL,
	PRIMARY KEY (site_token_id, cpe_id),
	FOREIGN KEY (customer_id, site_token_id) REFERENCES site_tokens (customer_id, id) ON DELETE CASCADE,
	FOREIGN KEY (customer_id, cpe_id) REFERENCES cpes (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX site_token_uses_by_cpe ON site_token_uses (customer_id, cpe_id);
