-- One transaction, durable at its end. Every event is kept; of a number, the latest day counts.
truncate reported;
copy reported from '{events}' (format csv, header);
begin;
insert into events (number, event_id, kind, effective_on)
  select number, event_id, kind, effective_on from reported order by number
  on conflict do nothing;
insert into numbers (number, covered_since, aging_days, disconnected_on, refused)
  select number, '2020-01-01', 45, max(effective_on), 0 from reported group by number
  on conflict (number) do update
    set disconnected_on = greatest(numbers.disconnected_on, excluded.disconnected_on);
commit;
