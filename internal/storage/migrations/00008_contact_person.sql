-- +goose Up
-- Whom to ask at the customer (U03).
ALTER TABLE customers ADD COLUMN contact_person TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN contact_phone TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN contact_email TEXT NOT NULL DEFAULT '';
