-- When the calendar brings something to each member next, as things stand: found in the order of
-- time, whenever somebody looks. What came is booked; here stands only where to look.

create table member_calendar (
    bucket smallint not null,
    member_id uuid not null,
    business_id uuid not null,
    version bigint not null,
    next_at timestamptz not null,
    primary key (bucket, member_id)
); -- clustered

create index member_calendar_next on member_calendar (business_id, next_at);

-- The latest version of the programme by which the calendar of every member was written.

create table calendar_written (
    business_id uuid not null,
    version bigint not null,
    primary key (business_id)
);

-- What somebody has to do for members, until it is done.

create table open_task (
    bucket smallint not null,
    member_id uuid not null,
    activity_id uuid not null,
    effect bigint not null,
    business_id uuid not null,
    about text not null,
    partner text,
    note text,
    due date not null,
    opened_at timestamptz not null,
    primary key (bucket, member_id, activity_id, effect)
); -- clustered

create index open_task_due on open_task (business_id, due);
