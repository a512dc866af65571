-- The rules of docs/reference/rules.md on these tables. The first reason that applies is the decisive one.
create view {view} as
select '+' || number as number, purpose, date,
  case when reason is null then 'allow' when reason = 'no_coverage' then 'unknown' else 'deny' end as verdict,
  reason
from (
  select q.number, q.purpose, q.date,
    case
      when d.day is null then 'no_binding'
      when n.disconnected_on > coalesce(n.reassigned_on, '-infinity') then
        case when d.today - n.disconnected_on < n.aging_days then 'aging' else 'disconnected' end
      when n.disconnected_on >= d.day or n.reassigned_on > d.day then 'reassigned'
      when d.live and b.released then 'released'
      when d.live and b.expires_at <= now() then 'binding_expired'
      when (coalesce(n.refused, 0) | coalesce(b.refused, 0)) & d.bit <> 0 then 'opted_out'
      when d.live and b.role = 'contact' and d.bit in (1, 4) then 'third_party_contact'
      when d.live and b.purposes & d.bit = 0 then 'purpose_not_consented'
      when n.number is null or n.covered_since > d.day then 'no_coverage'
    end as reason
  from {from}
  cross join lateral (
    select
      coalesce(q.date, b.consented_on) as day,
      (now() at time zone 'utc')::date as today,
      -- There is a binding, and it is of the present holder.
      b.consented_on > coalesce(n.disconnected_on, '-infinity')
        and b.consented_on >= coalesce(n.reassigned_on, '-infinity') as live,
      case q.purpose when 'marketing' then 1 when 'servicing' then 2 when 'collection' then 4 else 8 end as bit
  ) d
) answered;
