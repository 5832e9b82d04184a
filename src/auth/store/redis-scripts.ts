import { luaScript } from '../../lib/redis-connection.ts';
import type { Script } from '../../lib/redis-connection.ts';

/**
 * How accounts lie in Redis, under a prefix `P`:
 *
 * | key | holds |
 * | --- | --- |
 * | `principals` | list of UUIDs, in the order in which they came |
 * | `p:<uuid>`, `pi:<uuid>` | hash of one principal; list of its identities |
 * | `i:<provider>/<id>` | hash of one identity; a provider's name has no slash |
 * | `s:<uuid>`, `so:<principal>` | hash of one session; list of those of a principal |
 * | `k:<hash>`, `ko:<principal>` | hash of one API key; list of those of a principal |
 * | `ends` | sorted set: when a session or key is over |
 * | `revoked` | sorted set: when a key was revoked |
 * | `a:<name>` | counted attempts, with their end |
 * | `changes` | channel: `<kind> <id>` of each change |
 *
 * Lists of texts stay JSON that no script looks into: Lua cannot tell an empty list from an empty object.
 */
const PRELUDE = `
local P = KEYS[1]
local function tell(kind, id) redis.call('PUBLISH', P .. 'changes', kind .. ' ' .. id) end
local function principal(uuid)
  local p = redis.call('HMGET', P .. 'p:' .. uuid, 'type', 'disabled')
  if not p[1] then return {} end
  local identities = {}
  for n, ref in ipairs(redis.call('LRANGE', P .. 'pi:' .. uuid, 0, -1)) do
    local i = redis.call('HMGET', P .. 'i:' .. ref, 'groups', 'login')
    identities[n] = {ref, i[1], i[2]}
  end
  return {uuid, p[1], p[2], identities}
end
local function identity(ref, uuid, groups, login)
  redis.call('HSET', P .. 'i:' .. ref, 'principal', uuid, 'groups', groups)
  if login ~= '' then redis.call('HSET', P .. 'i:' .. ref, 'login', login) end
end
local function add(uuid, kind, disabled)
  redis.call('HSET', P .. 'p:' .. uuid, 'type', kind, 'disabled', disabled)
  redis.call('RPUSH', P .. 'principals', uuid)
end
local function drop(kind, id)
  local owner = redis.call('HGET', P .. kind .. ':' .. id, 'principal')
  if not owner then return end
  redis.call('LREM', P .. kind .. 'o:' .. owner, 1, id)
  redis.call('DEL', P .. kind .. ':' .. id)
  redis.call('ZREM', P .. 'ends', kind .. ':' .. id)
end
local function put(kind, id, owner, over, fields)
  redis.call('HSET', P .. kind .. ':' .. id, unpack(fields))
  redis.call('RPUSH', P .. kind .. 'o:' .. owner, id)
  if over ~= '' then redis.call('ZADD', P .. 'ends', over, kind .. ':' .. id) end
end
`;

const script = (body: string): Script => luaScript(PRELUDE + body);

export const SCRIPTS = {
  /** identity, groups, at, UUID if it is new */
  signIn: script(`
    local ref = ARGV[1]
    local uuid = redis.call('HGET', P .. 'i:' .. ref, 'principal')
    if not uuid then
      uuid = ARGV[4]
      add(uuid, 'user', '0')
      redis.call('RPUSH', P .. 'pi:' .. uuid, ref)
    end
    identity(ref, uuid, ARGV[2], ARGV[3])
    tell('principal', uuid)
    return principal(uuid)
  `),
  /** UUID */
  principal: script(`return principal(ARGV[1])`),
  /** identity */
  principalOf: script(`return principal(redis.call('HGET', P .. 'i:' .. ARGV[1], 'principal') or '')`),
  principals: script(`
    local all = {}
    for n, uuid in ipairs(redis.call('LRANGE', P .. 'principals', 0, -1)) do all[n] = principal(uuid) end
    return all
  `),
  /** UUID, '1' or '0' */
  disable: script(`
    if redis.call('EXISTS', P .. 'p:' .. ARGV[1]) == 0 then return {0} end
    redis.call('HSET', P .. 'p:' .. ARGV[1], 'disabled', ARGV[2])
    tell('principal', ARGV[1])
    return {1}
  `),
  /** kind 's' or 'k', its word in changes, id, principal, when it is over, fields and values */
  put: script(`
    put(ARGV[1], ARGV[3], ARGV[4], ARGV[5], {unpack(ARGV, 6)})
    tell(ARGV[2], ARGV[3])
    return {}
  `),
  /** kind, principal */
  listOf: script(`
    local all = {}
    for n, id in ipairs(redis.call('LRANGE', P .. ARGV[1] .. 'o:' .. ARGV[2], 0, -1)) do
      all[n] = redis.call('HGETALL', P .. ARGV[1] .. ':' .. id)
    end
    return all
  `),
  /** UUID, from, to, at, idle until, when it is over */
  rotate: script(`
    local key = P .. 's:' .. ARGV[1]
    local s = redis.call('HMGET', key, 'token', 'isEnded')
    if s[1] ~= ARGV[2] or s[2] ~= '0' then return {} end
    redis.call('HSET', key, 'previousToken', ARGV[2], 'token', ARGV[3], 'refreshedAt', ARGV[4], 'idleUntil', ARGV[5])
    local last = redis.call('HGET', key, 'expiresAt')
    local over = ARGV[5]
    if last and tonumber(last) < tonumber(over) then over = last end
    redis.call('ZADD', P .. 'ends', over, 's:' .. ARGV[1])
    tell('session', ARGV[1])
    return redis.call('HGETALL', key)
  `),
  /** UUID */
  endSession: script(`
    if redis.call('EXISTS', P .. 's:' .. ARGV[1]) == 0 then return {0} end
    redis.call('HSET', P .. 's:' .. ARGV[1], 'isEnded', '1')
    tell('session', ARGV[1])
    return {1}
  `),
  /** hash, at */
  keyWasUsed: script(`
    if redis.call('EXISTS', P .. 'k:' .. ARGV[1]) == 1 then
      redis.call('HSET', P .. 'k:' .. ARGV[1], 'latestActivity', ARGV[2])
    end
    return {}
  `),
  /** hash; at, if it is revoked */
  dropKey: script(`
    drop('k', ARGV[1])
    if ARGV[2] then redis.call('ZADD', P .. 'revoked', ARGV[2], ARGV[1]) end
    tell('key', ARGV[1])
    return {}
  `),
  /** JSON of principals, of keys */
  takeOver: script(`
    local uuids, principals, keys = {}, 0, 0
    for _, p in ipairs(cjson.decode(ARGV[1])) do
      local here
      for _, i in ipairs(p.identities) do here = here or redis.call('HGET', P .. 'i:' .. i.ref, 'principal') end
      uuids[p.uuid] = here or p.uuid
      if not here and redis.call('EXISTS', P .. 'p:' .. p.uuid) == 0 then
        add(p.uuid, p.type, p.disabled)
        for _, i in ipairs(p.identities) do
          identity(i.ref, p.uuid, i.groups, i.login)
          redis.call('RPUSH', P .. 'pi:' .. p.uuid, i.ref)
        end
        principals = principals + 1
      end
    end
    for _, k in ipairs(cjson.decode(ARGV[2])) do
      if redis.call('EXISTS', P .. 'k:' .. k.hash) == 0 and not redis.call('ZSCORE', P .. 'revoked', k.hash) then
        local owner = uuids[k.principal] or k.principal
        put('k', k.hash, owner, k.over, k.fields)
        redis.call('HSET', P .. 'k:' .. k.hash, 'principal', owner)
        keys = keys + 1
      end
    end
    tell('anything', '')
    return {principals, keys}
  `),
  /** now, revocations until */
  purge: script(`
    local over = redis.call('ZRANGEBYSCORE', P .. 'ends', '-inf', '(' .. ARGV[1])
    for _, name in ipairs(over) do drop(string.sub(name, 1, 1), string.sub(name, 3)) end
    redis.call('ZREMRANGEBYSCORE', P .. 'revoked', '-inf', '(' .. ARGV[2])
    if #over > 0 then tell('anything', '') end
    return {}
  `),
  /** name, seconds */
  countAttempt: script(`
    local count = redis.call('INCR', P .. 'a:' .. ARGV[1])
    if count == 1 then redis.call('EXPIRE', P .. 'a:' .. ARGV[1], ARGV[2]) end
    return {count}
  `),
} as const;
