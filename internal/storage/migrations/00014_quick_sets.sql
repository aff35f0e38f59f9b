-- +goose Up
-- Whose binding lasts is told by an index alone, beside that of what is attached:
-- who is offline are those between.
DROP INDEX bindings_by_channel;
CREATE INDEX bindings_by_channel ON bindings (customer_id, channel_id, expires_at);
