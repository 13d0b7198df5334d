-- Moves of a mix: faders, pans, mutes, polarity, and plug-ins. Ardour's undo does not know them, so what stood
-- there before is written down in the session's folder, and put back by an action of ours.

return function(session, waiting, things, tracks, plugins)
  local faders = {}

  faders.MAX_BYTES = 256 * 1024
  faders.HIGHEST_DB, faders.LOWEST_DB = 6, -193
  faders.NEAR = 1e-3 -- of where a control was put

  local function path() return Session:path() .. "/bandmate.moves" end

  -- ------------------------------------------------------------------ controls of the strip

  local function to_gain(db) return db <= faders.LOWEST_DB and 0 or 10 ^ (db / 20) end
  local function to_db(gain) return gain > 0 and 20 * math.log(gain, 10) or faders.LOWEST_DB end

  local function put(control, value) control:set_value(value, PBD.GroupControlDisposition.NoGroup) end

  -- Left is the lowest bit of what the control tells.
  local function put_polarity(control, mask)
    for channel = 0, 1 do control:set_phase_invert(channel, (math.floor(mask) >> channel) & 1 == 1) end
  end

  -- What Ardour calls them. Its pan goes from 0 (left) to 1; a mute is told only later.
  local CONTROLS = {
    gain_db = {
      of = function(route) return route:gain_control() end, put = put, get = to_db,
      set = function(db)
        if db > faders.HIGHEST_DB then return nil, string.format("the fader ends at %+g dB", faders.HIGHEST_DB) end
        return to_gain(db)
      end,
    },
    pan = {
      of = function(route) return route:pan_azimuth_control() end, put = put,
      get = function(value) return 2 * value - 1 end,
      set = function(pan) return (math.max(-1, math.min(1, pan)) + 1) / 2 end,
    },
    mute = {
      of = function(route) return route:mute_control() end, put = put,
      get = function(value) return value end,
      set = function(mute) return mute >= 0.5 and 1 or 0 end, is_later = true,
    },
    polarity = { of = function(route) return route:phase_control() end, put = put_polarity },
  }

  local function control_of(route, family)
    local words = CONTROLS[family]
    if not words then return nil, "Ardour has no such control that bandmate knows" end
    local control = words.of(route)
    if control:isnil() then return nil, "the track has none" end
    return control, words
  end

  -- Which channels of a track a flip is for, as bits.
  local CHANNELS = { left = 1, right = 2 }

  local function flipped(route, thing, before)
    local count = route:n_inputs():n_audio()
    local bits = CHANNELS[thing.group] or (1 << math.min(2, count)) - 1
    if bits >> count ~= 0 then return nil, "the track has no " .. thing.group .. " channel" end
    local flip, mask = thing.values.polarity < 0, math.floor(before)
    if thing.is_change then return flip and mask ~ bits or mask end
    return flip and mask | bits or mask & ~bits
  end

  local function wanted_of(route, thing, words, before)
    if thing.family == "polarity" then return flipped(route, thing, before) end
    local value = thing.values[thing.family]
    return words.set(thing.is_change and words.get(before) + value or value)
  end

  -- Turn one control; returns what to write down, or nil and why.
  local function turn(route, thing)
    local control, words = control_of(route, thing.family)
    if not control then return nil, words end
    local before = control:get_value()
    local wanted, why = wanted_of(route, thing, words, before)
    if not wanted then return nil, why end
    words.put(control, wanted)
    local after = words.is_later and wanted or control:get_value()
    if math.abs(after - wanted) <= faders.NEAR then return { parameter = thing.family, before = before, after = after } end
    words.put(control, before)
    return nil, "Ardour does not put it there"
  end

  -- ------------------------------------------------------------------ things

  local function plug_in(route, thing, ours)
    local done, new = plugins.make(route, thing, ours)
    if not done then return nil, new end
    return new and { parameter = "plugin", before = 0, after = session.id(new) } or {}
  end

  -- Make one thing; returns what to write down, {} where that is nothing, or nil and why.
  local function make(thing, ours)
    local route, why = tracks.of(thing.target)
    if not route then return nil, why end
    local made
    if plugins.rank(thing) then made, why = plug_in(route, thing, ours) else made, why = turn(route, thing) end
    if not made then return nil, why end
    if made.parameter then made.route = session.id(route) end
    return made
  end

  -- Filters stand before equalisers, and those before compressors; all else as it was said.
  local function ranked(list)
    local sorted = {}
    for rank = 0, 3 do
      for _, thing in ipairs(list) do
        if (plugins.rank(thing) or 0) == rank then sorted[#sorted + 1] = thing end
      end
    end
    return sorted
  end

  local function line_of(made)
    local function word(value) return type(value) == "number" and string.format("%.9g", value):gsub(",", ".") or value end
    return table.concat({ made.route, made.parameter, word(made.before), word(made.after) }, "\t") .. "\n"
  end

  local function write_down(lines)
    if #lines == 0 then return end
    local older = waiting.slurp(path(), faders.MAX_BYTES) or ""
    waiting.spill(path(), older .. "moves\n" .. table.concat(lines))
  end

  -- Make the moves; returns the numbers of those that were made, and what to dial in by hand.
  function faders.move(moves)
    local numbers, lines, remarks, ours = {}, {}, {}, {}
    for _, thing in ipairs(ranked(things.of(moves))) do
      local made, why = make(thing, ours)
      if made and made.parameter then lines[#lines + 1] = line_of(made) end
      if made then
        for _, move in ipairs(thing.moves) do numbers[#numbers + 1] = move.index end
      else
        remarks[#remarks + 1] = things.words(thing) .. " (" .. why .. ")"
      end
    end
    write_down(lines)
    table.sort(numbers)
    return numbers, remarks
  end

  -- ------------------------------------------------------------------ put back

  -- The moves that were made last, and the text without them.
  local function last_moves(text)
    local at, from = 1, nil
    for start in text:gmatch("()moves\n") do from = start end
    if not from then return {}, "" end
    local made = {}
    for route, parameter, before, after in text:sub(from):gmatch("([%d-]+)\t([%l_]+)\t(%S+)\t(%S+)\n") do
      made[at], at = { route = route, parameter = parameter, before = before, after = after }, at + 1
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
    if made.parameter == "plugin" then
      return not plugins.take_out(route, made.after) and route:name() .. ": a plug-in is gone already" or nil
    end
    local control, words = control_of(route, made.parameter)
    if not control then return route:name() .. ": " .. words end
    if math.abs(control:get_value() - tonumber(made.after)) > 1e-4 then
      return route:name() .. ": " .. made.parameter .. " was moved since, and stays"
    end
    words.put(control, tonumber(made.before))
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
