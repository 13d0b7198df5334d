-- What is asked and not answered yet: one line a question, in a file of the session's folder.
--
-- The folder is there as long as the session is, so an answer that comes when the session is closed
-- lands when it is opened again. Fields of a line are words without tabs; what is not as it should
-- be was not written by us, and is left out.

local waiting = {}

waiting.MAX_LINES = 50
waiting.MAX_BYTES = 64 * 1024
waiting.KEEP_SECONDS = 7 * 24 * 3600

local FIELDS = { "key", "kind", "stage", "way", "region", "track", "quarter", "length", "begun", "shown", "title" }
local PATTERNS = {
  key = "^[%w-]+$", kind = "^%l+$", stage = "^[%w_-]+$", way = "^%l*$", region = "^[%d-]+$", track = "^[%d-]+$",
  quarter = "^-?[%d.]+$", length = "^[%d.]+$", begun = "^%d+$", shown = "^[01]$", title = "^[^%c]*$",
}

local function path(folder) return folder .. "/bandmate.waiting" end

-- The file of an answer, beside which progress and what was asked about lie.
function waiting.answer(folder, key) return folder .. "/bandmate-" .. key .. ".json" end
function waiting.context(folder, key) return folder .. "/bandmate-" .. key .. ".mid" end

-- What Ardour saved of the session to be exported; the name is Ardour's.
function waiting.state(folder, key) return folder .. "/bandmate-" .. key .. ".pending" end

function waiting.slurp(file_path, most)
  local file = io.open(file_path, "rb")
  if not file then return nil end
  local text = file:read(most) or ""
  file:close()
  return text
end

-- Written beside and renamed, so that nobody reads half of it.
function waiting.spill(file_path, text)
  local file, why = io.open(file_path .. ".new", "wb")
  if not file then error("It could not be written: " .. why, 0) end
  local done, trouble = file:write(text)
  file:close()
  if done then done, trouble = os.rename(file_path .. ".new", file_path) end
  if not done then error("It could not be written: " .. trouble, 0) end
end

local function question_of(line)
  local question, at = {}, 1
  for value in (line .. "\t"):gmatch("([^\t]*)\t") do
    local name = FIELDS[at]
    if not name or not value:match(PATTERNS[name]) then return nil end
    question[name], at = value, at + 1
  end
  if at ~= #FIELDS + 1 then return nil end
  for _, name in ipairs({ "quarter", "length", "begun" }) do
    question[name] = tonumber(question[name])
    if not question[name] then return nil end
  end
  return question
end

local function line_of(question)
  local values = {}
  for place, name in ipairs(FIELDS) do
    local value = question[name]
    local is_place = name == "quarter" or name == "length"
    local text = is_place and string.format("%.6f", value):gsub(",", ".") or tostring(value)
    values[place] = text:gsub("%c", " ")
  end
  return table.concat(values, "\t") .. "\n"
end

-- The questions, oldest first; those that nobody will answer any more are left out.
function waiting.read(folder)
  local questions = {}
  for line in (waiting.slurp(path(folder), waiting.MAX_BYTES) or ""):gmatch("([^\n]+)\n") do
    local question = question_of(line)
    if question and os.difftime(os.time(), question.begun) < waiting.KEEP_SECONDS then
      questions[#questions + 1] = question
    end
  end
  return questions
end

local function write(folder, questions)
  if #questions == 0 then return os.remove(path(folder)) end
  local lines = {}
  for place, question in ipairs(questions) do lines[place] = line_of(question) end
  waiting.spill(path(folder), table.concat(lines))
end

function waiting.add(folder, question)
  local questions = waiting.read(folder)
  if #questions >= waiting.MAX_LINES then
    error(#questions .. " questions wait for their answers; wait for them first.", 0)
  end
  questions[#questions + 1] = question
  write(folder, questions)
end

function waiting.remove(folder, key)
  local left = {}
  for _, question in ipairs(waiting.read(folder)) do
    if question.key ~= key then left[#left + 1] = question end
  end
  write(folder, left)
end

return waiting
