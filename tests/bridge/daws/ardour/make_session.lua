-- ardour7-lua make_session.lua FOLDER NAME: a session at 48 kHz, on the dummy backend.
local folder, name = arg[1], arg[2]
assert(AudioEngine:set_backend("None (Dummy)", "", ""), "no dummy backend")
local session = assert(create_session(folder, name, 48000), "no session")
local last, normal = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
session:new_audio_track(1, 2, nil, 1, "Vocal", last, normal, true)
session:new_audio_track(2, 2, nil, 1, "Guitar", last, normal, true)
local midi = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
session:new_midi_track(midi, midi, true, ARDOUR.PluginInfo(), nil, nil, 1, "Keys", last, normal, true)
session:save_state("")
close_session()
quit()
