-- bandmate in Ardour: loaded by the actions and by the timer that stand in Ardour's ui_scripts.
--
--   loadfile("bandmate.lua")("chords")   runs the action of that name
--   loadfile("bandmate.lua")("hook")     returns what the timer is to call
--
-- Actions ask and end at once. The timer, which lives in a Lua of its own, lands what was answered;
-- between the two lie only the files of waiting.lua.

local word = ...
local HERE = ARDOUR.user_config_directory(-1) .. "/bandmate/"

local function piece(name)
  local chunk, why = loadfile(HERE .. name .. ".lua")
  if not chunk then error("A piece of bandmate is missing; say `bandmate install ardour` in a terminal. " .. why, 0) end
  return chunk()
end

local parts = { json = piece("json"), answer = piece("answer"), session = piece("session"), waiting = piece("waiting") }
parts.smf, parts.ideas, parts.things = piece("smf"), piece("ideas"), piece("things")
parts.window = piece("window")(parts.answer, parts.things)
parts.asking = piece("asking")(piece("shell"), parts.answer, parts.waiting, piece("command"))
local exporting = piece("exporting")(HERE, parts.waiting)
parts.actions = piece("actions")(
  parts.session, parts.asking, parts.waiting, parts.window, parts.smf, parts.ideas, exporting
)
parts.faders = piece("faders")(
  parts.session, parts.waiting, parts.things, piece("tracks")(), piece("plugins")(parts.session, parts.things)
)

local function undo_moves()
  local count, remarks = parts.faders.undo()
  local left = #remarks > 0 and " Left as they are: " .. table.concat(remarks, "; ") or ""
  parts.window.say(count .. " of bandmate's changes were taken back." .. left)
end

local function run(name)
  if name == "unmix" then return undo_moves() end
  parts.actions[name](name)
end

if word == "hook" then
  parts.landing = piece("landing")(parts.session, piece("fades"), parts.smf, parts.waiting)
  return piece("answers")(parts).tick
end

local done, why = pcall(run, word)
if not done then parts.window.say(tostring(why)) end
