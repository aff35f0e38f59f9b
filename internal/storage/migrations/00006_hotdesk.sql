-- +goose Up
-- When hot-desk logins end by themselves, and the short number of a place.

-- After so many hours, 0 for never; every day at a time such as 18:30, '' for never.
ALTER TABLE customers ADD COLUMN hotdesk_hours BIGINT NOT NULL DEFAULT 0 CHECK (hotdesk_hours BETWEEN 0 AND 744);
ALTER TABLE customers ADD COLUMN hotdesk_end TEXT NOT NULL DEFAULT '';

-- When the login is due to end by the customer's limits, 0 for never. The rule
-- decides; this is where to look.
ALTER TABLE logins ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX logins_due ON logins (ends_at, channel_id) WHERE ends_at > 0;

-- Stands on the phone's screen, to log in there from another screen.
ALTER TABLE channels ADD COLUMN desk TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX channels_by_desk ON channels (customer_id, desk) WHERE desk <> '';
