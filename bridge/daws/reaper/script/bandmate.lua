-- bandmate in REAPER: one menu. Pick what you want, wait, pick a suggestion; it lands as one step of undo.
--
-- The script asks `bandmate ask` and looks now and then whether the answer is there. What the daemon
-- does not offer is not in the menu.

local HERE = (select(2, reaper.get_action_context())):match("^(.*[/\\])") or ""
local function piece(name) return dofile(HERE .. name .. ".lua") end

local COMMAND = piece("command") -- bandmate with its whole path, written by `bandmate install reaper`
local json, shell, smf, answer = piece("json"), piece("shell"), piece("smf"), piece("answer")
local ideas, session, window = piece("ideas"), piece("session"), piece("window")
local asking = piece("asking")(shell, answer)
local things = piece("things")
local landing = piece("landing")(piece("effects"), things)
local pick_parts = piece("parts")(window, answer, things)

local PROJECT = reaper.EnumProjects(-1) -- the musician may look at another one while it works
local MAX_BARS = 64 -- that bandmate writes at once
local FOLDER -- for what is handed over; made when it is needed

-- ------------------------------------------------------------------ waiting

-- REAPER's functions refuse a project that is closed, so it is not handed to this one as such.
local function is_open()
  return reaper.ValidatePtr2(0, PROJECT, "ReaProject*")
end

local waiting -- the question that is out: { question, title, hear }

local function finish(text)
  if text and text ~= "" then window.say(text) end
  waiting = nil
end

-- Beside the project, or with REAPER's own files where nothing can be written there.
local function folder()
  if FOLDER then return FOLDER end
  for _, place in ipairs({ reaper.GetProjectPath(""), reaper.GetResourcePath() }) do
    if place ~= "" then
      FOLDER = place .. package.config:sub(1, 1) .. "bandmate"
      reaper.RecursiveCreateDirectory(FOLDER, 0)
      if asking.can_write(FOLDER) then break end
    end
  end
  asking.tidy(FOLDER)
  return FOLDER
end

local handing = piece("handing")(PROJECT, session, smf, ideas, function() return asking.path(folder()) end)

-- Ask, and go on with hear(answer) when it has come.
local function ask(title, request, hear)
  request.command, request.start = COMMAND, true
  request.answer = asking.path(folder()) .. ".json"
  local question, why = asking.begin(request)
  if not question then return finish(why) end
  waiting = { question = question, title = title, hear = hear }
end

local function cancel()
  asking.stop(waiting.question)
  waiting = nil
end

-- An answer that cannot be read stays where it is, for whoever wants to look into it.
local function hear(text)
  local told = waiting
  waiting = nil
  local said, why, code = answer.read(text, json)
  if not said and code == "garbage" then return finish(why .. " It is left at " .. told.question.answer) end
  asking.forget(told.question)
  if not said then return finish(why) end
  told.hear(said)
end

local function look()
  local text = asking.look(waiting.question)
  if text then return hear(text) end
  local question = waiting.question
  local hint = asking.hint(question)
  window.draw(waiting.title, question.fraction, hint ~= "" and hint or question.doing)
end

-- ------------------------------------------------------------------ landing

local function notes_of(suggestion)
  if #suggestion.notes > 0 then return suggestion.notes end
  local file = io.open(suggestion.file, "rb")
  if not file then return nil, "The notes cannot be read." end
  local data = file:read(smf.MAX_BYTES + 1)
  file:close()
  local tune, why = smf.read(data)
  return tune and tune.notes, why
end

-- Each lands one kind: returns the numbers of moves to tell of, and remarks; or nil and why.
local LANDS = {
  notes = function(suggestion, place)
    local notes, why = notes_of(suggestion)
    if not notes then return nil, why end
    local new, after = ideas.new_notes(notes, suggestion, place)
    local done, trouble = landing.notes(PROJECT, suggestion.title, new, place.origin + after, place.track)
    return done and {}, trouble
  end,
  audio = function(suggestion, place)
    if not place.sound then return nil, "It was made from notes, and has no item to go to." end
    local done, why = landing.audio(PROJECT, suggestion.title, place.sound, suggestion.file)
    return done and {}, why
  end,
  moves = function(suggestion) return landing.moves(PROJECT, suggestion.title, suggestion.moves) end,
  nothing = function() return nil, "There is nothing in it to put into the session." end,
}

-- Nothing that was made is lost: where it cannot land it stays as a file, and is said where.
local function left_at(suggestion)
  return suggestion.file ~= "" and "\n\nIt is in the file " .. suggestion.file or ""
end

local function land(said, suggestion, place)
  if not is_open() then return finish("The project was closed." .. left_at(suggestion)) end
  if reaper.EnumProjects(-1) ~= PROJECT then reaper.SelectProjectInstance(PROJECT) end
  local made, remarks = LANDS[answer.kind(suggestion, place.stems)](suggestion, place)
  if not made then return finish(remarks .. left_at(suggestion)) end
  if said.job ~= "" then
    asking.tell(COMMAND, "taken", { said.job, suggestion.n, table.unpack(made) })
  end
  if type(remarks) == "table" and #remarks > 0 then
    return finish("Done. By hand is left:\n" .. table.concat(remarks, "\n"))
  end
  finish()
end

-- ------------------------------------------------------------------ picking

local function entries_of(said)
  local entries, heard = {}, {}
  for place, suggestion in ipairs(said.suggestions) do
    local title, why = answer.lines(suggestion)
    entries[#entries + 1] = { text = title, value = { suggestion = suggestion }, line = place > 1 }
    for _, line in ipairs(why) do entries[#entries + 1] = { text = "    " .. line, grey = true } end
    if #suggestion.notes > 0 and said.job ~= "" then
      heard[#heard + 1] = { text = title, value = { listen = suggestion.n } }
    end
  end
  if #heard > 0 then
    entries[#entries + 1] = { text = "Listen (plays to bandmate's MIDI port)", entries = heard, line = true }
  end
  return entries
end

-- Listening plays through the daemon's MIDI port, and asks again until one is picked.
local function pick(said, place)
  if #said.suggestions == 0 then return finish("bandmate has nothing to suggest here.") end
  local picked = window.menu(entries_of(said))
  while picked and picked.listen do
    asking.tell(COMMAND, "play", { said.job, picked.listen })
    picked = window.menu(entries_of(said))
    asking.tell(COMMAND, "stop", {})
  end
  if not picked then return finish() end
  if answer.kind(picked.suggestion, place.stems) ~= "moves" then return land(said, picked.suggestion, place) end
  local is_none = pick_parts(picked.suggestion, function(part) land(said, part, place) end)
  if is_none then finish() end
end

-- ------------------------------------------------------------------ the entries of the menu

local function with(settings, more)
  local all = {}
  for _, setting in ipairs(settings) do all[#all + 1] = setting end
  for _, setting in ipairs(more) do all[#all + 1] = setting end
  return all
end

local function request(stage, title, place, more)
  local asked = { word = stage, names = place.names, settings = with(place.settings, more) }
  ask(title, asked, function(said) pick(said, place) end)
end

-- Only what is written from the beginning has a length of its own; a tune over a song is as long as that.
local function bars_of(place)
  if not place.length or place.way == "continue" then return 8 end
  local meter = session.meter(PROJECT, place.seconds)
  return math.max(1, math.min(MAX_BARS, math.floor(place.length * meter[2] / (4 * meter[1]) + 0.5)))
end

-- Asked for are bars where they mean something, tempo and metre where no song tells them.
local function fields_of(place)
  local fields = { { "Mood and style", "" }, { "Key (empty: as heard)", place.key } }
  if not place.way or place.way == "continue" or place.way == "new" then
    fields[3] = { "Bars", tostring(bars_of(place)) }
  end
  if not place.way then
    local meter = session.meter(PROJECT, place.seconds)
    fields[4] = { "Tempo", string.format("%g", session.tempo(PROJECT, place.seconds)) }
    fields[5] = { "Metre", meter[1] .. "/" .. meter[2] }
  end
  return fields
end

local function compose(stage, title, way)
  local place, why = handing.context()
  if not place then return finish(why) end
  place.stage, place.way = stage, way
  local said = window.form(title, fields_of(place))
  if not said then return finish() end
  request(stage, title, place, {
    { "out", folder() }, { "do", way },
    { "prompt", said[1] }, { "key", said[2] }, { "bars", said[3] }, { "tempo", said[4] }, { "meter", said[5] },
  })
end

local function correct(stage, title)
  local place, why = handing.recording()
  if not place then return finish(why) end
  local said = window.form(title, { { "Key (empty: as heard)", "" }, { "Strength in %", "100" } })
  if not said then return finish() end
  request(stage, title, place, { { "key", said[1] }, { "strength", said[2] } })
end

local function clean(stage, title)
  local place, why = handing.recording()
  if not place then return finish(why) end
  request(stage, title, place, {})
end

local function balance(stage, title)
  local place, why = handing.stems()
  if not place then return finish(why) end
  request(stage, title, place, {})
end

local function master(stage, title, preset)
  local place, why = handing.recording()
  if not place then return finish(why) end
  request(stage, title .. preset, place, { { "preset", preset } })
end

local ENTRIES = {
  { stage = "chords", title = "Suggest chords", act = compose },
  { stage = "melody", title = "Suggest a melody", act = compose },
  { stage = "pitch", title = "Correct pitch of the selection", act = correct },
  { stage = "denoise", title = "Remove noise", act = clean },
  { stage = "mix", title = "Suggest a mix", act = balance },
  { stage = "master", title = "Master for ", act = master, has_presets = true },
}

-- An entry, or a submenu of what it can be asked for: presets, or what to do with the selected song.
local function shown_of(entry, kind, presets)
  local inside = {}
  for _, way in ipairs(kind and ideas.ways(entry.stage, kind) or {}) do
    table.insert(inside, { text = way.title, value = { entry = entry, more = way.way } })
  end
  for _, preset in ipairs(entry.has_presets and presets or {}) do
    table.insert(inside, { text = preset.title, value = { entry = entry, more = preset.name } })
  end
  if #inside > 0 then return { text = entry.title .. (entry.has_presets and "..." or ""), entries = inside } end
  return not entry.has_presets and { text = entry.title, value = { entry = entry } } or nil
end

local function menu(stages, presets)
  if not is_open() then return finish("The project was closed.") end
  local entries, kind = {}, handing.kind()
  for _, entry in ipairs(ENTRIES) do
    if stages[entry.stage] then entries[#entries + 1] = shown_of(entry, kind, presets) end
  end
  if #entries == 0 then return finish("bandmate offers nothing that this script knows; is it up to date?") end
  local picked = window.menu(entries)
  if not picked then return finish() end
  if not is_open() then return finish("The project was closed.") end
  picked.entry.act(picked.entry.stage, picked.entry.title, picked.more)
end

local function begin()
  ask("Looking for bandmate", { word = "stages" }, function(said)
    local stages = answer.stages(said)
    if not stages.master then return menu(stages, {}) end
    ask("Looking for bandmate", { word = "presets", names = { "master" } }, function(shelf)
      menu(stages, answer.presets(shelf))
    end)
  end)
end

-- ------------------------------------------------------------------ the loop

-- REAPER calls it some thirty times a second, as long as something is out.
local function tick()
  if window.is_cancelled() then
    cancel()
  else
    look()
  end
  if waiting then reaper.defer(tick) else window.close() end
end

window.open()
reaper.atexit(window.close)
begin()
if waiting then tick() else window.close() end
