-- Callers for wrk. With ONE_CALLER all requests come from one address, as in the Python baseline's own script; otherwise from 8 192 addresses.
local requests = {}
local sent = 0

local function address()
  if os.getenv("ONE_CALLER") then return "81.2.69.142" end
  return string.format("%d.%d.%d.%d", math.random(1, 223), math.random(0, 255), math.random(0, 255), math.random(1, 254))
end

function init()
  math.randomseed(7)
  for index = 1, 8192 do
    local headers = { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = address() }
    requests[index] = wrk.format("POST", "/v1/ice-servers", headers, '{"userId":"user-' .. index .. '"}')
  end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end
