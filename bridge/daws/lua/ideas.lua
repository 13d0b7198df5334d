-- What can be asked about notes or a recording that is there, and what of the answer is new.
--
-- A song is of one kind: "melody" (one note after another), "chords", or "recording". Times are in
-- quarter notes from where the song begins.

local ideas = {}

ideas.HANGS = 1.0 -- quarter notes
ideas.SHORTEST = 1 / 960

local NEAR = 1e-6

-- ------------------------------------------------------------------ what can be asked

local TITLES = {
  continue = "Go on from it", vary = "Vary it", harmonise = "Harmonise its melody", new = "A new tune over it",
}

-- What is likeliest wanted comes first.
local WAYS = {
  chords = {
    melody = { "harmonise", "continue", "vary" },
    chords = { "continue", "vary", "harmonise" },
    recording = { "harmonise", "continue", "vary" },
  },
  melody = {
    melody = { "continue", "vary", "new" },
    chords = { "new", "continue", "vary" },
    recording = { "new", "continue", "vary" },
  },
}

-- What a stage can do with a song of such a kind: { { way = "continue", title = "Go on from it" }, ... }.
function ideas.ways(stage, kind)
  local ways = {}
  for place, way in ipairs((WAYS[stage] or {})[kind] or {}) do ways[place] = { way = way, title = TITLES[way] } end
  return ways
end

-- A melody is one note after another; a few may overlap.
function ideas.kind(notes)
  local order, overlaps = table.move(notes, 1, #notes, 1, {}), 0
  table.sort(order, function(one, other) return one.start < other.start end)
  for place = 2, #order do
    local before = order[place - 1]
    if order[place].start < before.start + before.length / 2 then overlaps = overlaps + 1 end
  end
  return overlaps * 4 < #notes and "melody" or "chords"
end

-- Where the song ends for what goes on from it: what hangs over by up to a quarter note makes it no longer.
function ideas.end_of(notes)
  local begun, ended = 0, 0
  for _, note in ipairs(notes) do
    begun, ended = math.max(begun, note.start), math.max(ended, note.start + note.length)
  end
  return math.max(begun + ideas.SHORTEST, ended - ideas.HANGS)
end

-- ------------------------------------------------------------------ what is new

-- A tune that goes on is told with the song before it, in the song's time; chords that go on are told
-- alone, as if there were no song.
local function begin_of(suggestion, asked)
  if asked.way ~= "continue" then return 0, 0 end
  if suggestion.begin > 0 then return suggestion.begin, suggestion.begin end
  return 0, asked.length
end

-- The notes that are new, and at which quarter note of the song they land: the song that is gone on
-- from is there already, and so is the melody that chords were found for.
--
-- notes    of the suggestion; they are not changed, and those returned count from where they land
-- asked    { stage = "melody", way = "continue", length = quarter notes of the song in whole bars }
function ideas.new_notes(notes, suggestion, asked)
  local from, lands_at = begin_of(suggestion, asked)
  local new = {}
  for _, note in ipairs(notes) do
    local is_theirs = note.start < from - NEAR or asked.stage == "chords" and note.track == "melody"
    if not is_theirs then
      local moved = {}
      for name, value in pairs(note) do moved[name] = value end
      moved.start = math.max(0, note.start - from)
      new[#new + 1] = moved
    end
  end
  return new, lands_at
end

return ideas
