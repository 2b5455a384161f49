-- F1: read a request header, count per tenant, add a response header.

local LIMIT = 100
local tenants, count = {}, 0

local function label(tenant)
  if tenants[tenant] then return tenant end
  if count == LIMIT then return "other" end
  count = count + 1
  tenants[tenant] = true
  return tenant
end

function envoy_on_request(handle)
  local tenant = label(handle:headers():get("x-tenant") or "unknown")
  handle:stats():counter("bench_f1_requests_total{tenant=" .. tenant .. "}"):inc()
end

function envoy_on_response(handle)
  handle:headers():add("x-bench", "f1")
end
