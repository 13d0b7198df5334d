-- Moves of faders, pans and mutes. Ardour's undo does not know them, so what stood there before is
-- written down in the session's folder, and put back by an action of ours.

return function(session, waiting)
  local faders = {}

  faders.MAX_BYTES = 256 * 1024
  faders.HIGHEST_DB, faders.LOWEST_DB = 6, -193

  local function path() return Session:path() .. "/bandmate.moves" end

  local function to_gain(db) return db <= faders.LOWEST_DB and 0 or 10 ^ (db / 20) end
  local function to_db(gain) return gain > 0 and 20 * math.log(gain, 10) or faders.LOWEST_DB end

  -- What Ardour calls them. Its pan goes from 0 (left) to 1.
  local CONTROLS = {
    gain_db = {
      of = function(route) return route:gain_control() end, get = to_db,
      set = function(db) return to_gain(math.min(db, faders.HIGHEST_DB)) end,
    },
    pan = {
      of = function(route) return route:pan_azimuth_control() end,
      get = function(value) return 2 * value - 1 end,
      set = function(pan) return (math.max(-1, math.min(1, pan)) + 1) / 2 end,
    },
    mute = {
      of = function(route) return route:mute_control() end,
      get = function(value) return value end,
      set = function(mute) return mute >= 0.5 and 1 or 0 end,
    },
  }

  local function control_of(route, parameter)
    local words = CONTROLS[parameter]
    if not words then return nil, "Ardour has no such control that bandmate knows" end
    local control = words.of(route)
    if control:isnil() then return nil, "the track has none" end
    return control, words
  end

  -- ------------------------------------------------------------------ which track

  local function is_end(name, ending) return name:sub(-#ending) == ending end

  -- The one that fits, and how many did.
  local function only(fits)
    local found, count = nil, 0
    for route in Session:get_routes():iter() do
      if not route:is_monitor() and not route:is_auditioner() and fits(route:name():lower()) then
        found, count = route, count + 1
      end
    end
    return found, count
  end

  -- The track of a target: of its name, else the one whose name ends it, as in files of exported stems.
  local function route_of(target)
    if target == "mix" then return Session:master_out() end
    local wanted = target:lower()
    local found, count = only(function(name) return name == wanted end)
    if count == 0 then found, count = only(function(name) return is_end(wanted, name) end) end
    if count == 1 then return found end
    return nil, count == 0 and "there is no track of that name" or count .. " tracks could be meant"
  end

  -- ------------------------------------------------------------------ set and put back

  local function set(control, value)
    control:set_value(value, PBD.GroupControlDisposition.NoGroup)
  end

  local function make(move)
    local route, why = route_of(move.target)
    if not route then return nil, why end
    local control, words = control_of(route, move.parameter)
    if not control then return nil, words end
    local before = control:get_value()
    local wanted = move.mode == "change" and words.get(before) + move.value or move.value
    set(control, words.set(wanted))
    return { route = session.id(route), parameter = move.parameter, before = before, after = control:get_value() }
  end

  local function line_of(made)
    return string.format("%s\t%s\t%.9g\t%.9g\n", made.route, made.parameter, made.before, made.after):gsub(",", ".")
  end

  -- Make the moves; returns the numbers of those that were made, and what to say of the others.
  function faders.move(moves)
    local numbers, lines, remarks = {}, {}, {}
    for _, move in ipairs(moves) do
      local made, why = make(move)
      if made then
        numbers[#numbers + 1], lines[#lines + 1] = move.index, line_of(made)
      else
        remarks[#remarks + 1] = move.target .. ", " .. move.parameter .. ": " .. why
      end
    end
    if #lines > 0 then
      local older = waiting.slurp(path(), faders.MAX_BYTES) or ""
      waiting.spill(path(), older .. "moves\n" .. table.concat(lines))
    end
    return numbers, remarks
  end

  -- The moves that were made last, and the text without them.
  local function last_moves(text)
    local at, from = 1, nil
    for start in text:gmatch("()moves\n") do from = start end
    if not from then return {}, "" end
    local made = {}
    for route, parameter, before, after in text:sub(from):gmatch("([%d-]+)\t([%l_]+)\t(%S+)\t(%S+)\n") do
      made[at], at = { route = route, parameter = parameter, before = tonumber(before), after = tonumber(after) }, at + 1
    end
    return made, text:sub(1, from - 1)
  end

  -- Put back what stood there, but for what was moved by hand since.
  local function put_back(made)
    local route
    for one in Session:get_routes():iter() do
      if session.id(one) == made.route then route = one end
    end
    if not route then return "a track is gone" end
    local control, why = control_of(route, made.parameter)
    if not control then return route:name() .. ": " .. why end
    if math.abs(control:get_value() - made.after) > 1e-4 then
      return route:name() .. ": " .. made.parameter .. " was moved since, and stays"
    end
    set(control, made.before)
  end

  -- Take back the moves that were made last; returns how many, and what to say of the others.
  function faders.undo()
    local made, older = last_moves(waiting.slurp(path(), faders.MAX_BYTES) or "")
    if #made == 0 then error("There are no moves of bandmate's to take back.", 0) end
    local remarks, count = {}, 0
    for place = #made, 1, -1 do
      local remark = put_back(made[place])
      if remark then remarks[#remarks + 1] = remark else count = count + 1 end
    end
    if older == "" then os.remove(path()) else waiting.spill(path(), older) end
    return count, remarks
  end

  return faders
end
