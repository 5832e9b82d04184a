/**
 * One commit: token, number of the last one, its own number, holder, milliseconds, how many events are kept, the manner,
 * then the steps: each a word, how many arguments it has, and these. Either all of it is written or nothing: what could
 * fail is looked at before the first write, or is the first write.
 *
 * `few`: each step finds its item in the list by its text, which Redis does by going through it. `many`: the whole list
 * is read, changed and written back, so that a thousand items cost little more than one.
 */
export const COMMIT = `
local token, written, number, holder, ms, kept, manner = unpack(ARGV, 1, 7)
local found = standing(token, written)
if found ~= 'ok' then return {found, redis.call('GET', LEASE) or ''} end

local function each_step(act)
  local at = 8
  while at <= #ARGV do
    local count = tonumber(ARGV[at + 1])
    local missing = act(ARGV[at], at + 2, at + 1 + count)
    if missing then return missing end
    at = at + 2 + count
  end
end

local function texts_of(first, last)
  local texts = {}
  for n = first, last do texts[#texts + 1] = ARGV[n] end
  return texts
end

local in_list = {}

-- Every item that a step names, but the very first: that one's own step tells before anything is written.
local function missing_item()
  local is_first = true
  local function look(text)
    if not is_first and not redis.call('LPOS', QUEUE, text) then return text end
    is_first = false
  end
  return each_step(function(step, first, last)
    if step == 'take' then
      for n = first, last do
        local missing = look(ARGV[n])
        if missing then return missing end
      end
    elseif step == 'insert' or step == 'swap' then
      return look(ARGV[first])
    end
    is_first = false
  end)
end

function in_list.push(first, last) push(QUEUE, texts_of(first, last)) end
function in_list.clear() redis.call('DEL', QUEUE) end
function in_list.take(first, last)
  for n = first, last do
    if redis.call('LREM', QUEUE, 1, ARGV[n]) == 0 then return ARGV[n] end
  end
end
function in_list.insert(first, last)
  for n = first + 1, last do
    if redis.call('LINSERT', QUEUE, 'BEFORE', ARGV[first], ARGV[n]) < 1 then return ARGV[first] end
  end
end
function in_list.swap(first, last)
  local place = redis.call('LPOS', QUEUE, ARGV[first])
  if not place then return ARGV[first] end
  redis.call('LSET', QUEUE, place, ARGV[last])
end

-- The whole list as a table; each step goes through it once, however many items it names.
local whole, in_whole = {}, {}
local function place_of(text)
  for n = 1, #whole do
    if whole[n] == text then return n end
  end
end
function in_whole.push(first, last)
  for n = first, last do whole[#whole + 1] = ARGV[n] end
end
function in_whole.clear() whole = {} end
function in_whole.take(first, last)
  local wanted, rest = {}, {}
  for n = first, last do wanted[ARGV[n]] = true end
  for n = 1, #whole do
    if wanted[whole[n]] then wanted[whole[n]] = nil else rest[#rest + 1] = whole[n] end
  end
  whole = rest
  return (next(wanted))
end
function in_whole.insert(first, last)
  local place, longer = place_of(ARGV[first]), {}
  if not place then return ARGV[first] end
  for n = 1, place - 1 do longer[n] = whole[n] end
  for n = first + 1, last do longer[#longer + 1] = ARGV[n] end
  for n = place, #whole do longer[#longer + 1] = whole[n] end
  whole = longer
end
function in_whole.swap(first, last)
  local place = place_of(ARGV[first])
  if not place then return ARGV[first] end
  whole[place] = ARGV[last]
end

local beside = {}
function beside.set(first) redis.call('SET', KEYS[tonumber(ARGV[first])], ARGV[first + 1]) end
function beside.unset(first) redis.call('DEL', KEYS[tonumber(ARGV[first])]) end
function beside.cursor(first) redis.call('HSET', STATE, 'cursor', ARGV[first]) end
function beside.remember(first) redis.call('RPUSH', HISTORY, ARGV[first]) end
function beside.forget(first) redis.call('LTRIM', HISTORY, ARGV[first], -1) end
function beside.events(first, last)
  redis.call('HINCRBY', STATE, 'event', last - first + 1)
  push(EVENTS, texts_of(first, last))
  redis.call('LTRIM', EVENTS, '-' .. kept, -1)
end

local missing
if manner == 'few' then
  missing = missing_item()
else
  whole = redis.call('LRANGE', QUEUE, 0, -1)
  missing = each_step(function(step, first, last)
    if in_whole[step] then return in_whole[step](first, last) end
  end)
  if not missing then
    redis.call('DEL', QUEUE)
    push(QUEUE, whole)
  end
end
missing = missing or each_step(function(step, first, last)
  if manner == 'few' and in_list[step] then return in_list[step](first, last) end
  if beside[step] then beside[step](first, last) end
end)
if missing then return {'missing', missing} end

redis.call('HSET', STATE, 'written', number, 'marker', marker())
lease(holder, ms)
return {'ok'}
`;
