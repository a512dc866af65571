(select * from staging where number {range} order by number) q
  left join (select * from numbers where number {range}) n on n.number = q.number
  left join (select * from bindings where number {range}) b on b.number = q.number
