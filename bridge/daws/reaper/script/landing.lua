-- What was picked goes into the session, each as one step of undo.

return function(effects, things)
  local landing = {}

  landing.HIGHEST_DB = 24 -- that a fader is set to
  landing.SAME_SECONDS = 0.05 -- between what was selected and what was made

  -- Run work as one step of undo. A block left open would swallow what the musician does next, so
  -- it is closed whatever happens, and half of a step is taken back.
  local function in_one_step(project, title, work)
    local name = "bandmate: " .. title
    reaper.Undo_BeginBlock2(project)
    reaper.PreventUIRefresh(1)
    local done, first, second = pcall(work)
    reaper.PreventUIRefresh(-1)
    reaper.Undo_EndBlock2(project, name, -1)
    if not (done and first) and reaper.Undo_CanUndo2(project) == name then reaper.Undo_DoUndo2(project) end
    reaper.UpdateArrange()
    if done then return first, second end
    return nil, "REAPER did not take it: " .. tostring(first)
  end

  -- ---------------------------------------------------------------- notes

  -- The selected track, or a new one: notes make no sound on that of a recording.
  local function track_for_notes(project, recorded)
    local track = reaper.GetSelectedTrack(project, 0)
    if track and track ~= recorded then return track end
    local place = reaper.CountTracks(project)
    reaper.InsertTrackAtIndex(place, true)
    track = reaper.GetTrack(project, place)
    reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "bandmate", true)
    return track
  end

  local function last_beat(notes)
    local last = 0
    for _, note in ipairs(notes) do last = math.max(last, note.start + note.length) end
    return last
  end

  local function insert_notes(take, notes, origin)
    local function tick(quarter)
      return math.floor(reaper.MIDI_GetPPQPosFromProjQN(take, quarter) + 0.5)
    end
    for _, note in ipairs(notes) do
      local start = tick(origin + note.start)
      local stop = math.max(start + 1, tick(origin + note.start + note.length))
      reaper.MIDI_InsertNote(take, false, false, start, stop, note.channel, note.pitch, note.velocity, true)
    end
    reaper.MIDI_Sort(take)
  end

  -- A new MIDI item at a quarter note of the song; returns true, or nil and why. It does not go to the
  -- track `recorded`, if that is given.
  function landing.notes(project, title, notes, origin, recorded)
    if #notes == 0 then return nil, "There are no notes in it." end
    return in_one_step(project, title, function()
      local track = track_for_notes(project, recorded)
      local item = reaper.CreateNewMIDIItemInProj(track, origin, origin + math.ceil(last_beat(notes)), true)
      local take = item and reaper.GetActiveTake(item)
      if not take then return nil, "REAPER made no MIDI item on the track." end
      insert_notes(take, notes, origin)
      reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "bandmate: " .. title, true)
      return true
    end)
  end

  -- ---------------------------------------------------------------- sound

  local COPIED = { "D_VOL", "D_PAN", "D_PANLAW", "I_CHANMODE" }

  -- The file as REAPER opens it, or nil and why it does not fit where the old take is.
  local function source_for(sound, path, side)
    local source = reaper.PCM_Source_CreateFromFile(path)
    if not source then return nil, "REAPER cannot open " .. path .. "." end
    local seconds, wanted = reaper.GetMediaSourceLength(source), sound.to - sound.from
    if math.abs(seconds - wanted) > landing.SAME_SECONDS then
      return nil, string.format("What was made lasts %.2f s, the selection %.2f s.", seconds, wanted)
    end
    if side and reaper.GetMediaSourceNumChannels(source) < 2 then return nil, "What was made is not stereo." end
    return source
  end

  -- A take beside the old one, which stays as it was.
  local function add_take(sound, path, title, side)
    local source, why = source_for(sound, path, side)
    if not source then return nil, why end
    local take = reaper.AddTakeToMediaItem(sound.item)
    reaper.SetMediaItemTake_Source(take, source)
    for _, name in ipairs(COPIED) do
      reaper.SetMediaItemTakeInfo_Value(take, name, reaper.GetMediaItemTakeInfo_Value(sound.take, name))
    end
    if side then reaper.SetMediaItemTakeInfo_Value(take, "I_CHANMODE", side) end
    reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", 0) -- what was made begins where the range does
    reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", 1)
    reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "bandmate: " .. title, true)
    reaper.SetActiveTake(take)
    reaper.UpdateItemInProject(sound.item)
    return true
  end

  local LEFT, RIGHT = 3, 4 -- of I_CHANMODE: the item plays one side of a stereo file

  local function is_there(project, sound)
    return reaper.ValidatePtr2(project, sound.item, "MediaItem*")
      and reaper.ValidatePtr2(project, sound.take, "MediaItem_Take*")
  end

  -- The sound as a new take, made active; of two mono items each gets its side.
  function landing.audio(project, title, sound, path)
    if not is_there(project, sound) or (sound.right and not is_there(project, sound.right)) then
      return nil, "The item is no longer there."
    end
    return in_one_step(project, title, function()
      local done, why = add_take(sound, path, title, sound.right and LEFT)
      if done and sound.right then done, why = add_take(sound.right, path, title, RIGHT) end
      if done then reaper.Main_OnCommand(40047, 0) end -- Peaks: Build any missing peaks
      return done, why
    end)
  end

  -- ---------------------------------------------------------------- moves

  local function stem_of(path)
    return (path:match("([^/\\]*)$"):gsub("%.%w+$", ""))
  end

  local function has_file(track, name)
    for place = 0, reaper.CountTrackMediaItems(track) - 1 do
      local take = reaper.GetActiveTake(reaper.GetTrackMediaItem(track, place))
      local source = take and reaper.GetMediaItemTake_Source(take)
      if source and stem_of(reaper.GetMediaSourceFileName(source)):lower() == name then return true end
    end
    return false
  end

  -- The track of a target: by its name, else by the file that it plays. Two that would fit are none.
  local function track_of(project, target)
    if target == "mix" then return reaper.GetMasterTrack(project) end
    local name = target:lower()
    for _, fits in ipairs({
      function(track) return select(2, reaper.GetTrackName(track)):lower() == name end,
      function(track) return has_file(track, name) end,
    }) do
      local found, count = nil, 0
      for place = 0, reaper.CountTracks(project) - 1 do
        local track = reaper.GetTrack(project, place)
        if fits(track) then found, count = track, count + 1 end
      end
      if count == 1 then return found end
      if count > 1 then return nil, count .. " tracks could be meant" end
    end
    return nil, "there is no track of that name"
  end

  local function decibels(amplitude)
    return amplitude > 0 and 20 * math.log(amplitude) / math.log(10) or -120
  end

  -- Set a value of the track and read it back.
  local function set_value(track, name, value)
    reaper.SetMediaTrackInfo_Value(track, name, value)
    if math.abs(reaper.GetMediaTrackInfo_Value(track, name) - value) < 1e-6 then return true end
    return nil, "REAPER kept another value"
  end

  local function from(before, thing)
    local value = thing.values[thing.family]
    return thing.is_change and before + value or value
  end

  local SIMPLE = {
    gain_db = function(track, thing)
      local wanted = from(decibels(reaper.GetMediaTrackInfo_Value(track, "D_VOL")), thing)
      if wanted > landing.HIGHEST_DB then return nil, "the fader would be above +24 dB" end
      return set_value(track, "D_VOL", 10 ^ (wanted / 20))
    end,
    pan = function(track, thing)
      local wanted = from(reaper.GetMediaTrackInfo_Value(track, "D_PAN"), thing)
      return set_value(track, "D_PAN", math.max(-1, math.min(1, wanted)))
    end,
    mute = function(track, thing) return set_value(track, "B_MUTE", thing.values.mute >= 0.5 and 1 or 0) end,
    polarity = function(track, thing)
      if thing.group == "left" or thing.group == "right" then return nil, "REAPER's switch flips both channels" end
      local is_flipped = reaper.GetMediaTrackInfo_Value(track, "B_PHASE") >= 0.5
      local flip = thing.values.polarity < 0
      if thing.is_change then flip = flip ~= is_flipped end
      return set_value(track, "B_PHASE", flip and 1 or 0)
    end,
  }

  local function by_effect(track, thing, equalisers)
    if things.is_blind(thing) then return nil, "it would have to know what is there now" end
    if things.key(thing) then return nil, "a side-chain is wired by hand" end
    if thing.family == "comp" then return effects.compressor(track, thing.values) end
    if thing.family == "eq" or thing.family == "hpf_hz" or thing.family == "lpf_hz" then
      equalisers[track] = equalisers[track] or {}
      return effects.band(track, thing.values, equalisers[track])
    end
    return nil, "REAPER has no such control that bandmate knows"
  end

  local function make(project, thing, equalisers)
    local track, why = track_of(project, thing.target)
    if not track then return nil, why end
    local simple = SIMPLE[thing.family]
    if simple then return simple(track, thing) end
    return by_effect(track, thing, equalisers)
  end

  -- Make the moves; returns the numbers of those that were made and what to say of the others, or
  -- nil and why where none could be made.
  function landing.moves(project, title, moves)
    local remarks = {}
    local made, why = in_one_step(project, title, function()
      local numbers, equalisers = {}, {}
      for _, thing in ipairs(things.of(moves)) do
        local done, trouble = make(project, thing, equalisers)
        for _, move in ipairs(thing.moves) do
          if done then numbers[#numbers + 1] = move.index end
        end
        if not done then remarks[#remarks + 1] = things.words(thing) .. " (" .. trouble .. ")" end
      end
      table.sort(numbers)
      if #numbers == 0 then return nil, "None of it could be done." end
      return numbers
    end)
    if not made then
      table.insert(remarks, 1, why)
      return nil, table.concat(remarks, "\n")
    end
    return made, remarks
  end

  return landing
end
