create unlogged table staging (number bigint not null, purpose text not null, date date);
-- Everything that a question needs lies in the index: the tables themselves are not read.
create unique index numbers_cover on numbers (number)
  include (covered_since, aging_days, disconnected_on, reassigned_on, refused) with (fillfactor = 100);
create unique index bindings_cover on bindings (number)
  include (consented_on, role, purposes, expires_at, released, refused) with (fillfactor = 100);
{verdicts}
vacuum (analyze, freeze) numbers;
vacuum (analyze, freeze) bindings;
create extension pg_prewarm;
select pg_prewarm('numbers_cover'), pg_prewarm('bindings_cover');
