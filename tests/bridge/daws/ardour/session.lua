-- What the tests of a real Ardour do by hand: put files into the session, select, and look.
TEST = {}

function TEST.import(path, name, seconds)
  local files, track = C.StringVector(), TEST.track(name)
  files:push_back(path)
  Editor:do_import(files, Editing.ImportSerializeFiles, Editing.ImportToTrack, ARDOUR.SrcQuality.SrcBest,
    ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore,
    Temporal.timepos_t(seconds * Session:nominal_sample_rate()), ARDOUR.PluginInfo(), track, false)
end

function TEST.track(name) return Session:route_by_name(name):to_track() end

-- The tracks whose names begin so.
function TEST.names(beginning)
  local names = {}
  for route in Session:get_tracks():iter() do
    if route:name():sub(1, #beginning) == beginning then names[#names + 1] = route:name() end
  end
  return table.concat(names, "|")
end

function TEST.regions(name) return TEST.track(name):playlist():region_list():table() end

-- Whether it is selected; a region that is new has nothing to be selected by until it is drawn.
function TEST.select_region(region)
  Editor:get_selection():clear_all()
  local list = ArdourUI.SelectionList()
  local drawn = pcall(function() list:push_back(Editor:regionview_from_region(region)) end)
  if drawn then Editor:set_selection(list, ArdourUI.SelectionOp.Set) end
  return drawn
end

-- Scripts cannot select a track, but go from one to the next.
function TEST.select_track(name)
  Editor:get_selection():clear_all()
  for _ = 1, Session:get_routes():size() + 1 do
    if Session:route_by_name(name):is_selected() then return end
    Editor:access_action("Editor", "select-next-route")
  end
  error(name .. " cannot be selected", 0)
end

-- One line a region: id, position, start, length, muted.
function TEST.look(name)
  local lines = {}
  for place, region in ipairs(TEST.regions(name)) do
    lines[place] = table.concat({ region:to_stateful():id():to_s(), region:position():samples(), region:start():samples(),
      region:length():samples(), tostring(region:muted()) }, " ")
  end
  return table.concat(lines, "\n")
end

-- One line a note of a region: start and length in ticks (1920 a quarter note), pitch, velocity.
function TEST.notes(region)
  local lines = {}
  local function ticks(beats)
    local whole, rest = tostring(beats):match("^(%d+):(%d+)$")
    return math.floor(whole * 1920 + rest)
  end
  for note in ARDOUR.LuaAPI.note_list(region:to_midiregion():model()):iter() do
    lines[#lines + 1] = table.concat({ ticks(note:time()), ticks(note:length()), note:note(), note:velocity() }, " ")
  end
  return table.concat(lines, "\n")
end

-- Where in the song the regions lie, in quarter notes: position and length.
function TEST.quarters(name)
  local lines = {}
  for place, region in ipairs(TEST.regions(name)) do
    lines[place] = string.format("%.2f %.2f", region:position():ticks() / 1920, region:length():ticks() / 1920)
  end
  return table.concat(lines, "\n")
end

function TEST.clear(name)
  for _, region in ipairs(TEST.regions(name)) do TEST.track(name):playlist():remove_region(region) end
end

function TEST.set_clock(tempo, beats, note_value)
  local map = Temporal.TempoMap.fetch_writable()
  map:set_tempo(Temporal.Tempo(tempo, tempo, 4), Temporal.timepos_t(0))
  map:set_meter(Temporal.Meter(beats, note_value), Temporal.timepos_t(0))
  Temporal.TempoMap.update(map)
end

function TEST.locate(seconds)
  local samples = math.floor(seconds * Session:nominal_sample_rate())
  local stop = ARDOUR.LocateTransportDisposition.MustStop
  Session:request_locate(samples, false, stop, ARDOUR.TransportRequestSource.TRS_UI)
end

-- Level, envelope and fades of a region, in words.
function TEST.shaped(region)
  local here = ARDOUR.user_config_directory(-1) .. "/bandmate/"
  local fades, slurp = loadfile(here .. "fades.lua")(), loadfile(here .. "waiting.lua")().slurp
  local audio, told, words = region:to_audioregion(), nil, {}
  told = fades.of(region, slurp)
  words[1] = string.format("%.3f", audio:scale_amplitude())
  for _, fade in ipairs({ told.fade_in, told.fade_out }) do words[#words + 1] = fade.samples .. " " .. fade.shape end
  for point in audio:envelope():events():iter() do
    words[#words + 1] = string.format("%d=%.3f", point.when:samples(), point.value)
  end
  return table.concat(words, ", ")
end

-- A part of it, faded, at half its level and with an envelope.
function TEST.trim(region)
  local audio = region:to_audioregion()
  region:trim_front(Temporal.timepos_t(96000))
  region:trim_end(Temporal.timepos_t(191999))
  audio:set_scale_amplitude(0.5)
  audio:set_fade_in_length(4800)
  audio:set_fade_in_shape(ARDOUR.FadeShape.FadeSlow)
  audio:set_fade_out_length(2400)
  audio:set_fade_out_shape(ARDOUR.FadeShape.FadeConstantPower)
  audio:envelope():add(Temporal.timepos_t(24000), 0.8, false, false)
  audio:set_envelope_active(true)
end

function TEST.remove(region)
  local playlist = TEST.track("Vocal"):playlist()
  Session:begin_reversible_command("remove")
  playlist:to_stateful():clear_changes()
  playlist:remove_region(region)
  Session:add_stateful_diff_command(playlist:to_statefuldestructible())
  Session:commit_reversible_command(nil)
end

function TEST.set_decibels(name, decibels)
  Session:route_by_name(name):gain_control():set_value(10 ^ (decibels / 20), PBD.GroupControlDisposition.NoGroup)
end

function TEST.pan(name)
  return string.format("%.3f", Session:route_by_name(name):pan_azimuth_control():get_value())
end

function TEST.decibels(name)
  return string.format("%.3f", 20 * math.log(Session:route_by_name(name):gain_control():get_value(), 10))
end

-- Fader in dB, pan from 0 to 1, flipped channels as bits.
function TEST.strip(name)
  local polarity = Session:route_by_name(name):phase_control():get_value()
  return string.format("%s %s %d", TEST.decibels(name), TEST.pan(name), math.floor(polarity))
end

-- One line a plug-in, in order: its name and its first knobs, as many as are turned by moves.
function TEST.plugins(name)
  local KNOBS = { ["ACE EQ"] = 16, ["ACE High/Low Pass Filter"] = 4 }
  local lines, route = {}, Session:route_by_name(name)
  local one = route:nth_plugin(0)
  while not one:isnil() do
    local values = {}
    for knob = 0, (KNOBS[one:display_name()] or 5) - 1 do
      values[#values + 1] = string.format("%.6g", ARDOUR.LuaAPI.get_processor_param(one, knob))
    end
    lines[#lines + 1] = one:display_name() .. ": " .. table.concat(values, " ")
    one = route:nth_plugin(#lines)
  end
  return table.concat(lines, "\n")
end

function TEST.set_end(seconds)
  local at = Temporal.timepos_t(math.floor(seconds * Session:nominal_sample_rate()))
  Session:locations():session_range_location():set_end(at, true)
end

function TEST.record(name)
  TEST.track(name):rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
  Session:maybe_enable_record()
  Session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
end

function TEST.stop(name)
  Session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
  Session:disable_record(false, true)
  TEST.track(name):rec_enable_control():set_value(0, PBD.GroupControlDisposition.NoGroup)
end

return "ready"
