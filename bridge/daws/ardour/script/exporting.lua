-- The session as a file of sound, for mastering: 32-bit float, at the session's rate, from its start to its end.
--
-- Ardour's own program for exports makes it, in a process of its own: Ardour 7.3 now and then crashes in an
-- export that a script began inside it.

return function(here, waiting)
  local exporting = {}

  local BY_HAND = "Export it by Session > Export, and say `bandmate master FILE` in a terminal."

  -- Read by bandmate's own reader of answers: nothing in it needs to be escaped.
  local FAILURE = '{"error": {"code": "export", "text": "Ardour could not export the session; what it said is in '
    .. "bandmate-export.log in the session's folder. " .. BY_HAND .. '"}}'

  local function config() return (ARDOUR.user_config_directory(-1):gsub("/+$", "")) end

  -- Where programs lie: those of the Ardour that runs, then those of the terminal.
  local function folders()
    local all = {}
    for lib in (os.getenv("ARDOUR_DLL_PATH") or ""):gmatch("[^:]+") do
      all[#all + 1] = lib .. "/../bin"
      all[#all + 1] = lib .. "/../../bin"
    end
    for one in (os.getenv("PATH") or ""):gmatch("[^:]+") do all[#all + 1] = one end
    return all
  end

  -- Ardour 7 has its settings in a folder "ardour7", and calls its programs "ardour7-...".
  function exporting.program()
    local name = config():match("[^/\\]+$"):lower() .. "-export"
    for _, one in ipairs(folders()) do
      local path = one .. "/" .. name
      if ARDOUR.LuaAPI.file_test(path, ARDOUR.LuaAPI.FileTest.IsExecutable) then return path end
    end
    error("Ardour's program for exports, " .. name .. ", is not installed. " .. BY_HAND, 0)
  end

  -- What the session is now, unsaved work too, as a file of our own; the musician's stays the current one.
  -- A pending state, as Ardour writes one every few minutes: a snapshot would copy all files of notes.
  local function save(folder, key)
    if Session:save_state("bandmate-" .. key, true, false, false, false, false) ~= 0 then
      error("Ardour could not save what is to be exported in " .. folder .. ". " .. BY_HAND, 0)
    end
    return waiting.state(folder, key)
  end

  -- The words that export the session and then run what follows them, with the file as its last word.
  function exporting.before(folder, key)
    local name = Session:name():gsub("[/\\:]", "-")
    local program = exporting.program()
    return {
      "/bin/sh", here .. "export.sh", program, config(), folder, save(folder, key), name,
      waiting.answer(folder, key), FAILURE,
    }
  end

  return exporting
end
