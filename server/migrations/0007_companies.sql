-- The names of contacts. They stand apart from the ledger, which knows a contact by its key alone,
-- so that a name can be changed and erased without touching what was booked.

create table contact_profile (
    bucket smallint not null,
    member_id uuid not null,
    contact text not null,
    business_id uuid not null,
    name text not null,
    changed_at timestamptz not null,
    primary key (bucket, member_id, contact)
); -- clustered
