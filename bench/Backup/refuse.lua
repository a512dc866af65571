-- Refusals, one number after the other, in 200 blocks. KEY and FIRST, the first of them, come from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")

local next = tonumber(os.getenv("FIRST"))

request = function()
  local number = (861390000 + next % 200) * 10000 + math.floor(next / 200)
  next = next + 1
  return wrk.format(nil, "/v1/opt-outs", nil, string.format('{"number":"+%d","scope":"everyone"}', number))
end
