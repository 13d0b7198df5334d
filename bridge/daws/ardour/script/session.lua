-- What the session says: place, tempo, metre, and what is selected. Nothing is changed.

local session = {}

session.TICKS = 1920 -- of Ardour's, a quarter note

-- Ardour's beats have no number of their own, but a text: "quarters:ticks".
function session.quarters(beats)
  local whole, ticks = tostring(beats):match("^(-?%d+):(-?%d+)$")
  return tonumber(whole) + tonumber(ticks) / session.TICKS
end

function session.id(thing) return thing:to_stateful():id():to_s() end

-- ------------------------------------------------------------------ place

-- The quarter note at which the bar begins.
local function bar(map, time)
  local within, meter = map:bbt_at(time), map:meter_at(time)
  local beats = within.beats - 1 + within.ticks / session.TICKS
  return session.quarters(map:quarters_at(time)) - beats * 4 / meter:note_value()
end

local function time_of(quarter) return Temporal.timepos_t.from_ticks(math.floor(quarter * session.TICKS + 0.5)) end

-- The quarter note at which the bar of another begins.
function session.bar(quarter) return bar(Temporal.TempoMap.read(), time_of(quarter)) end

-- The tempo and the metre at a quarter note.
function session.clock(quarter)
  local map, time = Temporal.TempoMap.read(), time_of(quarter)
  local tempo, meter = map:tempo_at(time), map:meter_at(time)
  return {
    tempo = tempo:quarter_notes_per_minute(),
    meter = { math.floor(meter:divisions_per_bar()), math.floor(meter:note_value()) },
  }
end

-- Where things land, and the tempo and the metre there: at the first selected region, else at the
-- beginning of the selected range, else at the bar of the playhead.
function session.place()
  local map, selection = Temporal.TempoMap.read(), Editor:get_selection()
  local quarter = bar(map, Temporal.timepos_t(Session:transport_sample()))
  local first
  for region in selection.regions:regionlist():iter() do
    if not first or region:position():samples() < first:samples() then first = region:position() end
  end
  local range = selection.time
  if not first and range:start_sample() < range:end_sample() then
    first = Temporal.timepos_t(range:start_sample())
  end
  if first then quarter = session.quarters(map:quarters_at(first)) end
  local place = session.clock(quarter)
  place.quarter = quarter
  return place
end

-- ------------------------------------------------------------------ what is selected

function session.selected()
  local midi, audio = {}, {}
  for region in Editor:get_selection().regions:regionlist():iter() do
    local list = region:to_midiregion():isnil() and audio or midi
    list[#list + 1] = region
  end
  return midi, audio
end

-- The region of an id and its track; nil where no track holds it any more.
function session.region(id)
  for route in Session:get_tracks():iter() do
    local track = route:to_track()
    for region in track:playlist():region_list():iter() do
      if session.id(region) == id then return region, track end
    end
  end
end

local function is_midi(track) return not track:to_midi_track():isnil() end

-- The selected MIDI track, else that of the selected MIDI region; nil where there is none.
function session.midi_track(midi_regions)
  for route in Editor:get_selection().tracks:routelist():iter() do
    local track = route:to_track()
    if not track:isnil() and is_midi(track) then return track end
  end
  if not midi_regions[1] then return nil end
  local _, track = session.region(session.id(midi_regions[1]))
  return track
end

function session.track(id)
  for route in Session:get_tracks():iter() do
    if session.id(route) == id then return route:to_track() end
  end
end

-- ------------------------------------------------------------------ notes

-- The notes of a region that sound, in quarter notes from its beginning.
function session.notes(region)
  local from = region:start():ticks() / session.TICKS
  local to = from + region:length():ticks() / session.TICKS
  local notes = {}
  for note in ARDOUR.LuaAPI.note_list(region:to_midiregion():model()):iter() do
    local start, length = session.quarters(note:time()), session.quarters(note:length())
    if start >= from and start < to then
      notes[#notes + 1] = {
        pitch = note:note(), start = start - from, length = math.min(length, to - start),
        velocity = note:velocity(), channel = note:channel(),
      }
    end
  end
  return notes
end

-- All notes of some regions, from a quarter note of the song on.
function session.tune(regions, place)
  local tune = { tempo = place.tempo, meter = place.meter, notes = {} }
  local map = Temporal.TempoMap.read()
  for _, region in ipairs(regions) do
    local offset = session.quarters(map:quarters_at(region:position())) - place.quarter
    for _, note in ipairs(session.notes(region)) do
      note.start = note.start + offset
      tune.notes[#tune.notes + 1] = note
    end
  end
  return tune
end

-- ------------------------------------------------------------------ sound

local BOUNCE = " Bounce it first (Region > Bounce, without processing), and select what comes of it."

local function is_there(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- The files of a region's channels: one, or left and right; or nil and why they cannot be used.
local function files_of(region)
  local channels = region:to_audioregion():n_channels()
  if channels > 2 then return nil, "The region has " .. channels .. " channels; one or two can be used." end
  local paths, places = {}, {}
  for channel = 0, channels - 1 do
    local file = region:source(channel):to_filesource()
    if file:isnil() then return nil, "The region has no file of its own." .. BOUNCE end
    paths[#paths + 1], places[#places + 1] = file:path(), file:channel()
    if not is_there(file:path()) then return nil, "The file of the region is not there: " .. file:path() end
  end
  local same = paths[1] == paths[2]
  if places[1] ~= 0 or places[2] and places[2] ~= (same and 1 or 0) then
    return nil, "The region plays some channels of a file." .. BOUNCE
  end
  return paths[1], not same and paths[2] or nil
end

-- What a region plays after its first samples, as bandmate reads it: { path, right, cut }; or nil and why
-- it cannot be used.
local function sound_of(region, first)
  local path, right = files_of(region)
  if not path then return nil, right end
  local rate, start = Session:nominal_sample_rate(), region:start():samples()
  local from, to = (start + first) / rate, (start + region:length():samples()) / rate
  local cut = string.format("%.6f-%.6f", from, to):gsub(",", ".") -- some locales write a comma
  return { path = path, right = right, cut = cut, region = session.id(region) }
end

-- The one selected audio region, or nil and why there is none.
local function one_recording()
  local midi, audio = session.selected()
  if #audio == 0 and #midi > 0 then return nil, "The selected region holds notes; select a recording." end
  if #audio == 0 then return nil, "Nothing is selected: select the region with the recording, and ask again." end
  if #audio > 1 then return nil, #audio .. " regions are selected: select one, and ask again." end
  return audio[1]
end

-- The one selected recording, or nil and why there is none that can be used.
function session.recording()
  local region, why = one_recording()
  if not region then return nil, why end
  return sound_of(region, 0)
end

local NEAR = 0.1 -- of a quarter note: what begins so little after a bar line begins on it

-- The same as a song, from its first bar line on: with the quarter note of the session at which that is,
-- and how many quarter notes follow.
function session.song()
  local region, why = one_recording()
  if not region then return nil, why end
  local map, position = Temporal.TempoMap.read(), region:position()
  local starts = session.quarters(map:quarters_at(position))
  local ends = session.quarters(map:quarters_at(Temporal.timepos_t(position:samples() + region:length():samples())))
  local quarter = session.bar(starts)
  if starts - quarter > NEAR then
    local meter = session.clock(starts).meter
    local following = quarter + meter[1] * 4 / meter[2]
    quarter = following < ends and following or quarter
  end
  local sound, trouble = sound_of(region, math.max(0, time_of(quarter):samples() - position:samples()))
  if not sound then return nil, trouble end
  sound.quarter, sound.quarters = quarter, ends - quarter
  return sound
end

return session
