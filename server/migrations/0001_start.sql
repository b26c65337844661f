-- The first schema. Type names are PostgreSQL's; the waist maps them for SQLite.
--
-- Every table of a member begins its primary key with bucket and member_id, so that all
-- of a member lies on one shard. Directories (identifiers, natural keys, idempotency keys)
-- have a bucket of their own key. `clustered` keeps small rows in the order of their key;
-- activities are too large for that. Nothing here is updated but member_state and
-- activity_progress; everything else is only added to.

create table business (
    business_id uuid not null,
    name text not null,
    created_at timestamptz not null,
    primary key (business_id)
);

create table programme_version (
    business_id uuid not null,
    number integer not null,
    programme_id text not null,
    in_force_from timestamptz not null,
    text text not null,
    checksum bytea not null,
    published_at timestamptz not null,
    primary key (business_id, number)
);

create table api_key (
    business_id uuid not null,
    secret_hash bytea not null,
    name text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    primary key (business_id, secret_hash)
);

create table member_state (
    bucket smallint not null,
    member_id uuid not null,
    business_id uuid not null,
    version bigint not null,
    previous_version bigint not null,
    state jsonb not null,
    chain bytea not null,
    primary key (bucket, member_id)
); -- clustered

create table member_profile (
    bucket smallint not null,
    member_id uuid not null,
    business_id uuid not null,
    name text,
    created_at timestamptz not null,
    primary key (bucket, member_id)
); -- clustered

create table identifier (
    bucket smallint not null,
    business_id uuid not null,
    kind text not null,
    value text not null,
    member_id uuid not null,
    created_at timestamptz not null,
    primary key (bucket, business_id, kind, value)
); -- clustered

create index identifier_member on identifier (business_id, member_id);

create table activity (
    bucket smallint not null,
    member_id uuid not null,
    activity_id uuid not null,
    business_id uuid not null,
    sequence bigint not null,
    kind text not null,
    label text,
    at timestamptz not null,
    recorded_at timestamptz not null,
    programme_version integer not null,
    payload jsonb not null,
    decision jsonb not null,
    chain bytea not null,
    primary key (bucket, member_id, activity_id)
);

create unique index activity_by_id on activity (bucket, activity_id);

create index activity_label on activity (business_id, label) where label is not null;

create table activity_progress (
    bucket smallint not null,
    member_id uuid not null,
    activity_id uuid not null,
    business_id uuid not null,
    progress jsonb not null,
    primary key (bucket, member_id, activity_id)
); -- clustered

create table entry (
    bucket smallint not null,
    member_id uuid not null,
    number bigint not null,
    business_id uuid not null,
    activity_id uuid not null,
    effect integer not null,
    points text not null,
    from_account text not null,
    to_account text not null,
    amount bigint not null,
    lot bigint,
    at timestamptz not null,
    primary key (bucket, member_id, number)
); -- clustered

create table natural_key (
    bucket smallint not null,
    business_id uuid not null,
    kind text not null,
    key text not null,
    activity_id uuid not null,
    member_id uuid not null,
    fingerprint bytea not null,
    primary key (bucket, business_id, kind, key)
); -- clustered

create table idempotency_key (
    bucket smallint not null,
    business_id uuid not null,
    principal text not null,
    key text not null,
    fingerprint bytea not null,
    answer jsonb not null,
    recorded_at timestamptz not null,
    primary key (bucket, business_id, principal, key)
); -- clustered
