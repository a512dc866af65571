-- History and state, as the ledger keeps both.
create table events (
  number bigint not null,
  event_id text not null,
  kind text not null,
  effective_on date not null,
  recorded_at timestamptz not null default now(),
  primary key (number, event_id)
);
create unlogged table reported (event_id text not null, kind text not null, number bigint not null, effective_on date not null);
