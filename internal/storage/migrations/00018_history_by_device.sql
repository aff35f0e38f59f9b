-- +goose Up
-- A device that is removed takes its history with it. By its id alone, as the
-- reference says it: an index that begins with the customer is no help to find it.
CREATE INDEX cpe_history_of_cpe ON cpe_history (cpe_id, id);
DROP INDEX cpe_history_by_cpe;
