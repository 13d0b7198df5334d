-- Called ten times a second: looks whether something that is waited for has come, and lands it.

return function(parts)
  local asking, waiting, window, answer = parts.asking, parts.waiting, parts.window, parts.answer
  local landing, faders, smf, ideas, things = parts.landing, parts.faders, parts.smf, parts.ideas, parts.things
  local answers = {}

  -- Nothing that was made is lost: where it cannot land it stays as a file, and is said where.
  local function left_at(suggestion)
    return suggestion.file ~= "" and " What was made is in " .. suggestion.file or ""
  end

  local function by_hand(remarks)
    return #remarks > 0 and "\nTo be done by hand:\n" .. table.concat(remarks, "\n") or ""
  end

  -- Each lands a suggestion; returns the numbers of the moves that were made and what to say, if anything.
  local LANDS = {}

  local function notes_of(suggestion)
    if #suggestion.notes > 0 then return suggestion.notes end
    local tune, why = smf.read(waiting.slurp(suggestion.file, smf.MAX_BYTES + 1))
    if not tune then error("The notes cannot be read: " .. why, 0) end
    return tune.notes
  end

  function LANDS.notes(suggestion, question)
    local new, after = ideas.new_notes(notes_of(suggestion), suggestion, question)
    landing.notes(suggestion.title, new, question.quarter + after, question.track)
    return {}
  end

  function LANDS.take(suggestion, question)
    if answer.kind(suggestion) == "notes" then return LANDS.notes(suggestion, question) end
    if answer.kind(suggestion) ~= "audio" then error("There is no new take in it. " .. suggestion.why, 0) end
    landing.take(suggestion.file, question.title, question)
    return {}
  end

  function LANDS.file(suggestion)
    return {}, "The master is " .. suggestion.file
  end

  -- All of a suggestion's moves, or those that the musician picks.
  function LANDS.moves(suggestion)
    local chosen = window.parts(suggestion, things.of(suggestion.moves))
    if not chosen then return nil end
    local moves = things.moves(chosen)
    local numbers, remarks = faders.move(moves)
    if #numbers == 0 then error("None of it could be done." .. by_hand(remarks), 0) end
    local undo = "\n\"bandmate: Undo bandmate's mix moves\" takes them back."
    return numbers, #numbers .. " of " .. #moves .. " moves were made." .. by_hand(remarks) .. undo
  end

  local function land(said, question)
    if #said.suggestions == 0 then return window.say("bandmate has nothing to suggest here.") end
    local suggestion = window.choose(question.title, said.suggestions)
    if not suggestion then return end
    local done, numbers, text = pcall(LANDS[question.kind], suggestion, question)
    if not done then return window.say(tostring(numbers) .. left_at(suggestion)) end
    if not numbers then return end -- the musician thought better of it
    window.log("landed: " .. question.title .. ": " .. suggestion.title)
    if said.job ~= "" then asking.tell("taken", { said.job, suggestion.n, table.unpack(numbers) }) end
    if text then window.say(text) end
  end

  -- The shelf of presets has come: one is chosen, and a master for it asked for.
  local function go_on_with_presets(said)
    local presets, values = answer.presets(said), {}
    if #presets == 0 then return window.say("This bandmate has no presets to master for.") end
    local default = presets[1].title
    for place, preset in ipairs(presets) do
      values[preset.title] = place
      if preset.name == "spotify" then default = preset.title end
    end
    local form = window.form("master for ...", {
      { type = "dropdown", key = "place", title = "Master for", values = values, default = default }, parts.actions.SHOWN,
    })
    if form then parts.actions.master_for(presets[form.place], form) end
  end

  -- An older daemon may still run, and this script may be older than the daemon.
  local function reason(question, why, code)
    local is_unknown = code == "words" and why:find("'/bandmate/" .. question.stage .. "'", 1, true)
    if not is_unknown then return why end
    return "The bandmate that runs here cannot do this (" .. question.title .. "). After an update, end `bandmate serve`, "
      .. "say `bandmate install ardour` in a terminal, and ask again."
  end

  local heard = {} -- what fails once, on a full disk too, is not tried ten times a second

  -- An answer that cannot be read stays where it is, for whoever wants to look into it.
  local function hear(folder, question, text)
    heard[question.key] = true
    waiting.remove(folder, question.key)
    local said, why, code = answer.read(text, parts.json)
    if not said and code == "garbage" then
      return window.say(why .. " It is left at " .. waiting.answer(folder, question.key))
    end
    asking.forget(folder, question)
    if not said then return window.say(reason(question, why, code)) end
    if question.kind == "presets" then return go_on_with_presets(said) end
    land(said, question)
  end

  local function is_known(question) return question.kind == "presets" or LANDS[question.kind] ~= nil end

  local function look(folder, question)
    if heard[question.key] or not is_known(question) then return end
    local text = asking.look(folder, question)
    if text and Session:actively_recording() then return end -- a recording is not touched: it lands after
    if text then
      window.close(question)
      return hear(folder, question, text)
    end
    if window.progress(question, asking.progress(folder, question)) then
      heard[question.key] = true
      window.close(question)
      waiting.remove(folder, question.key)
      asking.cancel(folder, question)
    end
  end

  -- Imports and dialogs let the timer go on while they run, which must not begin a second one.
  local busy = false

  local function look_at_all()
    local folder = Session:path()
    for _, question in ipairs(waiting.read(folder)) do
      local done, why = pcall(look, folder, question)
      if not done then window.say(tostring(why)) end
    end
  end

  function answers.tick()
    if busy or not Session or Session:path() == "" then return end
    busy = true
    pcall(look_at_all)
    busy = false
  end

  return answers
end
