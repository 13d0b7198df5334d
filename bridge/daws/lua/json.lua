-- JSON, read strictly and within bounds. Nothing of the text is ever run: no load().
--
-- local value, why = json.read(text)     value is nil where the text is refused; why says what was seen
--
-- A name whose value is null is left out of its object. Elsewhere null is json.NULL, so that the
-- places of an array keep their numbers.

local json = { NULL = setmetatable({}, { __tostring = function() return "null" end }) }

json.MAX_BYTES = 8 * 1024 * 1024
json.MAX_DEPTH = 32
json.MAX_STRING_BYTES = 1024 * 1024
json.MAX_VALUES = 1000000

local ESCAPED = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/",
  b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}
local WORDS = { ["true"] = true, ["false"] = false, null = json.NULL }

-- The state of one reading: the text, the place of the next byte, and what was met so far.

local function refuse(state, what)
  error({ json = what .. " at byte " .. state.at }, 0)
end

local function skip_space(state)
  state.at = state.text:find("[^ \t\r\n]", state.at) or #state.text + 1
end

local function next_byte(state)
  return state.text:sub(state.at, state.at)
end

local function read_hex(state)
  local digits = state.text:match("^%x%x%x%x", state.at)
  if not digits then refuse(state, "four hex digits are missing") end
  state.at = state.at + 4
  return tonumber(digits, 16)
end

-- Characters beyond U+FFFF are escaped as two halves; one half alone is no character.
local function read_unicode(state)
  local high = read_hex(state)
  if high >= 0xDC00 and high <= 0xDFFF then refuse(state, "half a character") end
  if high < 0xD800 or high > 0xDFFF then return utf8.char(high) end
  if state.text:sub(state.at, state.at + 1) ~= "\\u" then refuse(state, "half a character") end
  state.at = state.at + 2
  local low = read_hex(state)
  if low < 0xDC00 or low > 0xDFFF then refuse(state, "half a character") end
  return utf8.char(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00))
end

local function read_escape(state)
  local letter = next_byte(state)
  state.at = state.at + 1
  if letter == "u" then return read_unicode(state) end
  return ESCAPED[letter] or refuse(state, "an unknown escape")
end

local function read_string(state)
  local pieces, bytes = {}, 0
  state.at = state.at + 1
  while true do
    local stop = state.text:find('["\\%c]', state.at)
    if not stop then refuse(state, "a string without an end") end
    bytes = bytes + stop - state.at
    if bytes > json.MAX_STRING_BYTES then refuse(state, "too long a string") end
    pieces[#pieces + 1] = state.text:sub(state.at, stop - 1)
    local met = state.text:sub(stop, stop)
    state.at = stop + 1
    if met == '"' then return table.concat(pieces) end
    if met == "\127" then -- Lua counts it among the control characters, JSON does not
      pieces[#pieces + 1] = met
    elseif met == "\\" then
      pieces[#pieces + 1] = read_escape(state)
    else
      refuse(state, "a control character")
    end
  end
end

local function read_number(state)
  local digits = state.text:match("^-?%d+", state.at)
  if not digits or digits:match("^-?0%d") then refuse(state, "no number") end
  local rest = state.text:match("^%.%d+", state.at + #digits) or ""
  local power = state.text:match("^[eE][+-]?%d+", state.at + #digits + #rest) or ""
  local value = tonumber(digits .. rest .. power)
  if value ~= value or value == math.huge or value == -math.huge then
    refuse(state, "a number out of range")
  end
  state.at = state.at + #digits + #rest + #power
  return value
end

local function read_word(state)
  local word = state.text:match("^%a+", state.at) or ""
  if WORDS[word] == nil then refuse(state, "no value") end
  state.at = state.at + #word
  return WORDS[word]
end

local read_value -- objects hold values that hold objects

-- What lies between brackets: one() reads each part.
local function read_parts(state, close, one)
  state.depth = state.depth + 1
  if state.depth > json.MAX_DEPTH then refuse(state, "too deep a value") end
  state.at = state.at + 1
  skip_space(state)
  if next_byte(state) == close then
    state.at = state.at + 1
  else
    repeat
      skip_space(state)
      one()
      skip_space(state)
      local mark = next_byte(state)
      if mark ~= "," and mark ~= close then refuse(state, "neither , nor " .. close) end
      state.at = state.at + 1
    until mark == close
  end
  state.depth = state.depth - 1
end

local function read_array(state)
  local array = {}
  read_parts(state, "]", function() array[#array + 1] = read_value(state) end)
  return array
end

local function read_object(state)
  local object = {}
  read_parts(state, "}", function()
    if next_byte(state) ~= '"' then refuse(state, "a name is missing") end
    local name = read_string(state)
    skip_space(state)
    if next_byte(state) ~= ":" then refuse(state, "a : is missing") end
    state.at = state.at + 1
    local value = read_value(state)
    if value == json.NULL then value = nil end
    object[name] = value
  end)
  return object
end

function read_value(state)
  skip_space(state)
  state.values = state.values + 1
  if state.values > json.MAX_VALUES then refuse(state, "too many values") end
  local mark = next_byte(state)
  if mark == '"' then return read_string(state) end
  if mark == "{" then return read_object(state) end
  if mark == "[" then return read_array(state) end
  if mark:match("[-%d]") then return read_number(state) end
  return read_word(state)
end

-- Lua 5.3 takes the halves of characters for characters when they are written as bytes.
local function is_text(text)
  return utf8.len(text) ~= nil and not text:find("\xED[\xA0-\xBF]")
end

local function read_all(text)
  local state = { text = text, at = 1, depth = 0, values = 0 }
  local value = read_value(state)
  skip_space(state)
  if state.at <= #text then refuse(state, "something after the value") end
  return value
end

function json.read(text)
  if type(text) ~= "string" then return nil, "there is no text" end
  if #text > json.MAX_BYTES then return nil, "too long a text: " .. #text .. " bytes" end
  if not is_text(text) then return nil, "a text that is not UTF-8" end
  local done, value = pcall(read_all, text)
  if done then return value end
  if type(value) == "table" and value.json then return nil, value.json end
  error(value, 0) -- a mistake of ours
end

return json
