-- One check, as a lender sends it. KEY and NUMBER come from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
wrk.body = '{"number":"' .. os.getenv("NUMBER") .. '","purpose":"marketing"}'
