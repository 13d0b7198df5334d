-- Moves that need an effect: bands of ReaEQ, and ReaComp.
--
-- Every value is sought by the text that REAPER shows: laws of parameters differ between versions,
-- what is shown is what the musician reads.

local effects = {}

effects.STEPS = 40 -- halvings of the way from 0 to 1
effects.NEAR = 0.02 -- of the value
effects.ROUNDED = 0.06 -- in its unit: one digit is shown after the point

local HIGH_PASS, LOW_SHELF, BELL, HIGH_SHELF, LOW_PASS = 0, 1, 2, 4, 5
local FREQUENCY, GAIN, WIDTH = 0, 1, 2
local SHAPES = { [0] = BELL, [1] = LOW_SHELF, [2] = HIGH_SHELF }

-- ------------------------------------------------------------------ values by their text

-- "1.2 kHz" -> 1200, "-inf dB" -> a very low number; nil where no number is shown.
function effects.shown(text)
  local lower = text:lower():gsub(",", ".")
  if lower:match("^%s*-inf") then return -1e9 end
  if lower:match("^%s*%+?inf") then return 1e9 end
  local number = tonumber(lower:match("[+-]?%d+%.?%d*"))
  if number and lower:match("%d%s*k") then number = number * 1000 end
  return number
end

local function read(track, fx, parameter)
  local told, text = reaper.TrackFX_GetFormattedParamValue(track, fx, parameter)
  return told and effects.shown(text) or nil
end

-- Set a parameter so that REAPER shows the value; returns whether it does.
function effects.seek(track, fx, parameter, value)
  local low, high = 0.0, 1.0
  for _ = 1, effects.STEPS do
    local middle = (low + high) / 2
    reaper.TrackFX_SetParamNormalized(track, fx, parameter, middle)
    local seen = read(track, fx, parameter)
    if not seen then return false end
    if seen == value then return true end
    if seen < value then low = middle else high = middle end
  end
  local seen = read(track, fx, parameter)
  return seen ~= nil and math.abs(seen - value) <= math.max(effects.ROUNDED, effects.NEAR * math.abs(value))
end

-- ------------------------------------------------------------------ ReaEQ

-- The width of a bell in octaves, as ReaEQ counts, from its Q.
function effects.octaves(q)
  local half = 1 / (2 * q)
  return 2 / math.log(2) * math.log(half + math.sqrt(half * half + 1))
end

local function eq_parameter(track, fx, kind, place, what)
  for parameter = 0, reaper.TrackFX_GetNumParams(track, fx) - 1 do
    local told, its_kind, its_place, its_what = reaper.TrackFX_GetEQParam(track, fx, parameter)
    if told and its_kind == kind and its_place == place and its_what == what then return parameter end
  end
end

-- A band of this kind that is still free: in an equaliser of ours on this track, or a new one.
-- The musician's own equaliser is left alone.
local function free_band(track, kind, ours)
  for _, eq in ipairs(ours) do
    local place = eq.used[kind] or 0
    if eq_parameter(track, eq.fx, kind, place, FREQUENCY) then
      eq.used[kind] = place + 1
      return eq.fx, place
    end
  end
  local fx = reaper.TrackFX_AddByName(track, "ReaEQ (Cockos)", false, -1)
  if fx < 0 then return nil, "ReaEQ is not there" end
  ours[#ours + 1] = { fx = fx, used = { [kind] = 1 } }
  if not eq_parameter(track, fx, kind, 0, FREQUENCY) then return nil, "a new ReaEQ has no such band" end
  return fx, 0
end

local function seek_band(track, fx, kind, place, wanted)
  for what, value in pairs(wanted) do
    local parameter = eq_parameter(track, fx, kind, place, what)
    if not parameter or not effects.seek(track, fx, parameter, value) then return false end
  end
  return true
end

-- A band from the moves of one group; returns true, or nil and why.
function effects.band(track, values, ours)
  local kind = SHAPES[math.floor((values["eq.shape"] or 0) + 0.5)] or BELL
  local wanted = { [FREQUENCY] = values["eq.freq_hz"], [GAIN] = values["eq.gain_db"] }
  if values["eq.q"] then wanted[WIDTH] = effects.octaves(values["eq.q"]) end
  if values.hpf_hz then kind, wanted = HIGH_PASS, { [FREQUENCY] = values.hpf_hz } end
  if values.lpf_hz then kind, wanted = LOW_PASS, { [FREQUENCY] = values.lpf_hz } end
  if not wanted[FREQUENCY] then return nil, "the frequency of the band is not said" end
  local fx, place = free_band(track, kind, ours)
  if not fx then return nil, place end
  reaper.TrackFX_SetEQBandEnabled(track, fx, kind, place, true)
  if seek_band(track, fx, kind, place, wanted) then return true end
  reaper.TrackFX_SetEQBandEnabled(track, fx, kind, place, false)
  return nil, "ReaEQ does not show the values that were set"
end

-- ------------------------------------------------------------------ ReaComp

local COMPRESSOR = {
  ["comp.threshold_db"] = "thresh", ["comp.ratio"] = "ratio", ["comp.attack_ms"] = "attack",
  ["comp.release_ms"] = "release", ["comp.makeup_db"] = "wet",
}

-- Names grew from "Thresh" to "Threshold": the beginning is the same.
local function named(track, fx, beginning)
  for parameter = 0, reaper.TrackFX_GetNumParams(track, fx) - 1 do
    local told, name = reaper.TrackFX_GetParamName(track, fx, parameter)
    if told and name:lower():sub(1, #beginning) == beginning then return parameter end
  end
end

local function set_compressor(track, fx, values)
  for name, value in pairs(values) do
    local parameter = COMPRESSOR[name] and named(track, fx, COMPRESSOR[name])
    if not parameter then return nil, "ReaComp has no parameter for " .. name end
    if not effects.seek(track, fx, parameter, value) then
      return nil, "ReaComp does not show the value of " .. name
    end
  end
  return true
end

-- A compressor from the moves of one group; returns true, or nil and why. Half a one is taken out again.
function effects.compressor(track, values)
  local fx = reaper.TrackFX_AddByName(track, "ReaComp (Cockos)", false, -1)
  if fx < 0 then return nil, "ReaComp is not there" end
  local done, why = set_compressor(track, fx, values)
  if not done then reaper.TrackFX_Delete(track, fx) end
  return done, why
end

return effects
