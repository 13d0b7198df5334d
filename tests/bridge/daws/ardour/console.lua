-- For tests only, never installed: runs console/in.lua, and writes what it returns to console/out.
local box = ARDOUR.user_config_directory(-1) .. "/console/"
local chunk, why = loadfile(box .. "in.lua")
os.remove(box .. "in.lua")
local done, value = pcall(chunk or function() error(why, 0) end)
local file = io.open(box .. "out.tmp", "w")
file:write(done and "OK " or "NO ", tostring(value))
file:close()
os.rename(box .. "out.tmp", box .. "out")
