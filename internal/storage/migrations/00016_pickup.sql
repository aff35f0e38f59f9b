-- +goose Up
-- What is dialled to take over a call that rings elsewhere (C12).
ALTER TABLE customers ADD COLUMN pickup_code TEXT NOT NULL DEFAULT '*8';
