-- Ask bandmate without waiting: start the client, and look now and then whether it has answered.

return function(shell, answer, waiting, command)
  local asking = {}

  asking.MAX_BYTES = 8 * 1024 * 1024

  -- A word for a question that no other has.
  function asking.key(stage)
    return string.format("%s-%d-%d", stage:gsub("[^%w-]", "-"), os.time(), ARDOUR.LuaAPI.monotonic_time())
  end

  -- Ardour ends the program that it started as soon as that closes its output, and what a program
  -- says goes to pipes that nobody reads. So what Ardour starts is a shell that starts bandmate,
  -- silent, and ends at once. It reads this line alone; the words come to bandmate as they are.
  -- All of Ardour's windows stand still until the shell is buried: 0.2 s where it ends with anything
  -- but 0, for 0 is not understood, and costs a signal to whoever has the number now, and 0.25 s more.
  local ALONE = { "/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 & exit 1', "bandmate" }

  -- A program that is not there makes os.forkexec return what is no value, so it is looked for first.
  local function start(words, before)
    if not os.forkexec then error("This Ardour cannot start programs.", 0) end
    if not ARDOUR.LuaAPI.file_test(words[1], ARDOUR.LuaAPI.FileTest.IsExecutable) then
      error("bandmate was not found at " .. words[1] .. ". Say `bandmate install ardour` in a terminal: it "
        .. "writes the right place into this script.", 0)
    end
    for _, word in ipairs(words) do
      if word:find("\0", 1, true) then error("A word for bandmate holds a zero byte.", 0) end
    end
    local line = { table.unpack(ALONE) }
    table.move(before, 1, #before, #line + 1, line)
    table.move(words, 1, #words, #line + 1, line)
    os.forkexec(table.unpack(line))
  end

  -- Ask, and write down that an answer is waited for.
  --
  -- question   what the answer is for, see waiting.lua
  -- names      the file asked about, if there is one
  -- settings   { { "key", "A minor" }, ... }
  -- before     the words of a program that asks later, by running the words that follow it; or nil
  function asking.begin(folder, question, names, settings, before)
    question.begun = os.time()
    waiting.add(folder, question)
    local done, why = pcall(start, shell.words({
      command = command, word = question.stage, names = names, settings = settings, start = true,
      answer = waiting.answer(folder, question.key),
    }), before or {})
    if not done then
      waiting.remove(folder, question.key)
      os.remove(waiting.context(folder, question.key))
      os.remove(waiting.state(folder, question.key))
      error(why, 0)
    end
  end

  -- The text of the answer, or nil while there is none. It appears whole: it was renamed.
  function asking.look(folder, question)
    return waiting.slurp(waiting.answer(folder, question.key), asking.MAX_BYTES + 1)
  end

  -- How far it is, and what is being done; nil where nothing is told yet.
  function asking.progress(folder, question)
    return answer.progress(waiting.slurp(waiting.answer(folder, question.key) .. ".progress", 1000))
  end

  function asking.forget(folder, question)
    local path = waiting.answer(folder, question.key)
    os.remove(path)
    os.remove(path .. ".progress")
    os.remove(waiting.context(folder, question.key))
  end

  -- Cancel: the client looks for this file beside its answer, and cancels the job.
  function asking.cancel(folder, question)
    waiting.spill(waiting.answer(folder, question.key) .. ".cancel", "")
  end

  -- Say something that nobody waits for.
  function asking.tell(word, names)
    pcall(start, shell.words({ command = command, word = word, names = names }), {})
  end

  return asking
end
