-- What the musician sees: forms, suggestions to choose among, progress, and messages.
--
-- All that is said is written down in the session's folder, too. Where BANDMATE_CHOOSE is set in the
-- environment no window is opened: forms are left as they are, and the suggestion of that number is
-- taken. Rehearsals without a musician use it.

return function(answer, things)
  local window = {}

  window.LOG_BYTES = 100 * 1024
  window.SHOW_AFTER_SECONDS = 1 -- what is quicker needs no window
  window.QUIET_SECONDS = 20
  window.CHARACTERS = 90

  local function chosen() return tonumber(os.getenv("BANDMATE_CHOOSE") or "") end

  local function log(text)
    local path = Session:path() .. "/bandmate.log"
    local file = io.open(path, "ab")
    if not file then return end
    if file:seek("end") > window.LOG_BYTES then
      file:close()
      os.rename(path, path .. ".1")
      file = io.open(path, "ab")
    end
    file:write(os.date("%Y-%m-%d %H:%M:%S "), (text:gsub("%c+", " ")), "\n")
    file:close()
  end
  window.log = log

  function window.say(text)
    log(text)
    if chosen() then return end
    local lines = {}
    for line in text:gmatch("[^\n]+") do
      for _, part in ipairs(answer.folded(line, window.CHARACTERS)) do lines[#lines + 1] = part end
    end
    local shown = table.concat(lines, "\n")
    LuaDialog.Message("bandmate", shown, LuaDialog.MessageType.Info, LuaDialog.ButtonType.Close):run()
  end

  -- Ask for some values; nil where the musician thought better of it. Fields are as Ardour's are.
  function window.form(title, fields)
    if not chosen() then return LuaDialog.Dialog("bandmate: " .. title, fields):run() end
    local values = {}
    for _, field in ipairs(fields) do
      if field.key then values[field.key] = field.default end
      if field.values then values[field.key] = field.values[field.default] end
    end
    return values
  end

  -- ------------------------------------------------------------------ suggestions

  local function numbered(place, title) -- the menu sorts by text
    return string.format("%02d  %s", place, title)
  end

  local MARKS = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

  local function heading(title) -- Ardour takes marks of its text for a style
    return { type = "heading", title = (title:gsub("[&<>]", MARKS)), align = "left" }
  end

  local function fields_of(suggestions)
    local fields, values = {}, {}
    for place, one in ipairs(suggestions) do
      local title = numbered(place, answer.shortened(one.title, window.CHARACTERS))
      values[title] = place
      fields[#fields + 1] = heading(title)
      for _, line in ipairs(answer.folded(one.why, window.CHARACTERS)) do
        fields[#fields + 1] = { type = "label", title = line, align = "left" }
      end
    end
    local first = numbered(1, answer.shortened(suggestions[1].title, window.CHARACTERS))
    fields[#fields + 1] = { type = "dropdown", key = "place", title = "Take", values = values, default = first }
    return fields
  end

  -- The suggestion to take, or nil.
  function window.choose(title, suggestions)
    if chosen() then return suggestions[chosen()] end
    local said = LuaDialog.Dialog("bandmate: " .. title, fields_of(suggestions)):run()
    return said and suggestions[said.place]
  end

  -- ------------------------------------------------------------------ parts of a suggestion

  window.MOST_PARTS = 24 -- that a screen shows; of more a track is one

  -- Things of one track together, each with a list of them.
  local function by_track(list)
    local groups, known = {}, {}
    for _, thing in ipairs(list) do
      if not known[thing.target] then
        known[thing.target] = { title = thing.target .. ": all " }
        groups[#groups + 1] = known[thing.target]
      end
      table.insert(known[thing.target], thing)
    end
    for _, group in ipairs(groups) do group.title = group.title .. #group end
    return groups
  end

  local function one_by_one(list)
    local groups = {}
    for place, thing in ipairs(list) do
      groups[place] = { thing, title = answer.shortened(things.words(thing), window.CHARACTERS) }
    end
    return groups
  end

  -- The things that the musician leaves ticked, or nil.
  function window.parts(suggestion, list)
    local groups = #list > window.MOST_PARTS and by_track(list) or one_by_one(list)
    local fields, chosen = {}, {}
    if suggestion.file ~= "" then
      local hear = answer.folded("Hear it first: " .. suggestion.file, window.CHARACTERS)
      for _, line in ipairs(hear) do fields[#fields + 1] = { type = "label", title = line, align = "left" } end
    end
    for place, group in ipairs(groups) do
      fields[#fields + 1] = { type = "checkbox", key = "part" .. place, title = group.title, default = true }
    end
    local said = window.form(suggestion.title, fields)
    if not said then return nil end
    for place, group in ipairs(groups) do
      if said["part" .. place] then table.move(group, 1, #group, #chosen + 1, chosen) end
    end
    return #chosen > 0 and chosen or nil
  end

  -- ------------------------------------------------------------------ progress

  local function waiting_for(seconds)
    if seconds < window.QUIET_SECONDS then return "asking bandmate" end
    return "no word yet; `bandmate doctor` in a terminal tells more"
  end

  local open = {} -- windows by the key of their question

  -- Show how far a question is; returns whether the musician cancelled it. Closing the window only
  -- hides it.
  function window.progress(question, fraction, doing)
    local seconds = os.difftime(os.time(), question.begun)
    if chosen() or question.shown == "0" or seconds <= window.SHOW_AFTER_SECONDS then return false end
    open[question.key] = open[question.key] or LuaDialog.ProgressWindow("bandmate: " .. question.title, true)
    return open[question.key]:progress(fraction or -1, doing or waiting_for(seconds))
  end

  function window.close(question)
    if open[question.key] then open[question.key]:done() end
    open[question.key] = nil
  end

  return window
end
