-- Activities that follow for a member from what another one did, until they are booked. They are
-- written with their cause and removed with their booking, so that none is lost and none is
-- booked twice. `refused` is set where one cannot be booked; it stays to be looked at.

create table derived_activity (
    bucket smallint not null,
    member_id uuid not null,
    activity_id uuid not null,
    business_id uuid not null,
    cause_id uuid not null,
    incoming jsonb not null,
    at timestamptz not null,
    recorded_at timestamptz not null,
    refused text,
    primary key (bucket, member_id, activity_id)
); -- clustered

create index derived_activity_waiting on derived_activity (business_id, recorded_at)
    where refused is null;
