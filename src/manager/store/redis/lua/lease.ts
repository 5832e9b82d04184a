/**
 * Takes the store: holder, milliseconds of the lease, and the lease of a holder that is known to be dead ('' for none).
 * The token is the epoch: at least one more than the last, and the time in seconds, so that neither a Redis which was
 * emptied nor another store that is used in its place gives an old one.
 */
export const OPEN = `
local holder, ms, dead = ARGV[1], ARGV[2], ARGV[3]
local schema = redis.call('HGET', STATE, 'schema')
if schema and tonumber(schema) > 1 then return {'new', schema} end
local held = redis.call('GET', LEASE)
if held and held ~= dead then return {'held', held, redis.call('PTTL', LEASE)} end
local state = redis.call('HMGET', STATE, 'fence', 'event', 'marker')
local token = string.format('%d', math.max(tonumber(state[1] or '0') + 1, tonumber(redis.call('TIME')[1])))
local found = marker()
redis.call('HSET', STATE, 'schema', '1', 'fence', token, 'written', '0', 'marker', found)
lease(holder, ms)
return {'ok', token, state[2] or '0', state[3] == found and 'as left' or 'changed'}
`;

/** token, written, holder, milliseconds */
export const RENEW = `
local found = standing(ARGV[1], ARGV[2])
if found == 'ok' then lease(ARGV[3], ARGV[4]) end
return {found, redis.call('GET', LEASE) or ''}
`;

/**
 * Goes on after an interruption: token, written so far, the number to go on from, the marker that was looked at ('' when
 * it must be the one of the last write), holder, milliseconds. A change that was under way then carries an old number.
 */
export const SETTLE = `
local token, written, number, seen = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local found = standing(token, written)
if found == 'changed' and seen == marker() then found = 'ok' end
if found ~= 'ok' then return {found} end
redis.call('HSET', STATE, 'written', number, 'marker', marker())
lease(ARGV[5], ARGV[6])
return {'ok'}
`;

/** Everything there is, and how the marker stands to it. */
export const LOOK = `
local state = redis.call('HMGET', STATE, 'fence', 'written', 'marker', 'cursor', 'event')
for n = 1, 5 do state[n] = state[n] or '' end
local values = redis.call('MGET', RUNNING, KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11])
for n = 1, 6 do values[n] = values[n] or '' end
return {state, marker(), redis.call('GET', LEASE) or '', values,
  redis.call('LRANGE', QUEUE, 0, -1), redis.call('LRANGE', HISTORY, 0, -1)}
`;

/** after, limit; answers the number of the first one, and the events */
export const EVENTS_AFTER = `
local first = tonumber(redis.call('HGET', STATE, 'event') or '0') - redis.call('LLEN', EVENTS) + 1
local skip = math.max(0, tonumber(ARGV[1]) - first + 1)
return {string.format('%d', first + skip), redis.call('LRANGE', EVENTS, skip, skip + tonumber(ARGV[2]) - 1)}
`;

/** token */
export const CLOSE = `
if redis.call('HGET', STATE, 'fence') == ARGV[1] then redis.call('DEL', LEASE) end
return {'ok'}
`;
