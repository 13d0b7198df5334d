-- Standard MIDI Files: notes, tempo and metre, written and read within bounds.
--
-- A tune is { tempo = 96.0, meter = { 4, 4 }, notes = { { pitch = 60, start = 0.0, length = 1.0,
-- velocity = 80, channel = 0 }, ... } }; starts and lengths are in quarter notes.

local smf = {}

smf.TICKS = 960 -- a quarter note
smf.MAX_BYTES = 16 * 1024 * 1024
smf.MAX_EVENTS = 200000
smf.MAX_TRACKS = 1000
smf.MAX_TICK = 2 ^ 40

-- ------------------------------------------------------------------ writing

local function var_length(number)
  local bytes = string.char(number & 0x7F)
  number = number >> 7
  while number > 0 do
    bytes = string.char(0x80 | number & 0x7F) .. bytes
    number = number >> 7
  end
  return bytes
end

local function clamped(value, low, high)
  return math.max(low, math.min(high, math.floor(value + 0.5)))
end

local function tick_of(beats)
  return clamped(beats * smf.TICKS, 0, smf.MAX_TICK)
end

-- At one tick notes end before others begin, or a repeated note would be cut off by its own end.
local function events_of(notes)
  local events = {}
  for order, note in ipairs(notes) do
    local pitch = clamped(note.pitch, 0, 127)
    local channel = clamped(note.channel or 0, 0, 15)
    local start = tick_of(note.start)
    local stop = math.max(start + 1, tick_of(note.start + note.length))
    local velocity = clamped(note.velocity or 80, 1, 127)
    events[#events + 1] = { start, 1, order, string.char(0x90 | channel, pitch, velocity) }
    events[#events + 1] = { stop, 0, order, string.char(0x80 | channel, pitch, 64) }
  end
  table.sort(events, function(one, other)
    for key = 1, 3 do
      if one[key] ~= other[key] then return one[key] < other[key] end
    end
    return false
  end)
  return events
end

local function log2(number)
  local power = 0
  while number > 1 do number, power = number // 2, power + 1 end
  return power
end

local function heading(tune)
  local tempo = clamped(60000000 / (tune.tempo or 120), 1, 0xFFFFFF)
  local meter = tune.meter or { 4, 4 }
  return "\0\xFF\x51\x03" .. string.pack(">I3", tempo)
    .. "\0\xFF\x58\x04" .. string.char(clamped(meter[1], 1, 255), log2(meter[2]), 24, 8)
end

function smf.write(tune)
  local pieces, last = { heading(tune) }, 0
  for _, event in ipairs(events_of(tune.notes)) do
    pieces[#pieces + 1] = var_length(event[1] - last) .. event[4]
    last = event[1]
  end
  pieces[#pieces + 1] = "\0\xFF\x2F\0"
  local track = table.concat(pieces)
  return "MThd" .. string.pack(">I4I2I2I2", 6, 0, 1, smf.TICKS)
    .. "MTrk" .. string.pack(">I4", #track) .. track
end

-- ------------------------------------------------------------------ reading

local function refuse(what)
  error({ smf = what }, 0)
end

local function take(state, count)
  if state.at + count > state.stop then refuse("a track ends in the middle of an event") end
  state.at = state.at + count
  return state.at - count
end

local function take_byte(state)
  return state.data:byte(take(state, 1))
end

local function take_var_length(state)
  local number = 0
  for _ = 1, 4 do
    local byte = take_byte(state)
    number = number << 7 | byte & 0x7F
    if byte < 0x80 then return number end
  end
  refuse("too long a number")
end

local function begin_note(state, channel, pitch, velocity)
  local key = channel * 128 + pitch
  local open = state.open[key] or {}
  state.open[key] = open
  open[#open + 1] = { pitch = pitch, channel = channel, velocity = velocity, tick = state.tick }
end

-- The note that began first ends first.
local function end_note(state, channel, pitch)
  local open = state.open[channel * 128 + pitch]
  if not open or #open == 0 then return end
  local note = table.remove(open, 1)
  note.start = note.tick / state.ticks
  note.length = (state.tick - note.tick) / state.ticks
  note.tick = nil
  state.tune.notes[#state.tune.notes + 1] = note
end

local function read_meta(state)
  local kind, size = take_byte(state), take_var_length(state)
  local at = take(state, size)
  if kind == 0x51 and size == 3 and not state.tune.tempo then
    local tempo = string.unpack(">I3", state.data, at)
    if tempo > 0 then state.tune.tempo = 60000000 / tempo end
  elseif kind == 0x58 and size >= 2 and not state.tune.meter then
    local beats, power = state.data:byte(at, at + 1)
    if beats > 0 and power <= 6 then state.tune.meter = { beats, 1 << power } end
  end
  return kind == 0x2F
end

local function read_channel(state, status)
  local kind, channel = status & 0xF0, status & 0x0F
  local first = take_byte(state)
  local second = (kind == 0xC0 or kind == 0xD0) and 0 or take_byte(state)
  if first > 127 or second > 127 then refuse("a data byte above 127") end
  if kind == 0x90 and second > 0 then
    begin_note(state, channel, first, second)
  elseif kind == 0x80 or kind == 0x90 then
    end_note(state, channel, first)
  end
end

-- Returns whether the track is at its end.
local function read_event(state)
  state.tick = state.tick + take_var_length(state)
  if state.tick > smf.MAX_TICK then refuse("too late an event") end
  state.events = state.events + 1
  if state.events > smf.MAX_EVENTS then refuse("too many events") end
  local status = take_byte(state)
  if status == 0xFF then return read_meta(state) end
  if status == 0xF0 or status == 0xF7 then
    take(state, take_var_length(state))
    state.running = nil
  elseif status > 0xF7 then
    refuse("an event that is not for files")
  else
    if status < 0x80 then -- running status: the event goes on as the one before
      status, state.at = state.running or refuse("an event without a status"), state.at - 1
    end
    state.running = status
    read_channel(state, status)
  end
  return false
end

local function end_all(state)
  local keys = {}
  for key in pairs(state.open) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do
    while #state.open[key] > 0 do end_note(state, key // 128, key % 128) end
  end
end

local function read_track(state)
  state.tick, state.running, state.open = 0, nil, {}
  while state.at < state.stop do
    if read_event(state) then break end
  end
  end_all(state)
end

local function read_header(data)
  if #data > smf.MAX_BYTES then refuse("too long a file: " .. #data .. " bytes") end
  if #data < 14 or data:sub(1, 4) ~= "MThd" then refuse("no MIDI file") end
  local size, kind, tracks, ticks = string.unpack(">I4I2I2I2", data, 5)
  if size < 6 or kind > 1 then refuse("a MIDI file of another kind") end
  if ticks == 0 or ticks >= 0x8000 then refuse("a MIDI file timed in frames") end
  if tracks > smf.MAX_TRACKS then refuse("too many tracks") end
  return 9 + size, ticks
end

local function read_chunks(data)
  local at, ticks = read_header(data)
  local state = { data = data, ticks = ticks, events = 0, tune = { notes = {} } }
  while at + 7 <= #data do
    local name, size = data:sub(at, at + 3), string.unpack(">I4", data, at + 4)
    state.at, state.stop = at + 8, math.min(at + 8 + size, #data + 1)
    if name == "MTrk" then read_track(state) end -- chunks of other kinds are to be skipped
    at = at + 8 + size
  end
  table.sort(state.tune.notes, function(one, other)
    if one.start ~= other.start then return one.start < other.start end
    if one.pitch ~= other.pitch then return one.pitch < other.pitch end
    return one.channel < other.channel
  end)
  return state.tune
end

-- Returns a tune, or nil and why.
function smf.read(data)
  if type(data) ~= "string" then return nil, "there is no file" end
  local done, tune = pcall(read_chunks, data)
  if done then return tune end
  if type(tune) == "table" and tune.smf then return nil, tune.smf end
  error(tune, 0) -- a mistake of ours
end

return smf
