-- The state alone: no event is kept, so nothing could be retracted, replayed or proved.
truncate reported;
copy reported from '{events}' (format csv, header);
insert into numbers (number, covered_since, aging_days, disconnected_on, refused)
  select number, '2020-01-01', 45, max(effective_on), 0 from reported group by number
  on conflict (number) do update
    set disconnected_on = greatest(numbers.disconnected_on, excluded.disconnected_on);
