-- What the session says: place, tempo, metre, key, and what is selected. Nothing is changed.

local session = {}

session.MAX_SECTIONS = 16 -- sections of sections of a file
session.SAME_SECONDS = 0.001
session.NEAR_QUARTERS = 0.1 -- what begins so little after a bar line begins on it

local function value(item, name) return reaper.GetMediaItemInfo_Value(item, name) end
local function take_value(take, name) return reaper.GetMediaItemTakeInfo_Value(take, name) end
local function decimal(number) return (string.format("%.6f", number):gsub(",", ".")) end

-- ------------------------------------------------------------------ time

-- The tempo in quarter notes a minute. It is measured, because the tempo that REAPER tells
-- may count the notes of the metre.
function session.tempo(project, seconds)
  local span = 0.01
  local quarters = reaper.TimeMap2_timeToQN(project, seconds + span)
    - reaper.TimeMap2_timeToQN(project, seconds)
  return math.floor(quarters / span * 60 * 100 + 0.5) / 100
end

function session.meter(project, seconds)
  local beats, unit = reaper.TimeMap_GetTimeSigAtTime(project, seconds)
  return { math.floor(beats), math.floor(unit) }
end

-- The quarter notes at which the bar begins and ends that holds another.
function session.bar(project, quarter)
  local _, first, following = reaper.TimeMap_QNToMeasures(project, quarter + 1e-6)
  return first or quarter, following or quarter
end

-- The first bar line at or after a quarter note.
function session.next_bar(project, quarter)
  local first, following = session.bar(project, quarter)
  return quarter - first < 1e-5 and first or following
end

-- ------------------------------------------------------------------ what is selected

function session.items(project)
  local items = {}
  for place = 0, reaper.CountSelectedMediaItems(project) - 1 do
    items[#items + 1] = reaper.GetSelectedMediaItem(project, place)
  end
  return items
end

-- Where things land: at the first selected item, else at the time selection, else at the cursor.
function session.position(project, items)
  local first = math.huge
  for _, item in ipairs(items) do first = math.min(first, value(item, "D_POSITION")) end
  if first < math.huge then return first end
  local from, to = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  return to > from and from or reaper.GetCursorPosition()
end

function session.split(items)
  local midi, audio = {}, {}
  for _, item in ipairs(items) do
    local take = reaper.GetActiveTake(item)
    if take then
      local list = reaper.TakeIsMIDI(take) and midi or audio
      list[#list + 1] = item
    end
  end
  return midi, audio
end

-- ------------------------------------------------------------------ notes

local MODES = {
  [0xAB5] = "major", [0x5AD] = "minor", [0x9AD] = "minor", [0xAAD] = "minor", [0x6AD] = "dorian",
  [0x5AB] = "phrygian", [0xAD5] = "lydian", [0x6B5] = "mixolydian", [0x56B] = "locrian",
}
local TONICS = { "C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B" }

-- The key that the MIDI editor shows; "" where none is chosen. REAPER has no key for the song.
function session.key(items)
  for _, item in ipairs(items) do
    local told, root, scale = reaper.MIDI_GetScale(reaper.GetActiveTake(item))
    if told and MODES[scale] then return TONICS[root % 12 + 1] .. " " .. MODES[scale] end
  end
  return ""
end

-- The notes of one item that sound, in quarter notes from the origin.
local function notes_of(project, item, origin, notes)
  local take = reaper.GetActiveTake(item)
  local from = reaper.TimeMap2_timeToQN(project, value(item, "D_POSITION"))
  local to = reaper.TimeMap2_timeToQN(project, value(item, "D_POSITION") + value(item, "D_LENGTH"))
  local _, count = reaper.MIDI_CountEvts(take)
  for place = 0, count - 1 do
    local told, _, muted, start, stop, channel, pitch, velocity = reaper.MIDI_GetNote(take, place)
    local first = reaper.MIDI_GetProjQNFromPPQPos(take, start)
    local last = math.min(to, reaper.MIDI_GetProjQNFromPPQPos(take, stop))
    if told and not muted and first >= from - 1e-6 and last > first then
      notes[#notes + 1] = {
        pitch = pitch, start = math.max(0, first - origin), length = last - first, velocity = velocity, channel = channel,
      }
    end
  end
end

function session.tune(project, items, seconds, origin)
  local tune = {
    tempo = session.tempo(project, seconds), meter = session.meter(project, seconds), notes = {},
  }
  for _, item in ipairs(items) do notes_of(project, item, origin, tune.notes) end
  return tune
end

-- ------------------------------------------------------------------ sound

-- The file behind a take; sections and reversed sources lie between them.
local function file_of(take)
  local source, offset, reversed = reaper.GetMediaItemTake_Source(take), 0, false
  for _ = 1, session.MAX_SECTIONS do
    local parent = source and reaper.GetMediaSourceParent(source)
    if not parent then break end
    local told, from, _, backwards = reaper.PCM_Source_GetSectionInfo(source)
    if told then
      offset, reversed = offset + from, reversed or backwards
    end
    source = parent
  end
  return source, offset, reversed
end

-- Why a take cannot be handed over as a range of its file; nil where it can.
local function refusal(take, sound)
  local glue = " Glue the item first (Item > Glue items) and ask again."
  if sound.path == "" then return "The item has no sound file." .. glue end
  if not reaper.file_exists(sound.path) then return "The file of the item is not there: " .. sound.path end
  if sound.channels < 1 or sound.file_seconds <= 0 then
    return "The item is off-line. Set its media on-line (Item > Set all media online) and ask again."
  end
  if sound.reversed then return "The take is reversed." .. glue end
  if math.abs(take_value(take, "D_PLAYRATE") - 1) > 1e-9 then return "The take is stretched: its rate is not 1." .. glue end
  if reaper.GetTakeNumStretchMarkers(take) > 0 then return "The take has stretch markers." .. glue end
  if take_value(take, "D_PITCH") ~= 0 then return "The take is shifted in pitch." .. glue end
  if sound.from < -session.SAME_SECONDS or sound.to > sound.file_seconds + session.SAME_SECONDS then
    return "The item is longer than what it plays: its source is looped, or it ends in silence." .. glue
  end
end

-- What an item plays: { item, path, from, to, channels, ... }, or nil and why it cannot be used.
function session.sound(item)
  local take = reaper.GetActiveTake(item)
  if not take then return nil, "The item is empty." end
  if reaper.TakeIsMIDI(take) then return nil, "The item holds notes; select a recording." end
  local source, offset, reversed = file_of(take)
  if not source then return nil, "The item has no sound file." end
  local seconds, in_quarters = reaper.GetMediaSourceLength(source)
  local from = offset + take_value(take, "D_STARTOFFS")
  local sound = {
    item = item, take = take, path = reaper.GetMediaSourceFileName(source), reversed = reversed,
    channels = reaper.GetMediaSourceNumChannels(source), file_seconds = in_quarters and 0 or seconds,
    from = from, to = from + value(item, "D_LENGTH"),
  }
  local why = refusal(take, sound)
  if why then return nil, why end
  sound.from, sound.to = math.max(0, sound.from), math.min(seconds, sound.to)
  return sound
end

-- The range in words, "12.5-20.25"; "" where it is the whole file.
function session.cut(sound)
  local whole = sound.from <= session.SAME_SECONDS
    and sound.to >= sound.file_seconds - session.SAME_SECONDS
  return whole and "" or decimal(sound.from) .. "-" .. decimal(sound.to)
end

local function pan_of(sound)
  return reaper.GetMediaTrackInfo_Value(reaper.GetMediaItem_Track(sound.item), "D_PAN")
    + take_value(sound.take, "D_PAN")
end

local function same(one, other) return math.abs(one - other) <= session.SAME_SECONDS end

-- Two mono items that are the sides of one stereo take.
local function pair(one, other)
  local place, there = value(one.item, "D_POSITION"), value(other.item, "D_POSITION")
  if one.channels ~= 1 or other.channels ~= 1 or one.path == other.path
    or not (same(one.from, other.from) and same(one.to, other.to) and same(place, there)) then
    return nil, "Two items are selected that are not left and right of one take: both must be mono, begin and end "
      .. "together, and use the same range of their files. Select one item, or such two."
  end
  if pan_of(one) > pan_of(other) then one, other = other, one end
  one.right = other
  return one
end

-- The selected recording, or nil and why there is none that can be used.
function session.recording(items)
  if #items == 0 then return nil, "Nothing is selected: select the item with the recording, and ask again." end
  if #items > 2 then return nil, #items .. " items are selected: select one, or left and right of one take." end
  local one, why = session.sound(items[1])
  if not one then return nil, why end
  if #items == 1 then return one end
  local other, trouble = session.sound(items[2])
  if not other then return nil, trouble end
  return pair(one, other)
end

-- The same as a song, from its first bar line on, if there is one in it: with the quarter notes of the
-- session at which that is and at which the recording ends.
function session.song(project, items)
  local sound, why = session.recording(items)
  if not sound then return nil, why end
  local position = value(sound.item, "D_POSITION")
  local starts = reaper.TimeMap2_timeToQN(project, position)
  sound.ends = reaper.TimeMap2_timeToQN(project, position + sound.to - sound.from)
  local first, following = session.bar(project, starts)
  sound.begins = (starts - first <= session.NEAR_QUARTERS or following >= sound.ends) and first or following
  sound.from = sound.from + math.max(0, reaper.TimeMap2_QNToTime(project, sound.begins) - position)
  return sound
end

-- The folder that holds the files of the selected items, for what takes a folder of stems.
function session.folder(items)
  local folder
  for _, item in ipairs(items) do
    local sound, why = session.sound(item)
    if not sound then return nil, why end
    local here = sound.path:match("^(.*)[/\\]")
    if folder and here ~= folder then
      return nil, "The selected items lie in several folders. Render stems into one folder first "
        .. "(File > Render, source: Stems), put them into the session, select them, and ask again."
    end
    folder = here
  end
  if not folder then return nil, "Nothing is selected: select the stems of the mix, and ask again." end
  return folder
end

return session
