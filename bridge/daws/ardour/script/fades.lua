-- How a region is faded and how loud it is, for the take that comes beside it.
--
-- Ardour tells its scripts no fade but in what it saves, so a copy of the session is saved beside it
-- for a moment, and read.

local fades = {}

fades.MAX_BYTES = 256 * 1024 * 1024
fades.SUPERCLOCK = 282240000 -- units a second, in which Ardour 7 and later write times

-- How loud each shape is half-way: so they are told apart.
local HALF_WAY = {
  FadeLinear = 0.5, FadeFast = 0.0316, FadeSlow = 0.0972, FadeConstantPower = 0.707, FadeSymmetric = 0.6,
}

-- ------------------------------------------------------------------ reading what Ardour saved

-- Times are "a28224000" (superclock) or plain samples.
local function samples_of(text, rate)
  local clock = text:match("^a(%d+)$")
  return clock and tonumber(clock) * rate / fades.SUPERCLOCK or tonumber(text)
end

local function points_of(xml, rate)
  local points = {}
  for line in (xml:match("<events>(.-)</events>") or ""):gmatch("[^\r\n]+") do
    local at, value = line:match("^%s*(%S+)%s+(%S+)")
    at, value = at and samples_of(at, rate), tonumber(value)
    if at and value then points[#points + 1] = { at = at, value = value } end
  end
  return points
end

local function half_way(points)
  local middle = points[#points].at / 2
  for place = 2, #points do
    local before, after = points[place - 1], points[place]
    if before.at <= middle and middle <= after.at and after.at > before.at then
      return before.value + (after.value - before.value) * (middle - before.at) / (after.at - before.at)
    end
  end
  return 0.5
end

local function shape_of(points)
  local found, least, value = "FadeLinear", math.huge, half_way(points)
  for shape, expected in pairs(HALF_WAY) do
    if math.abs(expected - value) < least then found, least = shape, math.abs(expected - value) end
  end
  return found
end

local function fade_of(region, name, rate)
  local xml = region:match("<" .. name .. "[^>]*>(.-)</" .. name .. ">")
  local points = xml and points_of(xml, rate) or {}
  if #points < 2 or points[#points].at < 1 then return nil end
  return { samples = math.floor(points[#points].at + 0.5), shape = shape_of(points) }
end

-- What stands of a region in a saved session: { fade_in, fade_out }, each { samples, shape } or nil.
function fades.read(xml, id, rate)
  local at = 1
  while true do
    local first, last = xml:find("<Region [^>]*>", at)
    if not first then return {} end
    local head = xml:sub(first, last)
    if head:find(' id="' .. id .. '"', 1, true) and head:sub(-2) ~= "/>" then
      local close = xml:find("</Region>", last, true) or #xml
      local region = xml:sub(last + 1, close)
      return { fade_in = fade_of(region, "FadeIn", rate), fade_out = fade_of(region, "FadeOut", rate) }
    end
    at = last + 1
  end
end

-- ------------------------------------------------------------------ in Ardour

-- What a region's fades are now.
function fades.of(region, slurp)
  local name = string.format("bandmate-look-%d", ARDOUR.LuaAPI.monotonic_time())
  local path = Session:path() .. "/" .. name
  Session:save_state(name, false, false, false, false, false)
  local xml = slurp(path .. ".ardour", fades.MAX_BYTES) or ""
  os.remove(path .. ".ardour")
  os.remove(path .. ".history")
  return fades.read(xml, region:to_stateful():id():to_s(), Session:nominal_sample_rate())
end

local function copy_envelope(from, to)
  local list = to:envelope()
  list:clear_list()
  for point in from:envelope():events():iter() do list:add(point.when, point.value, false, false) end
  to:set_envelope_active(from:envelope_active())
end

-- Give one audio region the level, the envelope and the fades of another.
function fades.copy(from, to, told)
  to:set_scale_amplitude(from:scale_amplitude())
  if from:envelope_active() then copy_envelope(from, to) end
  if told.fade_in then
    to:set_fade_in_length(told.fade_in.samples)
    to:set_fade_in_shape(ARDOUR.FadeShape[told.fade_in.shape])
  end
  if told.fade_out then
    to:set_fade_out_length(told.fade_out.samples)
    to:set_fade_out_shape(ARDOUR.FadeShape[told.fade_out.shape])
  end
  to:set_fade_in_active(from:fade_in_active())
  to:set_fade_out_active(from:fade_out_active())
end

return fades
