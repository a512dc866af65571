-- Checks of one of 10,000 numbers, drawn by chance, in 100 blocks. KEY comes from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")

function init() math.randomseed(os.time()) end

function request()
  local number = string.format("+86138%04d%04d", math.random(0, 99), math.random(0, 99))
  return wrk.format(nil, nil, nil, '{"number":"' .. number .. '","purpose":"marketing","consentedOn":"2026-01-05"}')
end

function response(status)
  if status ~= 200 then io.stderr:write("answered " .. status .. "\n") end
end
