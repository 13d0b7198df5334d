-- What was picked goes into the session, each as one step of undo.

return function(session, fades, smf, waiting)
  local landing = {}

  -- ImportSerializeFiles keeps to the track that is named; ImportDistinctFiles to what is selected.
  local function import(path, mode, at, track)
    local files = C.StringVector()
    files:push_back(path)
    Editor:do_import(files, Editing.ImportSerializeFiles, mode, ARDOUR.SrcQuality.SrcBest,
      ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore, at,
      ARDOUR.PluginInfo(), track or ARDOUR.Track(), false)
  end

  local function known_regions()
    local known = {}
    for id in ARDOUR.RegionFactory.regions():iter() do known[id:to_s()] = true end
    return known
  end

  -- ------------------------------------------------------------------ notes

  -- Regions are named after the file they come from.
  local function file_name(title)
    local name = title:gsub("[%c/\\:*?\"<>|%%]", "-"):sub(1, 80)
    return "bandmate " .. (utf8.len(name) and name or "notes")
  end

  local function landed_region(known)
    for route in Session:get_tracks():iter() do
      for region in route:to_track():playlist():region_list():iter() do
        if not known[session.id(region)] then return region, route end
      end
    end
    error("Ardour did not take the notes.", 0)
  end

  -- The notes as a region at a quarter note, on the MIDI track of an id, or on a new one where there is none.
  --
  -- A file of one track is written for it, with the song's metre: Ardour loses the first track of
  -- files of several, and makes the region as long as whole bars of the file.
  function landing.notes(title, notes, quarter, id)
    if #notes == 0 then error("There are no notes in it.", 0) end
    local path = Session:path() .. "/" .. file_name(title) .. ".mid"
    local place = session.clock(quarter)
    waiting.spill(path, smf.write({ tempo = place.tempo, meter = place.meter, notes = notes }))
    local known, track = known_regions(), session.track(id)
    local mode = track and Editing.ImportToTrack or Editing.ImportAsTrack
    local ticks = math.floor(quarter * session.TICKS + 0.5)
    local done, why = pcall(import, path, mode, Temporal.timepos_t.from_ticks(ticks), track)
    os.remove(path)
    if not done then error(why, 0) end
    local region, route = landed_region(known)
    if not track then route:set_name("bandmate") end
    return region
  end

  -- ------------------------------------------------------------------ sound

  local function in_one_step(name, things, work)
    Session:begin_reversible_command(name)
    for _, thing in ipairs(things) do thing:to_stateful():clear_changes() end
    local done, why = pcall(work)
    for _, thing in ipairs(things) do Session:add_stateful_diff_command(thing:to_statefuldestructible()) end
    Session:commit_reversible_command(nil)
    if not done then
      Editor:undo(1)
      error(why, 0)
    end
  end

  local function is_muted(region) return region:muted() end

  -- An import leaves a step of its own, with nothing in it, and none may come between the musician
  -- and theirs. So it is undone, and the step that follows makes an end of it. A step of ours before
  -- it tells whether there was one: what the musician did before is never undone.
  local function imported(path, old, known)
    local was = is_muted(old)
    in_one_step("bandmate", { old }, function() old:set_muted(not was) end)
    local done, why = pcall(import, path, Editing.ImportAsRegion, old:position())
    Editor:undo(1)
    if is_muted(old) ~= was then Editor:undo(1) end
    if not done then error(why, 0) end
    for id, region in ARDOUR.RegionFactory.regions():iter() do
      if not known[id:to_s()] then return region end
    end
    error("Ardour cannot read it.", 0)
  end

  -- The sound as a take on top of the old one, which is muted and kept.
  function landing.take(path, title, question)
    local old, track = session.region(question.region)
    if not old then error("The region is no longer there.", 0) end
    local told = fades.of(old, waiting.slurp)
    local whole = imported(path, old, known_regions())
    local take, playlist = ARDOUR.RegionFactory.clone_region(whole, true, false), track:playlist()
    fades.copy(old:to_audioregion(), take:to_audioregion(), told)
    in_one_step("bandmate: " .. title, { old, playlist }, function()
      old:set_muted(true)
      playlist:add_region(take, old:position(), 1, false, 0, 0, false)
    end)
    return take
  end

  return landing
end
