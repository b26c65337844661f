-- What lanes by bucket need: each transaction touches the rows of one bucket only.
--
-- What lies in other buckets than the member's is asked for first, under the id of an attempt: keys
-- are claimed, limits counted and instruments set aside. Then the attempt is booked or given up, in
-- the bucket of the member: both write the same key of booking_attempt, so only one of them
-- happens. Then what was set aside is confirmed or undone. Its rows say all that is needed for
-- that, so that whoever finds them can do it.

create table lane_setting (
    business_id uuid not null,
    lanes text not null,
    chosen_at timestamptz not null,
    primary key (business_id)
);

-- The attempt lies in the bucket of the members that it books for. `moved` names members that were
-- merged, and whose identifiers and names of contacts are still to be moved.

create table booking_attempt (
    bucket smallint not null,
    attempt_id uuid not null,
    business_id uuid not null,
    given_up boolean not null,
    moved jsonb,
    begun_at timestamptz not null,
    primary key (bucket, attempt_id)
); -- clustered

-- `taken` is in the counter already, and comes out again where the attempt is given up;
-- `given_back` comes out of it where the attempt is booked.

create table counter_reservation (
    bucket smallint not null,
    business_id uuid not null,
    counter text not null,
    attempt_id uuid not null,
    taken bigint not null,
    given_back bigint not null,
    reserved_at timestamptz not null,
    primary key (bucket, business_id, counter, attempt_id)
); -- clustered

-- What an instrument becomes where the attempt is booked. Nobody else may change it meanwhile.

create table instrument_reservation (
    bucket smallint not null,
    instrument_id uuid not null,
    business_id uuid not null,
    attempt_id uuid not null,
    previous_version bigint not null,
    state jsonb not null,
    entries jsonb not null,
    reserved_at timestamptz not null,
    primary key (bucket, instrument_id)
); -- clustered

-- A claim names the attempt that is to book what it stands for. Where that is not there, the claim
-- counts for nothing as soon as its attempt was given up.

alter table natural_key add column attempt_id uuid;
alter table identifier add column attempt_id uuid;
alter table idempotency_key add column attempt_id uuid;
alter table idempotency_key add column activity_id uuid;

-- The balances that were answered: with the decision, they are the answer to every repetition.

alter table activity add column answered jsonb;

-- What follows for another member lies with its cause from now on, and names whom it is for. Where
-- that is empty, the row is an older one and lies with whom it is for.

alter table derived_activity add column to_member_id uuid;

-- Whether the prizes of a game are on their way.

alter table game_run add column awards_sent boolean;
