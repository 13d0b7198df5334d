"""What is asked about the selection, and where notes land; in both Luas, without Ardour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mido
import pytest

from tests.bridge.daws.ardour.desk import QUESTION, VERSIONS, Script, desk, said
from tests.bridge.daws.lua_run import to_python


def file_of(folder: Path, notes: list[dict[str, int]]) -> str:
    song = mido.MidiFile(type=0, ticks_per_beat=1)
    song.tracks.append(mido.MidiTrack())
    now = 0
    for note in notes:
        for word, at in ("note_on", note["start"]), ("note_off", note["start"] + note["length"]):
            song.tracks[0].append(mido.Message(word, note=note["pitch"], time=at - now))
            now = at
    path = folder / "made.mid"
    song.save(path)
    return str(path)


@VERSIONS
@pytest.mark.parametrize(
    ("way", "begin", "at", "starts"),
    [
        ("", 0, 12.25, [0, 24]),
        ("vary", 24, 12.25, [0, 24]),
        ("continue", 0, 28.25, [0, 24]),
        ("continue", 24, 36.25, [0]),
    ],
)
@pytest.mark.parametrize("is_told", [True, False])
def test_only_what_is_new_lands_where_it_begins(
    version: str, tmp_path: Path, way: str, begin: int, at: float, starts: list[int], is_told: bool
) -> None:
    """The notes are told, or stand in a file; the song before them has 16 quarter notes."""
    script, asking, tick = desk(version, tmp_path)
    question = script.lua.eval(QUESTION)
    question.kind, question.stage, question.way, question.length = "notes", "melody", way, 16
    asking.begin(str(tmp_path), question, None, None)
    notes = [{"pitch": 60, "start": start, "length": 4} for start in (0, 24)]
    suggestion = {"n": 1, "chords": [{"start": begin, "length": 4, "symbol": "C"}]}
    suggestion |= {"notes": notes} if is_told else {"file": file_of(tmp_path, notes)}
    answer = json.dumps({"suggestions": [suggestion]})
    (tmp_path / "bandmate-pitch-1-2.json").write_text(answer)
    tick()
    assert said(script) == []
    values = script.lua.globals()
    landed, new = values.LANDED, to_python(values.NEW)
    assert landed == at
    assert [note["start"] for note in new] == starts


@VERSIONS
def test_notes_that_cannot_be_read_are_said_with_their_file(version: str, tmp_path: Path) -> None:
    script, asking, tick = desk(version, tmp_path)
    question = script.lua.eval(QUESTION)
    question.kind, question.stage = "notes", "melody"
    asking.begin(str(tmp_path), question, None, None)
    answer = json.dumps({"suggestions": [{"n": 1, "file": "/x/gone.mid"}]})
    (tmp_path / "bandmate-pitch-1-2.json").write_text(answer)
    tick()
    told = "The notes cannot be read: there is no file What was made is in /x/gone.mid"
    assert said(script) == [told]


SELECTED = """
    local function none () end
    SESSION = {
      place = function () return { quarter = 9 } end, bar = function () return 8 end,
      clock = function () return { tempo = 120, meter = { 4, 4 } } end,
      selected = function () return NOTES and { {} } or {}, NOTES and {} or { {} } end,
      midi_track = none, tune = function () return { notes = NOTES } end,
      song = function ()
        return { path = "/x/take.wav", cut = "0-8", quarter = 8, quarters = QUARTERS }
      end,
    }
    WINDOW = {
      say = function (text) error (text, 0) end,
      form = function (title, fields)
        FORM = fields[1]
        return { way = WAY, prompt = "", key = "", shown = true }
      end,
    }
"""


def ask_about(script: Script, asking: Any, stage: str, **chosen: Any) -> Any:
    """Ask about what is selected; returns the question of the form that the musician saw."""
    script.lua.execute(SELECTED)
    values = script.lua.globals()
    for name, value in chosen.items():
        values[name] = script.lua.table_from(value, recursive=True) if name == "NOTES" else value
    pieces = [script.piece(name) for name in ("waiting", "smf", "ideas")]
    actions = script.piece("actions", values.SESSION, asking, pieces[0], values.WINDOW, *pieces[1:])
    actions[stage](stage)
    return to_python(values.FORM)


def chord(start: float, length: float) -> list[dict[str, float]]:
    return [{"pitch": pitch, "start": start, "length": length} for pitch in (60, 64, 67)]


@VERSIONS
@pytest.mark.parametrize(
    "selected",
    [
        {"NOTES": chord(0, 8) + chord(8, 8)},
        {"NOTES": chord(0, 8) + chord(8, 8.5)},
        {"QUARTERS": 16.0},
        {"QUARTERS": 16.5},
    ],
)
def test_what_goes_on_leaves_no_empty_bar_where_the_song_hangs_over(
    version: str, tmp_path: Path, selected: dict[str, Any]
) -> None:
    """Four bars from the quarter note 8 on; the last sound ends on the bar line, or soon after."""
    script, asking, tick = desk(version, tmp_path)
    ask_about(script, asking, "chords", WAY="continue", **selected)
    (waits,) = to_python(script.piece("waiting").read(str(tmp_path)))
    answer = json.dumps({"suggestions": [{"n": 1, "notes": chord(0, 4)}]})
    (tmp_path / f"bandmate-{waits['key']}.json").write_text(answer)
    tick()
    assert said(script) == []
    landed = script.lua.globals().LANDED
    assert landed == 8 + 16


@VERSIONS
@pytest.mark.parametrize(
    ("stage", "selected", "likeliest"),
    [
        ("chords", {"NOTES": chord(0, 4)}, "continue"),
        ("melody", {"NOTES": chord(0, 4)}, "new"),
        ("chords", {"NOTES": chord(0, 4)[:1]}, "harmonise"),
        ("melody", {"NOTES": chord(0, 4)[:1]}, "continue"),
        ("chords", {"QUARTERS": 4.0}, "harmonise"),
        ("melody", {"QUARTERS": 4.0}, "new"),
    ],
)
def test_what_is_likeliest_wanted_is_proposed_first(
    version: str, tmp_path: Path, stage: str, selected: dict[str, Any], likeliest: str
) -> None:
    script, asking, _ = desk(version, tmp_path)
    field = ask_about(script, asking, stage, WAY="vary", **selected)
    assert field["values"][field["default"]] == likeliest
    assert len(field["values"]) == 3
    (waits,) = to_python(script.piece("waiting").read(str(tmp_path)))
    assert waits["way"] == "vary"
