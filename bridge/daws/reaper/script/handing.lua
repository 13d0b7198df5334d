-- What is handed over with a question: notes as a file, a range of a recording, or a folder of stems.
--
-- A place is { names = { file }, settings = { { name, value }, ... } } and, where there is one, the sound that
-- an answer goes beside, or the quarter note at which notes begin. That of a song to go on from has its length
-- in quarter notes of whole bars, and the track on which it was recorded, if it was.

return function(project, session, smf, ideas, new_path)
  local handing = {}

  local function quarter_of(seconds) return reaper.TimeMap2_timeToQN(project, seconds) end

  local function put_file(tune)
    local path = new_path() .. ".mid"
    local file = io.open(path, "wb")
    if not file then return nil, "The notes could not be written to " .. path .. "." end
    file:write(smf.write(tune))
    file:close()
    return path
  end

  -- Where things land when no song is selected, or one without notes.
  local function bare(items)
    local seconds = session.position(project, items)
    return { seconds = seconds, origin = session.bar(project, quarter_of(seconds)), key = "", names = {}, settings = {} }
  end

  -- The notes, told from the bar on in which the first item begins.
  local function tune_of(midi)
    local place = bare(midi)
    place.key = session.key(midi)
    return session.tune(project, midi, place.seconds, place.origin), place
  end

  local function notes(midi)
    local tune, place = tune_of(midi)
    if #tune.notes == 0 then return place end
    local path, why = put_file(tune)
    if not path then return nil, why end
    place.names = { path }
    place.length = session.next_bar(project, place.origin + ideas.end_of(tune.notes)) - place.origin
    return place
  end

  local function range_of(sound)
    return { { "cut", session.cut(sound) }, { "right", sound.right and sound.right.path } }
  end

  -- A recording tells neither tempo nor metre, which the session knows.
  local function recorded(audio)
    local song, why = session.song(project, audio)
    if not song then return nil, why end
    local place = bare(audio)
    local meter = session.meter(project, place.seconds)
    place.settings = range_of(song)
    table.insert(place.settings, { "tempo", session.tempo(project, place.seconds) })
    table.insert(place.settings, { "meter", meter[1] .. "/" .. meter[2] })
    place.names, place.track = { song.path }, reaper.GetMediaItem_Track(song.item)
    place.origin = song.begins
    place.length = session.next_bar(project, math.max(song.begins + ideas.SHORTEST, song.ends - ideas.HANGS)) - song.begins
    return place
  end

  -- What kind of song is selected, "melody", "chords" or "recording"; nil where there is none.
  function handing.kind()
    local midi, audio = session.split(session.items(project))
    if #midi == 0 then return #audio > 0 and "recording" or nil end
    local tune = tune_of(midi)
    return #tune.notes > 0 and ideas.kind(tune.notes) or nil
  end

  -- Notes or a recording, if any is selected, for what takes either; or nil and why.
  function handing.context()
    local items = session.items(project)
    local midi, audio = session.split(items)
    if #midi > 0 then return notes(midi) end
    if #audio > 0 then return recorded(audio) end
    return bare(items)
  end

  -- The selected recording; or nil and why. What was sung may land as notes, too.
  function handing.recording()
    local items = session.items(project)
    local sound, why = session.recording(items)
    if not sound then return nil, why end
    local origin = quarter_of(session.position(project, items))
    return { sound = sound, names = { sound.path }, settings = range_of(sound), origin = origin }
  end

  -- The folder of the selected stems; or nil and why.
  function handing.stems()
    local path, why = session.folder(session.items(project))
    return path and { names = { path }, settings = {}, stems = true }, why
  end

  return handing
end
