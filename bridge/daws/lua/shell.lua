-- Command lines: the words of `bandmate ask`, and how each system quotes words.

local shell = {}

shell.MAX_WORDS = 200

-- POSIX sh: inside single quotes nothing has a meaning but the single quote.
function shell.posix(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- Windows: programs split their command line themselves. Backslashes are plain unless a quote
-- follows; there they are doubled. No shell sees it, so % and ! mean nothing.
function shell.windows(word)
  local told = word:gsub('(\\*)"', '%1%1\\"')
  if word ~= "" and not word:find("[ \t]") then return told end
  return '"' .. told:gsub("(\\+)$", "%1%1") .. '"'
end

-- One line of many words. Returns nil and why where a word cannot be said to any program.
function shell.line(words, quote)
  local quoted = {}
  if #words > shell.MAX_WORDS then return nil, "there are too many words" end
  for place, word in ipairs(words) do
    if word:find("\0", 1, true) then return nil, "a word holds a zero byte" end
    quoted[place] = quote(word)
  end
  return table.concat(quoted, " ")
end

local function in_words(value)
  if type(value) == "number" and value ~= math.floor(value) then
    return (string.format("%.9g", value):gsub(",", ".")) -- some locales write a comma
  end
  if type(value) == "number" then return string.format("%d", value) end
  return tostring(value)
end

-- The words that ask a stage.
--
-- ask.command   bandmate, with its whole path
-- ask.word      a stage
-- ask.names     what follows the stage: at most one file
-- ask.settings  { { "key", "A minor" }, ... }; values that are "" or nil are left unsaid
-- ask.answer    the file to be answered in; nil where nobody waits for an answer
function shell.words(ask)
  local words = { ask.command, "ask", ask.word }
  for _, name in ipairs(ask.names or {}) do words[#words + 1] = in_words(name) end
  for _, setting in ipairs(ask.settings or {}) do
    local name, value = setting[1], setting[2]
    if value ~= nil and value ~= "" then
      words[#words + 1] = "--" .. name .. "=" .. in_words(value) -- one word: a value may begin with --
    end
  end
  if ask.start then words[#words + 1] = "--start" end
  if ask.answer then
    words[#words + 1] = "--answer"
    words[#words + 1] = ask.answer
  end
  return words
end

return shell
