-- Coupons, gift certificates and cards. No code stands here: codes are made from a secret that
-- lies outside the database, and found by a hash that only this secret makes.
--
-- An instrument lies in the bucket of its own id, a code in the bucket of its hash. `state` is
-- empty while an instrument is as its batch made it, so that a million codes cost a million
-- small rows. Entries are only ever added. A batch is few rows and read by all.

create table code_secret (
    business_id uuid not null,
    fingerprint bytea not null,
    created_at timestamptz not null,
    primary key (business_id)
);

create table instrument_batch (
    business_id uuid not null,
    batch_id uuid not null,
    instrument text not null,
    template jsonb not null,
    wanted bigint not null,
    made bigint not null,
    created_at timestamptz not null,
    primary key (business_id, batch_id)
);

create table instrument (
    bucket smallint not null,
    instrument_id uuid not null,
    business_id uuid not null,
    batch_id uuid not null,
    version bigint not null,
    previous_version bigint not null,
    state jsonb,
    primary key (bucket, instrument_id)
); -- clustered

create table instrument_code (
    bucket smallint not null,
    business_id uuid not null,
    hash bytea not null,
    instrument_id uuid not null,
    primary key (bucket, business_id, hash)
); -- clustered

create table instrument_entry (
    bucket smallint not null,
    instrument_id uuid not null,
    number bigint not null,
    business_id uuid not null,
    activity_id uuid not null,
    change jsonb not null,
    from_account text not null,
    to_account text not null,
    amount bigint not null,
    at timestamptz not null,
    reason text,
    actor text,
    primary key (bucket, instrument_id, number)
); -- clustered

alter table activity add column seen jsonb;
