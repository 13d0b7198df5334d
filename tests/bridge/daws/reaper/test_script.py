import json
import math
import os
import time
from pathlib import Path
from typing import Any

import mido
import pytest

from tests.bridge.daws.reaper.conftest import STAGES, Script, offered
from tests.bridge.daws.reaper.songs import (
    CHORDS,
    answer,
    clip,
    landed,
    move,
    note,
    recording,
    suggestion,
)
from tests.bridge.daws.reaper.things import Item, Source, Track

# ---------------------------------------------------------------------- the menu


def test_the_menu_offers_what_the_daemon_does(script: Script) -> None:
    script.run()
    (entries,) = script.window.menus
    assert entries[:5] == [
        *("Suggest chords", "Suggest a melody", "Correct pitch of the selection"),
        *("Remove noise", "Suggest a mix"),
    ]
    assert entries[5:] == [">Master for ...", "Spotify", "<EBU R 128"]
    assert script.reaper.said == []


def test_what_is_not_there_is_not_offered(script: Script) -> None:
    script.answers["stages"] = offered("chords", "pitch", "juggling")
    script.run()
    assert script.window.menus == [["Suggest chords", "Correct pitch of the selection"]]
    assert [words[0] for words in script.asked] == ["stages"]


def test_a_daemon_that_offers_nothing_known_is_told(script: Script) -> None:
    script.answers["stages"] = offered("juggling")
    script.run()
    assert "nothing that this script knows" in script.reaper.said[0]


def test_the_daemon_is_started_by_the_first_question(script: Script) -> None:
    script.run()
    assert "--start" in script.question("stages")


# ---------------------------------------------------------------------- chords and melody


@pytest.mark.parametrize(("entry", "stage"), [("chords", "chords"), ("melody", "melody")])
def test_notes_land_on_the_selected_track(script: Script, entry: str, stage: str) -> None:
    script.reaper.cursor = 4.2  # 8.4 quarters: bars begin at 8
    track = script.reaper.selected_track = script.reaper.track("piano")
    script.answers[stage] = CHORDS
    script.window.picks = [entry, "2. Way 2"]
    script.reaper.answers = [["rainy, wistful", "A minor", "4", "96", "4/4"]]
    script.run()
    assert landed(script) == [(57, 8.0, 9.0, 0), (45, 8.5, 9.5, 1)]
    assert script.settings(stage) == {
        "prompt": "rainy, wistful",
        "key": "A minor",
        "bars": "4",
        "tempo": "96",
        "meter": "4/4",
        "out": str(script.folder / "project" / "bandmate"),
    }
    assert track.items[0].take.name == "bandmate: Way 2"
    assert script.steps == ["bandmate: Way 2"]
    assert script.taken == [["ask-7", "2"]]
    assert script.reaper.said == []


def test_a_track_is_made_where_none_is_selected(script: Script) -> None:
    script.answers["chords"] = CHORDS
    script.window.picks = ["chords", "1. Way 1"]
    script.run()
    assert [track.name for track in script.reaper.tracks] == ["bandmate"]
    assert script.steps == ["bandmate: Way 1"]  # the track and the notes are one step


def test_the_form_is_filled_from_the_session(script: Script) -> None:
    script.reaper.tempo, script.reaper.meter = 97.5, (6, 8)
    script.window.picks = ["chords"]
    script.reaper.answers = [None]
    script.run()
    assert script.reaper.forms == [("Suggest chords", ["", "", "8", "97.5", "6/8"])]
    assert script.steps == []


def test_notes_are_read_from_the_file_where_none_were_said(script: Script) -> None:
    made = mido.MidiFile(ticks_per_beat=480)
    made.add_track().extend(
        [mido.Message("note_on", note=62), mido.Message("note_off", note=62, time=960)]
    )
    path = script.folder / "out.mid"
    made.save(path)
    script.answers["chords"] = answer(suggestion(1, file=str(path), notes=[]))
    script.window.picks = ["chords", "1. Way 1"]
    script.run()
    assert landed(script) == [(62, 0.0, 2.0, 0)]


def test_a_suggestion_is_listened_to_before_it_is_picked(script: Script) -> None:
    script.answers["chords"] = CHORDS
    script.window.picks = ["chords", "<2. Way 2", "1. Way 1"]
    script.run()
    assert [words for words in script.asked if words[0] in {"play", "stop", "taken"}] == [
        ["play", "ask-7", "2"],
        ["stop"],
        ["taken", "ask-7", "1"],
    ]


def test_titles_cannot_be_commands_of_the_menu(script: Script) -> None:
    said = suggestion(1, title="a|#b\n>c", why="!x|y " * 40, notes=[note(60, 0.0)])
    script.answers["chords"] = answer(said)
    script.window.picks = ["chords", "1. a/#b >c"]
    script.run()
    assert script.taken == [["ask-7", "1"]]
    why = [line for line in script.window.menus[1] if line.startswith("#")]
    assert all(len(line) <= 100 for line in why)
    assert len(why) > 1


def test_nothing_picked_changes_nothing(script: Script) -> None:
    script.answers["chords"] = CHORDS
    script.window.picks = ["chords", None]
    script.run()
    assert (script.steps, script.taken, script.reaper.tracks) == ([], [], [])


# ---------------------------------------------------------------------- takes


@pytest.mark.parametrize(
    ("entry", "stage"),
    [("Correct pitch", "pitch"), ("Remove noise", "denoise"), ("Spotify", "master")],
)
def test_sound_lands_as_a_take_beside_the_old_one(script: Script, entry: str, stage: str) -> None:
    item = recording(script, D_VOL=-0.5, D_PAN=0.25, I_CHANMODE=1.0, D_STARTOFFS=1.0)
    item.length = 3.0
    old = item.take
    before = dict(old.values)
    script.answers[stage] = answer(suggestion(1, file="/made.wav", moves=[move("mix", "pan", 0)]))
    script.window.picks = [entry, "1. Way 1"]
    script.run()
    new = item.take
    assert item.takes == [old, new]
    assert old.values == before
    assert new.source.path == "/made.wav"
    assert new.values == {**before, "D_STARTOFFS": 0.0}
    assert script.settings(stage)["cut"] == "1.000000-4.000000"
    assert script.question(stage)[1] == old.source.path
    assert script.steps == ["bandmate: Way 1"]
    assert script.reaper.commands == [40047]
    assert script.taken == [["ask-7", "1"]]
    assert script.reaper.said == []


def test_a_whole_file_needs_no_range(script: Script) -> None:
    recording(script)
    script.window.picks = ["Remove noise"]
    script.answers["denoise"] = answer()
    script.run()
    assert "cut" not in script.settings("denoise")
    assert "nothing to suggest" in script.reaper.said[0]


def test_the_preset_of_the_menu_is_asked_for(script: Script) -> None:
    recording(script)
    script.answers["master"] = answer()
    script.window.picks = ["EBU R 128"]
    script.run()
    assert script.settings("master") == {"preset": "ebu-r128"}


def test_sections_are_followed_down_to_the_file(script: Script) -> None:
    item = recording(script)
    inner = item.take.source
    inner.seconds = 60.0
    outer = Source("", parent=inner, section=(15.0, 40.0, False))
    item.take.source = Source("", parent=outer, section=(5.0, 30.0, False))
    item.take.values["D_STARTOFFS"] = 1.5
    script.answers["pitch"] = answer()
    script.window.picks = ["Correct pitch"]
    script.run()
    assert script.settings("pitch")["cut"] == "21.500000-31.500000"


def test_two_mono_items_are_left_and_right(script: Script) -> None:
    right, left = recording(script, "R.wav"), recording(script, "L.wav")
    script.reaper.tracks[0].values["D_PAN"] = 1.0
    script.reaper.tracks[1].values["D_PAN"] = -1.0
    script.answers["denoise"] = answer(suggestion(1, file="/stereo.wav"))
    script.window.picks = ["Remove noise", "1. Way 1"]
    script.run()
    assert script.question("denoise")[1].endswith("L.wav")
    assert script.settings("denoise")["right"].endswith("R.wav")
    sides = [(item.take.source.path, item.take.values["I_CHANMODE"]) for item in (left, right)]
    assert sides == [("/stereo.wav", 3), ("/stereo.wav", 4)]
    assert script.steps == ["bandmate: Way 1"]


# ---------------------------------------------------------------------- what is refused


def stretched(item: Item) -> None:
    item.take.values["D_PLAYRATE"] = 1.5


def marked(item: Item) -> None:
    item.take.stretch_markers = 2


def shifted(item: Item) -> None:
    item.take.values["D_PITCH"] = -1.0


def backwards(item: Item) -> None:
    item.take.source = Source("", parent=item.take.source, section=(0.0, 10.0, True))


def looped(item: Item) -> None:
    item.length = 25.0


def offline(item: Item) -> None:
    item.take.source.channels = 0


def lost(item: Item) -> None:
    Path(item.take.source.path).unlink()


def without_takes(item: Item) -> None:
    item.takes = []


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        *((stretched, "stretched"), (marked, "stretch markers"), (shifted, "shifted in pitch")),
        *((backwards, "reversed"), (looped, "looped"), (offline, "off-line")),
        *((lost, "is not there"), (without_takes, "empty")),
    ],
)
@pytest.mark.parametrize("entry", ["Correct pitch", "Remove noise", "Spotify", "Suggest a mix"])
def test_a_take_that_is_no_range_of_a_file_is_refused(
    script: Script, spoil: Any, word: str, entry: str
) -> None:
    spoil(recording(script))
    script.window.picks = [entry]
    script.run()
    assert [word in text for text in script.reaper.said] == [True]
    assert [words[0] for words in script.asked] == ["stages", "presets"]


@pytest.mark.parametrize("entry", ["Correct pitch", "Remove noise", "Spotify", "Suggest a mix"])
def test_nothing_selected_is_said(script: Script, entry: str) -> None:
    script.window.picks = [entry]
    script.run()
    assert script.reaper.said[0].startswith("Nothing is selected")


def test_notes_are_no_recording(script: Script) -> None:
    clip(script, (60, 17.0, 18.0))
    script.window.picks = ["Correct pitch"]
    script.run()
    assert "holds notes" in script.reaper.said[0]


@pytest.mark.parametrize("count", [2, 3])
def test_two_items_that_are_no_pair_are_refused(script: Script, count: int) -> None:
    for place in range(count):
        recording(script, f"{place}.wav", D_STARTOFFS=0.0).length = 3.0 + place
    script.window.picks = ["Remove noise"]
    script.run()
    assert "items are selected" in script.reaper.said[0]


# ---------------------------------------------------------------------- moves


MIX = [
    move("vocal", "gain_db", -6.0),
    move("Bass", "gain_db", 2.0, mode="change"),
    move("Bass", "pan", -0.5),
    move("vocal", "eq.freq_hz", 250.0, group="eq1"),
    move("vocal", "eq.gain_db", -2.5, group="eq1"),
    move("vocal", "eq.q", 1.4, group="eq1"),
    move("vocal", "hpf_hz", 80.0),
    move("vocal", "comp.threshold_db", -18.0, group="comp"),
    move("vocal", "comp.ratio", 3.0, group="comp"),
    move("vocal", "comp.attack_ms", 12.0, group="comp"),
    move("mix", "gain_db", -1.0),
]


def mixing(script: Script, *moves: dict[str, Any], parts: tuple[str, ...] = ("All",)) -> None:
    for name in ("vocal.wav", "bass.wav"):
        recording(script, name)
    script.reaper.tracks[0].name, script.reaper.tracks[1].name = "Lead", "bass"
    script.reaper.tracks[1].values["D_VOL"] = 0.5
    preview = str(script.folder / "stems.mix-1.wav")
    script.answers["mix"] = answer(suggestion(1, file=preview, moves=list(moves)))
    script.window.picks = ["Suggest a mix", "1. Way 1", *parts]
    script.run()


def test_a_mix_is_one_step(script: Script) -> None:
    mixing(script, *MIX)
    vocal, bass = script.reaper.tracks
    assert script.question("mix")[1] == str(script.folder)
    assert vocal.values["D_VOL"] == pytest.approx(10 ** (-6 / 20))
    assert bass.values["D_VOL"] == pytest.approx(0.5 * 10 ** (2 / 20))
    assert bass.values["D_PAN"] == -0.5
    assert script.reaper.master.values["D_VOL"] == pytest.approx(10 ** (-1 / 20))
    assert script.steps == ["bandmate: Way 1"]
    assert script.taken == [["ask-7", "1", *(str(n) for n in range(1, 12))]]
    assert script.reaper.said == []


def test_effects_show_what_was_asked_for(script: Script) -> None:
    mixing(script, *MIX)
    eq, comp = script.reaper.tracks[0].effects
    shown = {name: eq.text(place) for place, name in enumerate(eq.shown)}
    octaves = 2 / math.log(2) * math.asinh(1 / (2 * 1.4))
    assert float(shown["Freq 2.0"].split()[0]) == pytest.approx(250, rel=0.02)
    assert float(shown["Gain 2.0"].split()[0]) == pytest.approx(-2.5, abs=0.06)
    assert float(shown["Q 2.0"].split()[0]) == pytest.approx(octaves, abs=0.06)
    assert float(shown["Freq 0.0"].split()[0]) == pytest.approx(80, rel=0.02)
    assert eq.enabled[0, 0]
    assert [comp.text(place).split()[0] for place in range(3)] == ["-18.0", "3.00", "12.0"]


def test_parts_of_a_mix_are_a_step_each_until_the_menu_is_closed(script: Script) -> None:
    mixing(script, *MIX, parts=("vocal: EQ bell 250 Hz, -2.5 dB, Q 1.40", "Bass: pan to 50 % left"))
    vocal, bass = script.reaper.tracks
    assert script.taken == [["ask-7", "1", "4", "5", "6"], ["ask-7", "1", "3"]]
    assert script.steps == ["bandmate: Way 1"] * 2
    assert bass.values["D_PAN"] == -0.5
    assert "D_VOL" not in vocal.values or vocal.values["D_VOL"] == 1.0


def test_a_flip_is_made_of_what_is_there(script: Script) -> None:
    flip = move("vocal", "polarity", -1.0, mode="change")
    script.after = lambda: script.reaper.tracks[0].values.update(B_PHASE=1.0)
    mixing(script, flip)
    assert script.reaper.tracks[0].values["B_PHASE"] == 0.0
    assert script.taken == [["ask-7", "1", "1"]]


def test_a_third_bell_gets_another_equaliser(script: Script) -> None:
    bells = [move("vocal", "eq.freq_hz", 200.0 * n, group=f"eq{n}") for n in (1, 2, 3)]
    mixing(script, *bells)
    assert [len(track.effects) for track in script.reaper.tracks] == [2, 0]
    assert script.taken == [["ask-7", "1", "1", "2", "3"]]


@pytest.mark.parametrize(
    ("what", "word"),
    [
        (move("choir", "gain_db", 1.0), "no track of that name"),
        (move("vocal", "limiter.gain_db", 1.0), "no such control"),
        (move("vocal", "gain_db", 24.5, mode="change"), "above +24 dB"),
        (move("vocal", "lpf_hz", 9000.0), "no such band"),
        (move("vocal", "comp.ratio", 2.0, mode="change", group="c"), "what is there now"),
        (move("vocal", "eq.gain_db", 2.0, group="e"), "not said"),
        (move("vocal", "comp.threshold_db", -70.0, group="c"), "does not show"),
        (
            move("vocal", "comp.threshold_db", -22.7, group="side-chain bass"),
            "vocal: compressor, keyed by bass: threshold -22.7 dB (a side-chain is wired by hand)",
        ),
        (
            move("vocal", "polarity", -1.0, mode="change", group="right"),
            "vocal: flip the polarity of the right channel (REAPER's switch flips both channels)",
        ),
        (move("vocal", "send_db", -20.0, group="room"), "vocal: send to room to -20.0 dB ("),
    ],
)
def test_what_cannot_be_done_is_said_and_the_rest_is_done(
    script: Script, what: dict[str, Any], word: str
) -> None:
    mixing(script, what, move("bass", "pan", 0.25))
    assert script.reaper.tracks[1].values["D_PAN"] == 0.25
    assert script.taken == [["ask-7", "1", "2"]]
    assert word in script.reaper.said[0]


def test_moves_of_which_none_can_be_done_leave_nothing_behind(script: Script) -> None:
    mixing(script, move("vocal", "lpf_hz", 9000.0), move("choir", "pan", 1.0))
    assert script.reaper.tracks[0].effects == []
    assert script.steps == []
    assert script.taken == []
    assert "None of it" in script.reaper.said[0]


def test_an_effect_that_is_missing_is_said(script: Script) -> None:
    script.reaper.effects.clear()
    mixing(script, *MIX)
    assert "ReaEQ is not there" in script.reaper.said[0]
    assert "ReaComp is not there" in script.reaper.said[0]
    assert script.taken == [["ask-7", "1", "1", "2", "3", "11"]]


def test_two_tracks_of_one_name_are_not_guessed_at(script: Script) -> None:
    script.after = lambda: script.reaper.tracks.append(Track("BASS"))
    mixing(script, move("Bass", "pan", 1.0))
    assert "2 tracks could be meant" in script.reaper.said[0]
    assert script.taken == []


def test_stems_of_several_folders_are_refused(script: Script) -> None:
    (script.folder / "elsewhere").mkdir()
    recording(script, "a.wav")
    recording(script, "elsewhere/b.wav")
    script.window.picks = ["Suggest a mix"]
    script.run()
    assert "several folders" in script.reaper.said[0]


# ---------------------------------------------------------------------- what goes wrong


def test_bandmate_is_not_there(script: Script) -> None:
    script.command.unlink()
    script.run()
    assert "was not found at" in script.reaper.said[0]
    assert "bandmate install reaper" in script.reaper.said[0]


def test_the_daemon_is_not_there(script: Script) -> None:
    script.answers["stages"] = {"error": {"code": "daemon", "text": "Nobody listens; say it so."}}
    script.run()
    assert script.reaper.said == ["Nobody listens; say it so."]


@pytest.mark.parametrize("stage", ["stages", "presets", "denoise"])
@pytest.mark.parametrize("garbage", ["", "{", "os.exit()", "[1]" * 10, '"x"', "\0\1"])
def test_garbage_is_left_and_said_where(script: Script, stage: str, garbage: str) -> None:
    recording(script)
    script.answers[stage] = garbage
    script.window.picks = ["Remove noise"]
    script.run()
    (said,) = script.reaper.said
    place = Path(said.rpartition(" at ")[2])
    assert place.read_text() == garbage
    assert script.steps == []


def test_what_the_stage_refuses_is_said(script: Script) -> None:
    clip(script, (60, 17.0, 18.0))
    script.answers["chords"] = {"error": {"code": "setting", "text": "key is 'H'."}}
    script.window.picks = ["Suggest chords > Go on from it"]
    script.run()
    assert script.reaper.said == ["key is 'H'."]


def test_an_item_that_is_gone_loses_nothing(script: Script) -> None:
    recording(script)
    script.after = script.reaper.tracks[0].items.clear
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert script.reaper.said == ["The item is no longer there.\n\nIt is in the file /made.wav"]
    assert script.taken == []


def test_a_project_that_was_closed_loses_nothing(script: Script) -> None:
    recording(script)
    script.after = lambda: setattr(script.reaper, "is_open", False)
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert "project was closed" in script.reaper.said[0]
    assert "/made.wav" in script.reaper.said[0]


def test_a_project_that_was_closed_before_it_was_asked_about_is_said(script: Script) -> None:
    recording(script)
    offered = script.answers["stages"]

    def close(_: list[str]) -> Any:
        script.reaper.is_open = False
        return offered

    script.answers["stages"] = close
    script.window.picks = ["Remove noise"]
    script.run()
    assert script.reaper.said == ["The project was closed."]


def test_where_the_project_cannot_be_written_reapers_own_folder_is_taken(
    script: Script, tmp_path: Path
) -> None:
    (tmp_path / "project").write_text("a file stands where the folder of the project would be")
    script.reaper.resources = str(tmp_path / "reaper's own")
    recording(script)
    script.answers["denoise"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Remove noise", "1. Way 1"]
    script.run()
    assert script.reaper.said == []
    assert script.steps == ["bandmate: Way 1"]
    assert list((tmp_path / "reaper's own" / "bandmate").iterdir()) == []


def test_it_lands_in_the_project_that_asked(script: Script) -> None:
    item = recording(script)
    script.after = lambda: setattr(script.reaper, "front", object())
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert script.reaper.front is script.reaper.project
    assert len(item.takes) == 2


@pytest.mark.parametrize("broken", ["AddTakeToMediaItem", "SetActiveTake", "Main_OnCommand"])
def test_half_a_step_is_taken_back(script: Script, broken: str) -> None:
    item = recording(script)
    script.reaper.fails_in.add(broken)
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert len(item.takes) == 1
    assert script.steps == []
    assert "/made.wav" in script.reaper.said[0]
    assert script.taken == []


def test_a_file_that_reaper_cannot_open_is_said(script: Script) -> None:
    item = recording(script)
    script.reaper.bad_files.add("/made.wav")
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert len(item.takes) == 1
    assert "cannot open /made.wav" in script.reaper.said[0]


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (Source("", 9.0, 2), "lasts 9.00 s, the selection 10.00 s"),
        (Source("", 10.0, 1), "not stereo"),
    ],
)
def test_sound_that_does_not_fit_is_left_as_a_file(script: Script, made: Source, word: str) -> None:
    items = [recording(script, "L.wav"), recording(script, "R.wav")]
    script.reaper.made = made
    script.answers["denoise"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Remove noise", "1. Way 1"]
    script.run()
    assert [len(item.takes) for item in items] == [1, 1]
    assert word in script.reaper.said[0]
    assert "/made.wav" in script.reaper.said[0]


def test_sound_made_from_notes_has_no_item_to_go_to(script: Script) -> None:
    script.answers["chords"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["chords", "1. Way 1"]
    script.run()
    assert "no item to go to" in script.reaper.said[0]


# ---------------------------------------------------------------------- waiting


def slowly(script: Script, ticks: int) -> None:
    """Let the answer come after so many looks."""
    said = answer(suggestion(1, file="/made.wav"))
    place: list[Path] = []

    def later(words: list[str]) -> None:
        place.append(Path(words[words.index("--answer") + 1]))

    script.answers["pitch"] = later
    drawn = script.window.drawn

    class Drawn(list[str]):
        def append(self, text: str) -> None:
            drawn.append(text)
            if drawn.count("Cancel") == ticks:
                place[0].write_text(json.dumps(said))

    script.window.drawn = Drawn()


def test_progress_is_shown_while_it_works(script: Script) -> None:
    item = recording(script)
    script.progress = "0.42 listening to the take"
    shown = script.window.drawn
    slowly(script, 10)
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert "Correct pitch of the selection" in shown
    assert shown.count("listening to the take") >= 8
    assert len(item.takes) == 2


def test_silence_is_told(script: Script) -> None:
    recording(script)
    shown = script.window.drawn
    slowly(script, 10)
    script.reaper.pace = 5.0
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert any("bandmate doctor" in text for text in shown)


@pytest.mark.parametrize("key", [27, -1])
def test_cancel_stops_the_job(script: Script, key: int) -> None:
    recording(script)
    script.answers["pitch"] = None
    script.window.picks = ["Correct pitch"]
    script.after = lambda: script.window.keys.extend([0, 0, key])
    script.run()
    words = script.question("pitch")
    place = words[words.index("--answer") + 1]
    assert Path(f"{place}.cancel").exists()
    assert script.reaper.said == []
    assert script.steps == []


def test_a_click_on_the_button_cancels(script: Script) -> None:
    recording(script)
    script.answers["pitch"] = None
    script.window.picks = ["Correct pitch"]
    script.after = lambda: script.move_mouse(400, 60, down=True)
    script.run()
    words = script.question("pitch")
    assert Path(f"{words[words.index('--answer') + 1]}.cancel").exists()


def test_a_button_that_is_held_is_no_click(script: Script) -> None:
    recording(script)
    slowly(script, 5)
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.after = lambda: script.move_mouse(10, 10, down=True)  # pressed beside the button,
    draw = script.window.drawn

    class Dragged(list[str]):
        def append(self, text: str) -> None:
            draw.append(text)
            script.move_mouse(400, 60, down=True)  # and drawn onto it

    script.window.drawn = Dragged()
    script.run()
    assert len(script.taken) == 1


FAKE = """#!/bin/sh
word=$2
for last; do :; done
printf '%s\\n' "$@" > "$(dirname "$0")/$word.words"
case "$last" in *.json) ;; *) exit ;; esac
echo "0.5 working" > "$last.progress"
cp "$(dirname "$0")/$word.json" "$last.tmp"
mv "$last.tmp" "$last"
"""


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for bandmate is a shell script")
def test_a_real_process_is_asked(script: Script) -> None:
    """Nothing is stood in for between the script and the words that bandmate sees."""
    script.is_real = True
    script.command.write_text(FAKE)
    script.command.chmod(0o755)
    for word, said in {**script.answers, "chords": CHORDS}.items():
        (script.command.parent / f"{word}.json").write_text(json.dumps(said))
    script.window.picks = ["chords", "1. Way 1"]
    script.reaper.answers = [['it\'s "rainy" $HOME `id` & é', "", "8", "", ""]]
    script.run()
    assert landed(script) == [(60, 0.0, 1.0, 0), (64, 4.0, 8.0, 0)]
    words = (script.command.parent / "chords.words").read_text().split("\n")
    assert words[:2] == ["ask", "chords"]
    assert words[3:6] == ['--prompt=it\'s "rainy" $HOME `id` & é', "--bars=8", "--start"]


def test_files_of_a_question_are_put_away(script: Script) -> None:
    recording(script)
    script.answers["pitch"] = answer(suggestion(1, file="/made.wav"))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert list((script.folder / "project" / "bandmate").iterdir()) == []


def test_old_answers_are_put_away_and_nothing_else(script: Script) -> None:
    folder = script.folder / "project" / "bandmate"
    folder.mkdir(parents=True)
    old, new = int(time.time()) - 100_000, int(time.time())
    kept = [f"ask-{new}-5-1.json", f"ask-{old}-5-1.mid", "ask-1.json", "song.json", "take.wav"]
    for name in [*kept, f"ask-{old}-5-1.json", f"ask-{old}-5-2.json.cancel"]:
        (folder / name).write_text("")
    script.run()
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)


def test_windows_is_asked_without_a_shell(script: Script) -> None:
    script.reaper.os = "Win64"
    script.window.keys = [0, 0, 27]
    script.run()
    ((line, wait_ms),) = script.reaper.processes
    assert line.startswith(f'"{script.command}" ask stages --start --answer ')
    assert wait_ms == -2


def test_every_stage_of_the_menu_is_tested_here() -> None:
    assert set(STAGES) == {"chords", "melody", "pitch", "denoise", "mix", "master"}
