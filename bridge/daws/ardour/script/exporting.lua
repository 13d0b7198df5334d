-- The session as a file of sound, for mastering: 32-bit float, at the session's rate.

local exporting = {}

exporting.PRESET = "5b0d2c7e-2f5e-4d43-9d0e-0badc0ffee01" -- export/bandmate.preset of our installer

-- Ardour ends when one of these is collected as garbage, and writes nothing when one is used again:
-- so each is new, and all are kept.
local kept = {}

local function is_there(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- A name that no file of the folder has.
local function free_name(folder, name)
  local number = 1
  while is_there(folder .. "/" .. name .. "-" .. number .. ".wav") do number = number + 1 end
  return name .. "-" .. number
end

-- Ardour 7.3 now and then crashes in an export that a script began: its heap is broken, why is not known.
-- So what was not saved is written down first, as Ardour itself does every few minutes; opened after a
-- crash, it offers to go on from there.
local function kept_from_a_crash(work)
  local path = Session:path() .. "/" .. Session:snap_name() .. ".pending"
  local was_there = is_there(path)
  Session:save_state("", true, false, false, false, false)
  local done = work()
  if not was_there then os.remove(path) end
  return done
end

-- Export from the start to the end marker; returns the file.
function exporting.session()
  local export, folder = Session:simple_export(), Session:path() .. "/export"
  kept[#kept + 1] = export
  if not export:set_preset(exporting.PRESET) then
    error("Ardour does not know bandmate's export format. Say `bandmate install ardour` in a terminal, and start "
      .. "Ardour again.", 0)
  end
  local name = free_name(folder, (Session:name():gsub("[/\\:]", "-")))
  export:set_folder(folder)
  export:set_name(name)
  export:set_range(Session:current_start_sample(), Session:current_end_sample())
  local done = kept_from_a_crash(function() return export:run_export() end)
  local path = folder .. "/" .. name .. ".wav"
  if not done or not is_there(path) then error("Ardour could not export the session to " .. path, 0) end
  return path
end

return exporting
