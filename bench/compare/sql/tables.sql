-- What a lender keeps if it decides for itself: one row for each number, one for each binding.
-- Purposes are bits: 1 marketing, 2 servicing, 4 collection, 8 verification. "refused" holds those that count today:
-- of everyone in numbers, of this lender in bindings.
create table numbers (
  number bigint not null,
  covered_since date not null,
  aging_days smallint not null,
  disconnected_on date,
  reassigned_on date,
  refused smallint not null
);
create table bindings (
  number bigint not null,
  consented_on date not null,
  role text not null,
  purposes smallint not null,
  expires_at timestamptz,
  released boolean not null,
  refused smallint not null
);
-- In the order of the numbers: clustered.
\copy numbers from '{numbers}' (format csv)
\copy bindings from '{bindings}' (format csv)
alter table numbers add primary key (number);
alter table bindings add primary key (number);
