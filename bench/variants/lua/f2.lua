-- F2: telemetry, as much of it as Lua can see: there is no callback at log, so everything is
-- recorded when the response's headers come, and the response's size is its content-length.

local LIMIT = 100
local series, count = {}, 0

local function labels(key, values)
  local known = series[key]
  if known then return known end
  if count == LIMIT then return "{other}" end
  count = count + 1
  known = "{tenant=" .. values[1] .. ",method=" .. values[2] .. ",host=" .. values[3] ..
    ",agent=" .. values[4] .. ",code=" .. values[5] .. ",flags=" .. values[6] ..
    ",protocol=" .. values[7] .. ",route=" .. values[8] .. "}"
  series[key] = known
  return known
end

function envoy_on_request(handle)
  local headers = handle:headers()
  if headers:get(":path") == "/healthz" then return end
  handle:streamInfo():dynamicMetadata():set("bench.f2", "request", {
    headers:get("x-tenant") or "unknown",
    headers:get(":method") or "none",
    headers:get(":authority") or "none",
    headers:get("user-agent") or "none",
    headers:get("content-length") or "0",
    handle:timestampString(EnvoyTimestampResolution.MICROSECOND),
  })
end

function envoy_on_response(handle)
  local info = handle:streamInfo()
  local request = info:dynamicMetadata():get("bench.f2")
  if not request then return end
  request = request["request"]
  local headers = handle:headers()
  local values = {
    request[1], request[2], request[3], request[4],
    headers:get(":status"), "0", info:protocol(), info:routeName(),
  }
  local bytes = tonumber(request[5]) + tonumber(headers:get("content-length") or "0")
  local now = tonumber(handle:timestampString(EnvoyTimestampResolution.MICROSECOND))
  local names = labels(table.concat(values, "\0"), values)
  local stats = handle:stats()
  stats:counter("bench_f2_bytes_total" .. names):add(bytes)
  stats:histogram("bench_f2_duration_us" .. names, "microseconds"):recordValue(now - tonumber(request[6]))
end
