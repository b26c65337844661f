-- How far work is that looks at every member, such as booking what has run out. It goes on from there,
-- whoever does it and however often it was stopped. `day` is the day for which it was begun,
-- `judged_at` the moment by which it judges; `position` is empty when the day's work is done.

create table housekeeping (
    business_id uuid not null,
    job text not null,
    day date not null,
    judged_at timestamptz not null,
    position jsonb,
    primary key (business_id, job)
);
