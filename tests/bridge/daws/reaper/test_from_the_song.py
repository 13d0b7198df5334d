"""Chords and melodies that are asked for from what is selected: what goes along, and what lands."""

import io
from pathlib import Path
from typing import Any

import mido
import pytest

from tests.bridge.daws.reaper.conftest import Script
from tests.bridge.daws.reaper.songs import (
    CHORDS,
    answer,
    clip,
    landed,
    note,
    recording,
    suggestion,
)
from tests.bridge.daws.reaper.things import TICKS, Item, Source, Take

TUNE = ((60, 16.0, 18.0), (62, 18.0, 20.0), (64, 20.0, 23.0))
TRIADS = ((60, 16.0, 20.0), (64, 16.0, 20.0), (67, 16.0, 20.0), (59, 20.0, 24.0), (62, 20.0, 24.0))


def submenu(script: Script, title: str) -> list[str]:
    """List what the first menu offers under a title."""
    entries = script.window.menus[0]
    after = entries[entries.index(f">{title}") + 1 :]
    last = next(place for place, entry in enumerate(after) if entry.startswith("<"))
    return [*after[:last], after[last].removeprefix("<")]


def played(script: Script, stage: str) -> list[tuple[int, float]]:
    """Read the file that went along: (pitch, start in quarters)."""
    song = mido.MidiFile(file=io.BytesIO(Path(script.question(stage)[1]).read_bytes()))
    found, tick = [], 0
    for message in song.tracks[0]:
        tick += message.time
        if message.type == "note_on":
            found.append((message.note, tick / song.ticks_per_beat))
    return found


# ---------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("notes", "chords", "melody"),
    [
        (
            TUNE,
            ["Harmonise its melody", "Go on from it", "Vary it"],
            ["Go on from it", "Vary it", "A new tune over it"],
        ),
        (
            TRIADS,
            ["Go on from it", "Vary it", "Harmonise its melody"],
            ["A new tune over it", "Go on from it", "Vary it"],
        ),
    ],
)
def test_what_is_likeliest_wanted_comes_first(
    script: Script, notes: tuple[Any, ...], chords: list[str], melody: list[str]
) -> None:
    clip(script, *notes)
    script.run()
    assert submenu(script, "Suggest chords") == chords
    assert submenu(script, "Suggest a melody") == melody


def test_a_recording_is_harmonised_and_gets_a_tune_over_it(script: Script) -> None:
    recording(script)
    script.run()
    assert submenu(script, "Suggest chords")[0] == "Harmonise its melody"
    assert submenu(script, "Suggest a melody")[0] == "A new tune over it"


def test_an_item_without_notes_asks_out_of_nothing(script: Script) -> None:
    clip(script)
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords", "1. Way 1"]
    script.run()
    assert script.window.menus[0][0] == "Suggest chords"
    assert "do" not in script.settings("chords")
    assert landed(script)[0][1] == 16.0


# ---------------------------------------------------------------------- what goes along


def test_selected_notes_go_along_as_a_midi_file(script: Script) -> None:
    # It lies from 16 to 24 quarters: one note begins before it, one ends after it, one is muted.
    item = clip(script, (59, 15.0, 17.0), (60, 17.0, 18.0), (64, 18.0, 30.0), (65, 18.0, 19.0))
    item.take.notes[-1] = (True, *item.take.notes[-1][1:])
    script.answers["melody"] = CHORDS
    script.window.picks = ["Suggest a melody > Vary it", "1. Way 1"]
    script.run()
    song = mido.MidiFile(file=io.BytesIO(Path(script.question("melody")[1]).read_bytes()))
    assert played(script, "melody") == [(60, 1.0), (64, 2.0)]
    assert song.length == pytest.approx(8 / 2)  # 8 quarters at 120
    assert script.reaper.forms == [("Suggest a melody", ["", "A minor"])]  # the file has the tempo
    assert script.settings("melody")["do"] == "vary"
    assert landed(script)[0][1] == 16.0


def test_notes_within_a_bar_are_told_from_their_bar_line_on(script: Script) -> None:
    clip(script, (60, 18.0, 19.0), (62, 19.0, 20.0), position=9.0).length = 3.0
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    assert played(script, "chords") == [(60, 2.0), (62, 3.0)]
    assert landed(script)[0][1] == 16.0


def test_a_recording_goes_along_with_its_range_tempo_and_metre(script: Script) -> None:
    item = recording(script, D_STARTOFFS=2.0)
    item.length = 5.5
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    told = script.settings("chords")
    assert told["cut"] == "2.000000-7.500000"
    assert (told["tempo"], told["meter"], told["do"]) == ("120", "4/4", "harmonise")
    assert landed(script)[0][1] == 8.0  # where the recording begins


@pytest.mark.parametrize(
    ("position", "length", "cut", "quarter"),
    [
        (4.0, 5.0, "2.000000-7.000000", 8.0),  # on a bar line
        (4.03, 5.0, "2.000000-7.000000", 8.0),  # as good as on one
        (4.5, 5.0, "3.500000-7.000000", 12.0),  # from the next one on
        (4.5, 1.0, "2.000000-3.000000", 8.0),  # there is none in it
    ],
)
def test_a_recording_is_told_from_its_first_bar_line_on(
    script: Script, position: float, length: float, cut: str, quarter: float
) -> None:
    item = recording(script, D_STARTOFFS=2.0)
    item.position, item.length = position, length
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    assert script.settings("chords")["cut"] == cut
    assert landed(script)[0][1] == quarter


@pytest.mark.parametrize(
    ("way", "filled"),
    [
        ("Go on from it", ["", "", "8"]),
        ("Vary it", ["", ""]),
        ("A new tune over it", ["", "", "5"]),  # 10 s at 120 are 20 quarters
    ],
)
def test_bars_are_asked_for_where_they_mean_something(
    script: Script, way: str, filled: list[str]
) -> None:
    recording(script)
    script.window.picks = [f"Suggest a melody > {way}"]
    script.reaper.answers = [None]
    script.run()
    assert script.reaper.forms == [("Suggest a melody", filled)]


# ---------------------------------------------------------------------- what lands


def test_a_tune_that_goes_on_lands_without_the_song_before_it(script: Script) -> None:
    clip(script, *TUNE)
    theirs = [note(pitch, start - 16.0, end - start, "melody") for pitch, start, end in TUNE]
    new = [
        note(65, 8.0, 2.0, "melody"),
        note(48, 8.0, 4.0, "chords"),
        note(67, 10.0, 2.0, "melody"),
    ]
    chords = [{"start": 8.0, "length": 4.0, "symbol": "F"}]
    script.answers["melody"] = answer(suggestion(1, notes=[*theirs, *new], chords=chords))
    script.window.picks = ["Suggest a melody > Go on from it", "1. Way 1"]
    script.run()
    assert script.settings("melody")["do"] == "continue"
    assert [(pitch, start) for pitch, start, _, _ in landed(script)] == [
        (65, 24.0),
        (48, 24.0),
        (67, 26.0),
    ]
    assert script.reaper.items[-1].position == 12.0


def test_chords_that_go_on_land_after_the_song(script: Script) -> None:
    clip(script, *TRIADS)
    script.answers["chords"] = CHORDS  # told alone, from 0 on
    script.window.picks = ["Suggest chords > Go on from it", "1. Way 1"]
    script.run()
    assert [start for _, start, _, _ in landed(script)] == [24.0, 28.0]


def test_chords_that_go_on_from_a_recording_land_at_its_end(script: Script) -> None:
    recording(script).length = 9.4  # from 8 to 26.8 quarters: the bar ends at 28
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Go on from it", "1. Way 1"]
    script.run()
    assert [start for _, start, _, _ in landed(script)] == [28.0, 32.0]


def test_chords_for_a_melody_land_without_it(script: Script) -> None:
    clip(script, *TUNE)
    theirs = [note(pitch, start - 16.0, end - start, "melody") for pitch, start, end in TUNE]
    script.answers["chords"] = answer(
        suggestion(1, notes=[note(48, 0.0), note(52, 4.0), *theirs], chords=[{"start": 0.0}])
    )
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    assert [(pitch, start) for pitch, start, _, _ in landed(script)] == [(48, 16.0), (52, 20.0)]


def test_what_holds_nothing_new_is_said(script: Script) -> None:
    clip(script, *TUNE)
    script.answers["chords"] = answer(suggestion(1, notes=[note(60, 0.0, track="melody")]))
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    assert "no notes" in script.reaper.said[0]
    assert script.steps == []


def test_notes_do_not_land_on_the_track_of_the_recording(script: Script) -> None:
    recording(script)
    script.reaper.selected_track = script.reaper.tracks[0]  # as REAPER selects it with the item
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Harmonise its melody", "1. Way 1"]
    script.run()
    assert [track.name for track in script.reaper.tracks] == ["take.wav", "bandmate"]
    assert landed(script)[0][1] == 8.0


def test_notes_win_where_a_recording_is_selected_too(script: Script) -> None:
    recording(script)  # from 4 s on
    clip(script, *TUNE)
    script.answers["melody"] = CHORDS
    script.window.picks = ["Suggest a melody > Vary it", "1. Way 1"]
    script.run()
    assert played(script, "melody") == [(60, 0.0), (62, 2.0), (64, 4.0)]
    assert landed(script)[0][1] == 16.0


def test_what_was_sung_may_land_as_notes(script: Script) -> None:
    recording(script)
    script.answers["pitch"] = answer(suggestion(1, notes=[note(60, 1.0)]))
    script.window.picks = ["Correct pitch", "1. Way 1"]
    script.run()
    assert landed(script) == [(60, 9.0, 10.0, 0)]


def test_bars_are_those_of_the_metre(script: Script) -> None:
    script.reaper.meter = (3, 4)
    item = Item(6.0, 3.0, [Take(Source(), is_midi=True)])  # from 12 to 18 quarters
    item.take.notes = [(False, 13 * TICKS, 17 * TICKS, 0, 60, 80)]
    script.reaper.track("keys", item)
    script.reaper.selected.append(item)
    script.answers["chords"] = CHORDS
    script.window.picks = ["Suggest chords > Go on from it", "1. Way 1"]
    script.run()
    assert landed(script)[0][1] == 18.0
