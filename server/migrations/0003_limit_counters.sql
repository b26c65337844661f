-- Counters of limits that belong to no member: for all, for a place, a till, a cashier, a code.
--
-- A counter lies in the bucket of its own key. `counter` is the whole key as JSON, so that every
-- kind of limit is one row; `limit_of` is the rule, reward or campaign, for reading by people.
-- Rows are changed by adding to `used`, never by writing a value that was computed elsewhere.

create table limit_counter (
    bucket smallint not null,
    business_id uuid not null,
    counter text not null,
    limit_of text not null,
    used bigint not null,
    primary key (bucket, business_id, counter)
); -- clustered
