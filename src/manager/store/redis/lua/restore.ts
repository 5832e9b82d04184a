/**
 * Writes everything anew from the holder's memory: token, number to go on from, the marker that was looked at, holder,
 * milliseconds, number of the newest event, then counted texts: queue, history, values (running first; '' for none),
 * cursor ('' for none). Whoever took the store meanwhile keeps it: a later token wins.
 */
export const RESTORE = `
local token, number, seen, holder, ms, event = unpack(ARGV, 1, 6)
local fence = redis.call('HGET', STATE, 'fence')
if fence and tonumber(fence) > tonumber(token) then return {'fenced'} end
if marker() ~= seen then return {'changed'} end

local at = 7
local function counted()
  local texts, count = {}, tonumber(ARGV[at])
  for n = 1, count do texts[n] = ARGV[at + n] end
  at = at + count + 1
  return texts
end

for _, list in ipairs({QUEUE, HISTORY}) do
  redis.call('DEL', list)
  push(list, counted())
end
for n, text in ipairs(counted()) do
  if text == '' then redis.call('DEL', KEYS[5 + n]) else redis.call('SET', KEYS[5 + n], text) end
end
local cursor = counted()[1]
if redis.call('HGET', STATE, 'event') ~= event then redis.call('DEL', EVENTS) end
redis.call('HSET', STATE, 'schema', '1', 'fence', token, 'written', number, 'marker', marker(), 'event', event)
if cursor then redis.call('HSET', STATE, 'cursor', cursor) else redis.call('HDEL', STATE, 'cursor') end
lease(holder, ms)
return {'ok'}
`;
