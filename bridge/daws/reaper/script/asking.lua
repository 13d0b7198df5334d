-- Ask bandmate without waiting: start the client, then look now and then whether it has answered.

return function(shell, answer)
  local asking = {}

  asking.QUIET_SECONDS = 20 -- after this much silence the musician is told how to look into it
  asking.MAX_BYTES = 8 * 1024 * 1024
  asking.KEPT_SECONDS = 24 * 3600 -- an answer that nobody fetched
  asking.MAX_FILES = 5000

  local asked = 0

  local function is_windows() return reaper.GetOS():find("^Win") ~= nil end

  -- A path for an answer that no other question has.
  function asking.path(folder)
    asked = asked + 1
    local now = string.format("%.0f", reaper.time_precise() * 1e6)
    return folder .. package.config:sub(1, 1) .. "ask-" .. os.time() .. "-" .. now .. "-" .. asked
  end

  function asking.can_write(folder)
    local path = asking.path(folder)
    local file = io.open(path, "wb")
    if not file then return false end
    file:close()
    os.remove(path)
    return true
  end

  -- Put away answers that came when nobody waited any more. Their names say when they were asked for.
  function asking.tidy(folder)
    local old = {}
    for place = 0, asking.MAX_FILES do
      local name = reaper.EnumerateFiles(folder, place)
      if not name then break end
      local asked_at = tonumber(name:match("^ask%-(%d+)%-%d+%-%d+%.json[%.%a]*$"))
      if asked_at and os.time() - asked_at > asking.KEPT_SECONDS then old[#old + 1] = name end
    end
    for _, name in ipairs(old) do os.remove(folder .. package.config:sub(1, 1) .. name) end
  end

  -- On Windows ExecProcess hands the line to CreateProcess. Elsewhere it is not said how it takes a
  -- line to pieces, so the shell does it, whose quoting is.
  local function start(words)
    if is_windows() then
      local line, why = shell.line(words, shell.windows)
      if not line then return nil, why end
      return reaper.ExecProcess(line, -2), "it could not be started"
    end
    local line, why = shell.line(words, shell.posix)
    if not line then return nil, why end
    return os.execute(line .. " </dev/null >/dev/null 2>&1 &"), "it could not be started"
  end

  -- Ask; returns what to look at, or nil and what went wrong.
  function asking.begin(ask)
    if not reaper.file_exists(ask.command) then
      return nil, "bandmate was not found at " .. ask.command
        .. ". Say `bandmate install reaper` in a terminal; it writes the right place into this script."
    end
    local done, why = start(shell.words(ask))
    if not done then return nil, "bandmate could not be asked: " .. why .. " (" .. ask.command .. ")." end
    return { answer = ask.answer, began = reaper.time_precise(), heard = reaper.time_precise(), fraction = 0, doing = "" }
  end

  local function read(path)
    local file = io.open(path, "rb")
    if not file then return nil end
    local text = file:read(asking.MAX_BYTES + 1) or "" -- an empty file reads as nil
    file:close()
    return text
  end

  local function look_at_progress(question)
    local fraction, doing = answer.progress(read(question.answer .. ".progress"))
    if fraction and (fraction ~= question.fraction or doing ~= question.doing) then
      question.fraction, question.doing, question.heard = fraction, doing, reaper.time_precise()
    end
  end

  -- The text of the answer, or nil while there is none. The file appears whole: it was renamed.
  function asking.look(question)
    local text = read(question.answer)
    if not text then
      look_at_progress(question)
      return nil
    end
    os.remove(question.answer .. ".progress")
    return text
  end

  function asking.forget(question)
    os.remove(question.answer)
    os.remove(question.answer .. ".progress")
  end

  -- Cancel: the client looks for this file beside its answer, and cancels the job. Nobody waits for
  -- the answer any more, so it goes to the others of the folder.
  function asking.stop(question)
    local file = io.open(question.answer .. ".cancel", "wb")
    if file then file:close() end
  end

  -- What to show while nothing was heard for long.
  function asking.hint(question)
    local silent = reaper.time_precise() - question.heard
    if silent < asking.QUIET_SECONDS then return "" end
    return string.format("no word for %.0f s; `bandmate doctor` in a terminal tells more", silent)
  end

  -- Say something that nobody waits for.
  function asking.tell(command, word, names)
    start(shell.words({ command = command, word = word, names = names }))
  end

  return asking
end
