-- +goose Up
-- SIP secrets from before a rotation that are over are looked for every minute (P14),
-- as tokens are: without reading what is attached anywhere.
CREATE INDEX attachments_prev_until ON attachments (prev_until) WHERE prev_until > 0;
