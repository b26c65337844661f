-- A code names the batch that it was made in, so that its instrument needs no row of its own until
-- something happens to it: ten million codes are ten million rows, and not twice as many. Codes of
-- coupons that receipts issue have no batch, and their instruments have a row from the first.

alter table instrument_code add column batch_id uuid;
