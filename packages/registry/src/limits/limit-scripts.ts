/**
 * One bucket is a hash: router id → `<lease> <lease ends, ms> <slot>:<calls> <slot>:<calls> …`, all times by the clock of Redis. A router's
 * report replaces its previous one. Entries that are too old do not count. Entries in the future do not count either: they exist after the
 * clock has stepped back.
 *
 * KEYS: buckets of one cluster slot. ARGV: router id, slot ms, slots of the window, lease ms; then for each bucket its limit, the wish,
 * and `<age, slots>:<calls> …`. Returns three whole numbers for each bucket: granted calls, other routers' calls, ms until calls are left.
 *
 * memory-limit-ledger.ts computes the same. The contract suite tests both implementations.
 */
export const settleLimitsScript = `
local router, slotMs, window, leaseMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local nowSlot = math.floor(nowMs / slotMs)
local answers = {}
for index, key in ipairs(KEYS) do
  local limit, wish, ages = tonumber(ARGV[2 + 3 * index]), tonumber(ARGV[3 + 3 * index]), ARGV[4 + 3 * index]
  local bySlot, own, others, leased, text = {}, 0, 0, 0, {}
  for age, calls in string.gmatch(ages, '(%d+):(%d+)') do
    local slot = nowSlot - tonumber(age)
    own = own + tonumber(calls)
    bySlot[slot] = (bySlot[slot] or 0) + tonumber(calls)
    text[#text + 1] = string.format('%.0f', slot) .. ':' .. calls
  end
  local said = redis.call('HGETALL', key)
  for field = 1, #said, 2 do
    if said[field] ~= router then
      local isOld = true
      for slotText, calls in string.gmatch(said[field + 1], '(%d+):(%d+)') do
        local slot = tonumber(slotText)
        if slot >= nowSlot - window and slot <= nowSlot then
          isOld = false
          others = others + tonumber(calls)
          bySlot[slot] = (bySlot[slot] or 0) + tonumber(calls)
        end
      end
      local lease, endsMs = string.match(said[field + 1], '^(%d+) (%d+)')
      if lease and tonumber(endsMs) > nowMs and tonumber(endsMs) <= nowMs + leaseMs then
        isOld = false
        leased = leased + tonumber(lease)
      end
      if isOld then redis.call('HDEL', key, said[field]) end
    end
  end
  local used = own + others
  local granted = math.max(0, math.min(wish, math.ceil((limit - used - leased) / 2)))
  local fullMs = 0
  if used + leased >= limit then
    fullMs = slotMs
    if used >= limit then
      local slots = {}
      for slot in pairs(bySlot) do slots[#slots + 1] = slot end
      table.sort(slots)
      local left = used
      fullMs = (window + 1) * slotMs
      for _, slot in ipairs(slots) do
        left = left - bySlot[slot]
        if left < limit then
          fullMs = (slot + window + 1) * slotMs - nowMs
          break
        end
      end
    end
  end
  if granted > 0 or own > 0 then
    redis.call('HSET', key, router, granted .. ' ' .. string.format('%.0f', nowMs + leaseMs) .. ' ' .. table.concat(text, ' '))
    redis.call('PEXPIRE', key, (window + 1) * slotMs)
  else
    redis.call('HDEL', key, router)
  end
  answers[#answers + 1] = granted
  answers[#answers + 1] = others
  answers[#answers + 1] = fullMs
end
return answers
`;

/**
 * KEYS: the sorted set; a hash with the set's creation time. ARGV: window ms, the longest list to keep, then the busy buckets. Returns the
 * creation time, then all busy buckets.
 */
export const busyBucketsScript = `
local windowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 3, #ARGV do redis.call('ZADD', KEYS[1], nowMs, ARGV[index]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', nowMs - windowMs)
redis.call('ZREMRANGEBYSCORE', KEYS[1], nowMs + windowMs, '+inf')
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -most - 1)
redis.call('PEXPIRE', KEYS[1], windowMs)
local made = redis.call('HGETALL', KEYS[2])[2]
if not made then
  made = time[1] .. '.' .. time[2]
  redis.call('HSET', KEYS[2], 'made', made)
end
redis.call('PEXPIRE', KEYS[2], 10 * windowMs)
local answer = redis.call('ZRANGE', KEYS[1], 0, -1)
table.insert(answer, 1, made)
return answer
`;
