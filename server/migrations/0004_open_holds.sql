-- Checkouts that are held and neither confirmed nor cancelled. The activity itself holds all that
-- is to be known; here stands only when its time is over, so that it is found then.

create table open_hold (
    bucket smallint not null,
    member_id uuid not null,
    activity_id uuid not null,
    business_id uuid not null,
    ends_at timestamptz not null,
    primary key (bucket, member_id, activity_id)
); -- clustered

create index open_hold_end on open_hold (business_id, ends_at);
