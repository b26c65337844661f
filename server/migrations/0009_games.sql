-- Draws and ended challenges. A draw is opened, closed and drawn in one row; a challenge has a row
-- for each period that ended. `publication` is what anybody may see; `secret` is the seed of a draw
-- until it is shown, `holders` says whose word is whose. `awards` is what was sent, once.

create table game_run (
    run_id uuid not null primary key,
    business_id uuid not null,
    game text not null,
    period text not null,
    version integer not null,
    publication jsonb not null,
    secret bytea,
    holders jsonb,
    awards jsonb,
    opened_at timestamptz not null,
    ended_at timestamptz
);

create unique index game_run_once on game_run (business_id, game, period);
