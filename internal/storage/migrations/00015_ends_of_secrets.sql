-- +goose Up
-- What a device had before a rotation, its token and its HTTP password, ends as its
-- SIP secret does (P14): when the new one was used, at the latest then.
ALTER TABLE cpes ADD COLUMN prev_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cpes ADD COLUMN http_prev_until BIGINT NOT NULL DEFAULT 0;

-- Those that had no end get seven days from the last thing that anybody did: their
-- rotation was not after that.
UPDATE cpes SET prev_until = (SELECT COALESCE(MAX(at), 0) FROM audit) + 604800000000 WHERE prev_hash IS NOT NULL;
UPDATE cpes SET http_prev_until = (SELECT COALESCE(MAX(at), 0) FROM audit) + 604800000000 WHERE http_prev_user <> '';

CREATE INDEX cpes_prev_until ON cpes (prev_until) WHERE prev_until > 0;
CREATE INDEX cpes_http_prev_until ON cpes (http_prev_until) WHERE http_prev_until > 0;
