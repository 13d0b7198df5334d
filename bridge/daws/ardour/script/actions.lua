-- What each action asks, and what is asked for it before.

return function(session, asking, waiting, window, smf, ideas, exporting)
  local actions = {}

  local function folder() return Session:path() end

  -- What is made lies where the session keeps what it exports, not among its own takes.
  local function out() return { "out", folder() .. "/export" } end

  -- As many as a window shows, and as few as are read in no time.
  local COUNT = { "count", 4 }

  local function entry(key, title, default)
    return { type = "entry", key = key, title = title, default = default }
  end

  local SHOWN = { type = "checkbox", key = "shown", title = "Show progress (close the window to go on working)", default = true }

  -- A question that waits; ids are "0" where it is about no region and no track.
  local function question(kind, stage, title, more)
    local one = {
      key = asking.key(stage), kind = kind, stage = stage, way = "", title = title, region = "0", track = "0",
      quarter = 0, length = 0, shown = "1",
    }
    for name, value in pairs(more) do one[name] = value end
    return one
  end

  local function shown(said) return said.shown == false and "0" or "1" end

  -- ------------------------------------------------------------------ notes

  -- What can be done with a song of some kind, as a form shows it: ways by their titles, the likeliest title.
  local function shown_ways(stage, kind)
    local ways, values = ideas.ways(stage, kind), {}
    for _, one in ipairs(ways) do values[one.title] = one.way end
    return values, ways[1].title
  end

  -- The first bar line at or after so many quarter notes.
  local function next_bar(quarters, meter)
    local bar = meter[1] * 4 / meter[2]
    return math.ceil(quarters / bar - 1e-6) * bar
  end

  local function new_ideas(stage, title, place, track)
    local said = window.form(title, {
      entry("prompt", "Mood and style", ""), entry("key", "Key", ""), entry("bars", "Bars", "8"), SHOWN,
    })
    if not said then return end
    local one = question("notes", stage, title, { quarter = place.quarter, track = track, shown = shown(said) })
    asking.begin(folder(), one, {}, {
      { "prompt", said.prompt }, { "key", said.key }, { "bars", said.bars }, { "tempo", place.tempo },
      { "meter", place.meter[1] .. "/" .. place.meter[2] }, COUNT, out(),
    })
  end

  -- The selected notes, told from their bar on, so that bars are where they are in the song.
  local function written(regions)
    local quarter = session.bar(session.place().quarter)
    local place = session.clock(quarter)
    place.quarter = quarter
    local tune = session.tune(regions, place)
    if #tune.notes == 0 then return nil, "There are no notes in the selection." end
    return {
      tune = tune, kind = ideas.kind(tune.notes), quarter = quarter, settings = {},
      length = next_bar(ideas.end_of(tune.notes), place.meter),
    }
  end

  local function recorded()
    local sound, why = session.song()
    if not sound then return nil, why end
    local place = session.clock(sound.quarter)
    local ends = ideas.end_of({ { start = 0, length = sound.quarters } }) -- it hangs over as one long note does
    return {
      path = sound.path, kind = "recording", quarter = sound.quarter, length = next_bar(ends, place.meter),
      settings = {
        { "cut", sound.cut }, { "right", sound.right }, { "tempo", place.tempo },
        { "meter", place.meter[1] .. "/" .. place.meter[2] },
      },
    }
  end

  local function path_of(song, key)
    if song.path then return song.path end
    local path = waiting.context(folder(), key)
    waiting.spill(path, smf.write(song.tune))
    return path
  end

  -- The way and the length tell where the answer lands: see ideas.lua.
  local function ideas_from(stage, title, track, song)
    local ways, likeliest = shown_ways(stage, song.kind)
    local said = window.form(title, {
      { type = "dropdown", key = "way", title = "The selection", values = ways, default = likeliest },
      entry("prompt", "Mood and style", ""), entry("key", "Key (empty: as heard)", ""), SHOWN,
    })
    if not said then return end
    local one = question("notes", stage, title, {
      way = said.way, quarter = song.quarter, length = song.length, track = track, shown = shown(said),
    })
    local asked = { { "do", said.way }, { "prompt", said.prompt }, { "key", said.key }, COUNT, out() }
    table.move(song.settings, 1, #song.settings, #asked + 1, asked)
    asking.begin(folder(), one, { path_of(song, one.key) }, asked)
  end

  local function compose(title)
    return function(stage)
      local regions, recordings = session.selected()
      local track = session.midi_track(regions)
      local id = track and session.id(track) or "0"
      if #regions + #recordings == 0 then return new_ideas(stage, title, session.place(), id) end
      local song, why
      if #regions > 0 then song, why = written(regions) else song, why = recorded() end
      if not song then return window.say(why) end
      ideas_from(stage, title, id, song)
    end
  end

  actions.chords = compose("suggest chords")
  actions.melody = compose("suggest a melody")

  -- ------------------------------------------------------------------ takes

  local function take(stage, title, fields, settings)
    local sound, why = session.recording()
    if not sound then return window.say(why) end
    fields[#fields + 1] = SHOWN
    local said = window.form(title, fields)
    if not said then return end
    local asked = { { "cut", sound.cut }, { "right", sound.right }, out() }
    for _, name in ipairs(settings) do asked[#asked + 1] = { name, said[name] } end
    local quarter = session.place().quarter -- what was sung may land as notes, too
    local one = question("take", stage, title, { region = sound.region, quarter = quarter, shown = shown(said) })
    asking.begin(folder(), one, { sound.path }, asked)
  end

  local function percent(key, title)
    return { type = "slider", key = key, title = title, min = 0, max = 100, step = 1, default = 100 }
  end

  function actions.pitch(stage)
    local key = entry("key", "Key (empty: as heard)", "")
    take(stage, "correct pitch", { key, percent("strength", "Strength, %") }, { "key", "strength" })
  end

  function actions.denoise(stage) take(stage, "remove noise", {}, {}) end

  -- ------------------------------------------------------------------ the mix

  -- Other exports lie in the folder that Ardour proposes: stems are kept apart from them, where the musician does.
  local function stems_folder()
    local export = folder() .. "/export"
    local is_there = ARDOUR.LuaAPI.file_test(export .. "/stems", ARDOUR.LuaAPI.FileTest.IsDir)
    return is_there and export .. "/stems" or export
  end

  function actions.mix(stage)
    local said = window.form("suggest a mix", {
      { type = "label", title = "Stems: Session > Export > Stem Export, with track processing, into a folder of their own", align = "left" },
      { type = "folder", key = "stems", title = "Their folder", path = stems_folder(), default = stems_folder() },
      SHOWN,
    })
    if not said then return end
    local one = question("moves", stage, "suggest a mix", { shown = shown(said) })
    asking.begin(folder(), one, { said.stems }, { COUNT, out() })
  end

  -- The presets are asked for first; the hook goes on with them, see answers.lua.
  function actions.master(stage)
    if Session:current_end_sample() <= Session:current_start_sample() then
      return window.say("There is nothing between the start and the end marker of the session to master.")
    end
    exporting.program() -- said now where it is not there, not after the musician has chosen
    asking.begin(folder(), question("presets", "presets", "presets", {}), { stage }, {})
  end

  -- Ask for a master of the session, which is exported first.
  function actions.master_for(preset, said)
    local one = question("file", "master", "master for " .. preset.title, { shown = shown(said) })
    asking.begin(folder(), one, {}, { { "preset", preset.name } }, exporting.before(folder(), one.key))
  end

  actions.SHOWN = SHOWN
  return actions
end
