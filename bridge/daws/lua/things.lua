-- Moves put together as a musician thinks of them: a band of an equaliser, a compressor, a fader; each in words.

local things = {}

things.SIDE_CHAIN = "side-chain " -- begins the group of a compressor that another track keys

local FRESH = { ["eq.gain_db"] = true, ["comp.makeup_db"] = true } -- 0 in a new effect

local function family_of(parameter) return parameter:match("^(%a+)%.") or parameter end

-- Knobs that a strip has once, whatever the group.
local HAS_GROUPS = { eq = true, comp = true, send_db = true, polarity = true }

local function key_of(move)
  local family = family_of(move.parameter)
  return table.concat({ move.target, family, HAS_GROUPS[family] and move.group or "" }, "\0"), family
end

-- Moves of one band, one compressor or one knob are one thing, in order of their first moves:
-- { target, family, group, moves, values }. What is changed twice is changed by both.
function things.of(moves)
  local list, known = {}, {}
  for _, move in ipairs(moves) do
    local key, family = key_of(move)
    if not known[key] then
      known[key] = { target = move.target, family = family, group = move.group, moves = {}, values = {} }
      list[#list + 1] = known[key]
    end
    local thing = known[key]
    local stood = move.mode == "change" and thing.values[move.parameter] or 0
    local turned = stood + move.value
    if family == "polarity" and stood ~= 0 then turned = stood * move.value end
    thing.moves[#thing.moves + 1], thing.values[move.parameter] = move, turned
    if not FRESH[move.parameter] then thing.is_change = move.mode == "change" end
  end
  return list
end

-- All moves of some things, in the order of their numbers.
function things.moves(list)
  local moves = {}
  for _, thing in ipairs(list) do table.move(thing.moves, 1, #thing.moves, #moves + 1, moves) end
  table.sort(moves, function(one, other) return one.index < other.index end)
  return moves
end

-- Whether it turns knobs of an effect from where they stand, which those of a new one do nowhere.
function things.is_blind(thing)
  for _, move in ipairs(thing.moves) do
    if move.mode == "change" and not FRESH[move.parameter] then return true end
  end
  return false
end

-- The track that keys a compressor; nil where it goes by its own.
function things.key(thing)
  if thing.group:sub(1, #things.SIDE_CHAIN) ~= things.SIDE_CHAIN then return nil end
  return thing.group:sub(#things.SIDE_CHAIN + 1)
end

-- ------------------------------------------------------------------ words

local function number(format, value) return (string.format(format, value):gsub(",", ".")) end
local function decibels(value) return number("%+.1f dB", value) end
local function hertz(value) return number("%.0f Hz", value) end
local function milliseconds(value) return number("%.3g ms", value) end

-- Each value that is said, with its name before it.
local function listed(values, words)
  local told = {}
  for _, word in ipairs(words) do
    local value = values[word[1]]
    if value then told[#told + 1] = word[2] .. word[3](value) end
  end
  return table.concat(told, ", ")
end

local SHAPES = { [0] = "bell", [1] = "low shelf", [2] = "high shelf" }
local BAND = {
  { "eq.freq_hz", "", hertz }, { "eq.gain_db", "", decibels },
  { "eq.q", "Q ", function(q) return number("%.2f", q) end },
}
local COMPRESSOR = {
  { "comp.threshold_db", "threshold ", decibels },
  { "comp.ratio", "ratio ", function(ratio) return number("%.3g:1", ratio) end },
  { "comp.attack_ms", "attack ", milliseconds }, { "comp.release_ms", "release ", milliseconds },
  { "comp.makeup_db", "make-up ", decibels },
}
local DEESSER = { { "deess.freq_hz", "", hertz }, { "deess.threshold_db", "threshold ", decibels } }
local LIMITER = { { "limiter.gain_db", "gain ", decibels }, { "limiter.ceiling_db", "ceiling ", decibels } }

local function by_or_to(thing, value) return (thing.is_change and "by " or "to ") .. value end

local WORDS = {
  gain_db = function(thing) return "fader " .. by_or_to(thing, decibels(thing.values.gain_db)) end,
  pan = function(thing)
    local pan = thing.values.pan
    local side = pan < -0.005 and " left" or pan > 0.005 and " right" or ""
    if side == "" and not thing.is_change then return "pan to the centre" end
    return "pan " .. by_or_to(thing, number("%.0f %%", 100 * math.abs(pan)) .. side)
  end,
  mute = function(thing) return thing.values.mute >= 0.5 and "mute" or "unmute" end,
  polarity = function(thing)
    local where = (thing.group == "left" or thing.group == "right") and " of the " .. thing.group .. " channel" or ""
    if thing.values.polarity >= 0 then return "polarity" .. where .. " as recorded" end
    return "flip the polarity" .. where
  end,
  delay_ms = function(thing)
    local delay = thing.values.delay_ms
    return number("move by %.2f ms", math.abs(delay)) .. (delay >= 0 and " later" or " earlier")
  end,
  width = function(thing) return "width " .. by_or_to(thing, number("%.0f %%", 100 * thing.values.width)) end,
  hpf_hz = function(thing) return "high-pass " .. hertz(thing.values.hpf_hz) end,
  lpf_hz = function(thing) return "low-pass " .. hertz(thing.values.lpf_hz) end,
  eq = function(thing)
    local shape = SHAPES[math.floor((thing.values["eq.shape"] or 0) + 0.5)] or "bell"
    return "EQ " .. shape .. " " .. listed(thing.values, BAND)
  end,
  comp = function(thing)
    local key = things.key(thing)
    return "compressor" .. (key and ", keyed by " .. key or "") .. ": " .. listed(thing.values, COMPRESSOR)
  end,
  gate = function(thing) return "gate: threshold " .. decibels(thing.values["gate.threshold_db"]) end,
  deess = function(thing) return "de-esser: " .. listed(thing.values, DEESSER) end,
  send_db = function(thing) return "send to " .. thing.group .. " " .. by_or_to(thing, decibels(thing.values.send_db)) end,
  limiter = function(thing) return "limiter: " .. listed(thing.values, LIMITER) end,
}

-- What to dial in, with its numbers: "bass: compressor, keyed by kick: threshold -22.7 dB, ratio 4:1".
function things.words(thing)
  local words = WORDS[thing.family]
  local move = thing.moves[1]
  local said = words and words(thing) or move.parameter .. " " .. number("%.6g", move.value)
  return thing.target .. ": " .. said
end

return things
