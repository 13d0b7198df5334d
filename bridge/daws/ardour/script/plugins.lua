-- Moves that need a plug-in: bands of an ACE EQ, an ACE High/Low Pass Filter, an ACE Compressor. All come
-- with Ardour. The musician's own plug-ins are left alone: ours stand after them, before the fader.

return function(session, things)
  local plugins = {}

  local BELLS = 4 -- of an ACE EQ; it has a low and a high shelf besides
  local LV2, LUA = ARDOUR.PluginType.LV2, ARDOUR.PluginType.Lua
  local SHELF_Q, NEAR = math.sqrt(0.5), 0.05

  -- ------------------------------------------------------------------ putting in, taking out

  -- How many things a musician sees before the fader.
  local function before_fader(route)
    local fader, count, at = session.id(route:amp()), 0, 0
    local one = route:nth_processor(at)
    while not one:isnil() and session.id(one) ~= fader do
      if one:display_to_user() then count = count + 1 end
      at = at + 1
      one = route:nth_processor(at)
    end
    return count
  end

  local function put_in(route, name, kind)
    local processor = ARDOUR.LuaAPI.new_plugin(Session, name, kind, "")
    if processor:isnil() then return nil, "the plug-in for it is not there" end
    local refused = route:add_processor_by_index(processor, before_fader(route), nil, true)
    if refused ~= 0 then return nil, "the track does not take the plug-in for it" end
    return processor
  end

  -- Take out the plug-in of an id; false where it is no longer there.
  function plugins.take_out(route, id)
    local at = 0
    local one = route:nth_plugin(at)
    while not one:isnil() do
      if session.id(one) == id then return route:remove_processor(one, nil, true) == 0 end
      at = at + 1
      one = route:nth_plugin(at)
    end
    return false
  end

  -- ------------------------------------------------------------------ knobs

  -- Parameters by their labels: { index, lower, upper } each.
  local function knobs_of(processor)
    local plugin, knobs = processor:to_insert():plugin(0), {}
    for index = 0, plugin:parameter_count() - 1 do
      if plugin:parameter_is_control(index) then
        local _, told = plugin:get_parameter_descriptor(index, ARDOUR.ParameterDescriptor())
        knobs[plugin:parameter_label(index)] = { index = index, lower = told[2].lower, upper = told[2].upper }
      end
    end
    return knobs
  end

  -- Set knobs by their labels; nothing is set where one does not go so far. Returns true, or nil and why.
  local function dial(processor, wanted)
    local knobs = knobs_of(processor)
    for label, value in pairs(wanted) do
      local knob = knobs[label]
      if not knob then return nil, "the plug-in has no " .. label end
      if value < knob.lower - 1e-6 or value > knob.upper + 1e-6 then
        return nil, string.format("%s of the plug-in goes from %g to %g", label, knob.lower, knob.upper)
      end
    end
    for label, value in pairs(wanted) do
      ARDOUR.LuaAPI.set_processor_param(processor, knobs[label].index, value)
    end
    return true
  end

  -- A new plug-in with its knobs dialled; half a one is taken out again.
  local function dialled(route, name, kind, wanted)
    local processor, why = put_in(route, name, kind)
    if not processor then return nil, why end
    local done, trouble = dial(processor, wanted)
    if done then return processor end
    route:remove_processor(processor, nil, true)
    return nil, trouble
  end

  -- ------------------------------------------------------------------ what each thing becomes

  -- The width of a bell in octaves, as ACE EQ counts, from its Q: measured, it is within 0.05 dB.
  function plugins.octaves(q)
    local half = 1 / (2 * q)
    return 2 / math.log(2) * math.log(half + math.sqrt(half * half + 1))
  end

  -- The corner of a shelf of ACE EQ that does what one of Q 0.71 does whose corner is half-way up: measured
  -- at corners of 0.1 to 8 kHz, it is within 0.1 dB.
  function plugins.corner(hertz, decibels, is_high)
    return hertz * 10 ^ ((is_high and decibels or -decibels) / 80)
  end

  local SHELVES = { [1] = "L", [2] = "H" }

  -- Which of its filters a band needs, and the knobs of that; or nil and why.
  local function band_of(thing, used)
    local hertz, decibels = thing.values["eq.freq_hz"], thing.values["eq.gain_db"] or 0
    local q, shape = thing.values["eq.q"] or SHELF_Q, math.floor((thing.values["eq.shape"] or 0) + 0.5)
    if not hertz then return nil, "the frequency of the band is not said" end
    local letter = SHELVES[shape]
    if not letter then
      local place = tostring((used.bells or 0) + 1)
      return place, {
        ["Frequency " .. place] = hertz, ["Gain " .. place] = decibels, ["Bandwidth " .. place] = plugins.octaves(q),
      }
    end
    if math.abs(q - SHELF_Q) > NEAR then return nil, "shelves of ACE EQ have a Q of 0.71" end
    return letter, { ["Frequency " .. letter] = plugins.corner(hertz, decibels, shape == 2), ["Gain " .. letter] = decibels }
  end

  -- A band in an ACE EQ of ours on this track, or in a new one. Returns the plug-in where it is new.
  local function band(route, thing, ours)
    local id = session.id(route)
    local eq = ours[id] or { used = {} }
    local letter, wanted = band_of(thing, eq.used)
    if letter and eq.processor and (eq.used[letter] or (tonumber(letter) or 0) > BELLS) then
      eq = { used = {} }
      letter, wanted = band_of(thing, eq.used)
    end
    if not letter then return nil, wanted end
    local made, why
    if eq.processor then made, why = dial(eq.processor, wanted) else made, why = dialled(route, "urn:ardour:a-eq", LV2, wanted) end
    if not made then return nil, why end
    local is_new = not eq.processor
    eq.processor, eq.used[letter] = eq.processor or made, true
    if tonumber(letter) then eq.used.bells = (eq.used.bells or 0) + 1 end
    ours[id] = eq
    return true, is_new and made or nil
  end

  local FILTERS = {
    hpf_hz = { on = "High Pass", off = "Low Pass" },
    lpf_hz = { on = "Low Pass", off = "High Pass" },
  }

  -- Of 12 dB an octave, as in the preview.
  local function filter(route, thing)
    local words = FILTERS[thing.family]
    local made, why = dialled(route, "ACE High/Low Pass Filter", LUA, {
      [words.on .. " Steepness"] = 1, [words.on .. " Cut off frequency"] = thing.values[thing.family],
      [words.on .. " Resonance"] = 0.707, [words.off .. " Steepness"] = 0,
    })
    if not made then return nil, why end
    return true, made
  end

  local COMPRESSOR = {
    ["comp.threshold_db"] = "Threshold", ["comp.ratio"] = "Ratio", ["comp.attack_ms"] = "Attack",
    ["comp.release_ms"] = "Release", ["comp.makeup_db"] = "Makeup",
  }

  local function compressor(route, thing)
    if things.key(thing) then return nil, "a side-chain is wired by hand" end
    local wanted, is_stereo = {}, route:n_inputs():n_audio() > 1
    for parameter, value in pairs(thing.values) do wanted[COMPRESSOR[parameter]] = value end
    if not wanted.Threshold then return nil, "the threshold is not said" end
    local made, why = dialled(route, "urn:ardour:a-comp" .. (is_stereo and "#stereo" or ""), LV2, wanted)
    if not made then return nil, why end
    return true, made
  end

  local MAKE = { hpf_hz = filter, lpf_hz = filter, eq = band, comp = compressor }
  local RANK = { hpf_hz = 1, lpf_hz = 1, eq = 2, comp = 3 }

  -- Where a thing stands in the strip; nil where it needs no plug-in that bandmate knows.
  function plugins.rank(thing) return RANK[thing.family] end

  -- Make one thing. `ours` holds, by track, the ACE EQ that was put in just now. Returns true and the plug-in
  -- that is new, if one is; or nil and why.
  function plugins.make(route, thing, ours)
    if things.is_blind(thing) then return nil, "it would have to know what is there now" end
    return MAKE[thing.family](route, thing, ours)
  end

  return plugins
end
