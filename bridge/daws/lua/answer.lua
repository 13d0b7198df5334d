-- What `bandmate ask --answer FILE` wrote: checked, and put in the words of a menu.
--
-- Everything here was said by another process: what has another shape than it should is left out.

local answer = {}

answer.MAX_SUGGESTIONS = 50
answer.MAX_NOTES = 20000
answer.MAX_MOVES = 500
answer.MENU_CHARACTERS = 90

local function text_of(value)
  return type(value) == "string" and value or ""
end

local function number_of(value, low, high)
  if type(value) == "number" and value >= low and value <= high then return value end
end

local function list_of(value, most)
  local list = {}
  if type(value) ~= "table" then return list end
  for place = 1, math.min(#value, most) do
    if type(value[place]) == "table" then list[#list + 1] = value[place] end
  end
  return list
end

-- ------------------------------------------------------------------ text for menus

-- The first so many characters; a character is never cut in two.
function answer.shortened(text, characters)
  local stop = utf8.offset(text, characters + 1)
  if not stop or stop > #text then return text end
  return text:sub(1, utf8.offset(text, characters) - 1) .. "…"
end

-- Lines of at most so many characters, broken between words.
function answer.folded(text, characters)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    word = answer.shortened(word, characters)
    local longer = line == "" and word or line .. " " .. word
    if utf8.len(longer) > characters then
      lines[#lines + 1], line = line, word
    else
      line = longer
    end
  end
  if line ~= "" then lines[#lines + 1] = line end
  return lines
end

-- ------------------------------------------------------------------ suggestions

local function note_of(said, channels)
  local pitch = number_of(said.pitch, 0, 127)
  local start = number_of(said.start, 0, 1e6)
  local length = number_of(said.length, 0, 1e6)
  if not (pitch and start and length) then return nil end
  local track = text_of(said.track)
  if not channels[track] then
    channels[track] = channels.free
    channels.free = math.min(15, channels.free + 1)
  end
  return {
    pitch = math.floor(pitch + 0.5), start = start, length = length, channel = channels[track], track = track,
    velocity = math.floor(number_of(said.velocity, 1, 127) or 80),
  }
end

-- Each part (chords, bass ...) has a MIDI channel of its own.
local function notes_of(said)
  local notes, channels = {}, { free = 0 }
  for _, one in ipairs(list_of(said, answer.MAX_NOTES)) do
    notes[#notes + 1] = note_of(one, channels)
  end
  return notes
end

-- The number of a move is its place in the list, as the daemon counts.
local function moves_of(said)
  local moves = {}
  for index, one in ipairs(list_of(said, answer.MAX_MOVES)) do
    local value = number_of(one.value, -1e6, 1e6)
    if value and type(one.parameter) == "string" then
      moves[#moves + 1] = {
        index = index, target = text_of(one.target), parameter = one.parameter, value = value,
        unit = text_of(one.unit), mode = one.mode == "change" and "change" or "set",
        group = text_of(one.group), why = text_of(one.why),
      }
    end
  end
  return moves
end

-- Where its chords begin, in quarter notes: after the song, where a tune is told as the song going on.
local function begin_of(said)
  local first = list_of(said, 1)[1]
  return first and number_of(first.start, 0, 1e6) or 0
end

local function suggestion_of(said, place)
  local files = {}
  for role, path in pairs(type(said.files) == "table" and said.files or {}) do
    if type(role) == "string" and type(path) == "string" then files[role] = path end
  end
  return {
    n = math.floor(number_of(said.n, 1, 1e6) or place), title = text_of(said.title),
    why = text_of(said.why), file = text_of(said.file), files = files,
    notes = notes_of(said.notes), moves = moves_of(said.moves), begin = begin_of(said.chords),
  }
end

-- Read an answer with a JSON reader (json.lua).
--
-- Returns { job = "...", stage = "...", suggestions = { ... } }; or nil, what went wrong in words,
-- and a code ("garbage" where the text is no answer).
function answer.read(text, json)
  local said, why = json.read(text)
  if type(said) ~= "table" then
    return nil, "What came back is no answer of bandmate (" .. (why or "a bare value") .. ").", "garbage"
  end
  local suggestions = {}
  for place, one in ipairs(list_of(said.suggestions, answer.MAX_SUGGESTIONS)) do
    suggestions[place] = suggestion_of(one, place)
  end
  if type(said.error) == "table" and #suggestions == 0 then
    return nil, text_of(said.error.text), text_of(said.error.code)
  end
  return { job = text_of(said.job), stage = text_of(said.stage), suggestions = suggestions, said = said }
end

-- ------------------------------------------------------------------ what the daemon offers

-- All rows with such a name in them, from whichever list of the answer holds them.
local function rows_of(said, name)
  local rows = {}
  for _, list in pairs(said) do
    for _, row in ipairs(list_of(list, answer.MAX_MOVES)) do
      if text_of(row[name]) ~= "" then rows[#rows + 1] = row end
    end
  end
  return rows
end

-- The stages there are: { chords = true, ... }.
function answer.stages(heard)
  local stages = {}
  for _, row in ipairs(rows_of(heard.said, "stage")) do stages[row.stage] = true end
  return stages
end

-- The presets of a stage: { { name = "spotify", title = "Spotify" }, ... } in the order they were said.
function answer.presets(heard)
  local presets = {}
  for _, row in ipairs(rows_of(heard.said, "preset")) do
    local title = text_of(row.title)
    presets[#presets + 1] = { name = row.preset, title = title ~= "" and title or row.preset }
  end
  return presets
end

-- ------------------------------------------------------------------ what lands

-- What lands in the session: "notes", "audio", "moves", or "nothing". What is made of stems is a preview: it
-- is the moves that land.
function answer.kind(suggestion, is_of_stems)
  if is_of_stems then return #suggestion.moves > 0 and "moves" or "nothing" end
  if #suggestion.notes > 0 or suggestion.file:lower():match("%.midi?$") then return "notes" end
  if suggestion.file ~= "" then return "audio" end
  if #suggestion.moves > 0 then return "moves" end
  return "nothing"
end

-- The lines of a suggestion in a menu: its number and title, then why.
function answer.lines(suggestion)
  local width = answer.MENU_CHARACTERS
  local title = answer.shortened(suggestion.title:gsub("%s+", " "), width)
  return suggestion.n .. ". " .. title, answer.folded(suggestion.why, width)
end

-- ------------------------------------------------------------------ progress

-- "0.42 measuring" -> 0.42, "measuring"; nil where it says something else.
function answer.progress(text)
  if type(text) ~= "string" or #text > 1000 or not utf8.len(text) then return nil end
  local fraction, doing = text:match("^([%d.]+)%s+([^\r\n]*)")
  fraction = number_of(tonumber(fraction), 0, 1)
  if not fraction then return nil end
  return fraction, (doing:gsub("%c", " "))
end

return answer
