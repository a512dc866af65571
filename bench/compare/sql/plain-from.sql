staging q left join numbers n on n.number = q.number left join bindings b on b.number = q.number
