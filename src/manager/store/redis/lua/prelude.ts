/**
 * What every script begins with: the keys by name, and `marker`, which tells whether anybody else wrote. It covers all
 * single values, the lengths of queue and history, and the items at their ends; it costs the same however long they are.
 */
export const PRELUDE = `
local STATE, LEASE, EVENTS, QUEUE, HISTORY, RUNNING = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]

local function marker()
  local seen = redis.call('MGET', RUNNING, KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11])
  for n = 1, 6 do seen[n] = seen[n] or '-' end
  for _, list in ipairs({QUEUE, HISTORY}) do
    seen[#seen + 1] = redis.call('LLEN', list)
    seen[#seen + 1] = redis.call('LINDEX', list, 0) or '-'
    seen[#seen + 1] = redis.call('LINDEX', list, -1) or '-'
  end
  return redis.sha1hex(table.concat(seen, '\\n'))
end

-- 'ok' when the holder of this token may write as number so-and-so; else why not.
local function standing(token, written)
  local state = redis.call('HMGET', STATE, 'fence', 'written', 'marker')
  if state[1] ~= token then return 'fenced' end
  if state[2] ~= written then return 'parted' end
  if state[3] ~= marker() then return 'changed' end
  return 'ok'
end

local function lease(holder, ms)
  redis.call('SET', LEASE, holder, 'PX', ms)
end

-- A call takes some thousand arguments at most.
local function push(list, texts)
  for first = 1, #texts, 1000 do
    redis.call('RPUSH', list, unpack(texts, first, math.min(first + 999, #texts)))
  end
end
`;
