-- What is handed over with a question: notes as a file, a range of a recording, or a folder of stems.
--
-- A place is { names = { file }, settings = { { name, value }, ... } } and, where there is one, the sound that
-- an answer goes beside, or the quarter note at which notes begin.

return function(project, session, smf, new_path)
  local handing = {}

  local function put_file(tune)
    local path = new_path() .. ".mid"
    local file = io.open(path, "wb")
    if not file then return nil, "The notes could not be written to " .. path .. "." end
    file:write(smf.write(tune))
    file:close()
    return path
  end

  local function add_notes(place, midi)
    local tune = session.tune(project, midi, place.seconds, place.origin)
    if #tune.notes == 0 then return place end
    local path, why = put_file(tune)
    if not path then return nil, why end
    place.names = { path }
    return place
  end

  local function add_sound(place, items)
    local sound, why = session.recording(items)
    if not sound then return nil, why end
    place.sound, place.names = sound, { sound.path }
    place.settings = { { "cut", session.cut(sound) }, { "right", sound.right and sound.right.path } }
    return place
  end

  -- Notes or a recording, if any is selected, for what takes either; or nil and why.
  function handing.context()
    local items = session.items(project)
    local seconds = session.position(project, items)
    local midi, audio = session.split(items)
    local place = {
      seconds = seconds, origin = session.bar(project, seconds), key = session.key(midi), names = {}, settings = {},
    }
    if #midi > 0 then return add_notes(place, midi) end
    if #audio == 0 then return place end
    place.origin = reaper.TimeMap2_timeToQN(project, seconds)
    return add_sound(place, audio)
  end

  -- The selected recording; or nil and why.
  function handing.recording()
    return add_sound({}, session.items(project))
  end

  -- The folder of the selected stems; or nil and why.
  function handing.stems()
    local path, why = session.folder(session.items(project))
    return path and { names = { path }, settings = {} }, why
  end

  return handing
end
