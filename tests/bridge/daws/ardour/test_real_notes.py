"""Chords and melodies in a real Ardour, through the installed script and a real daemon."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import mido
import pytest

from tests.bridge.daws.ardour.studio import MARKS, TICKS, Studio, notes_of

pytestmark = MARKS

WHOLE, GOAL_SECONDS = "from the request to notes in the session", 1.0
TUNE = (69, 71, 72, 71, 69, 67, 69, 64, 65, 69, 67, 65, 64, 62, 64, 69)
CHORDS = ((57, 60, 64), (53, 57, 60), (55, 59, 62), (52, 56, 59))


@pytest.fixture(autouse=True)
def _empty(studio: Studio) -> None:
    """Every test begins with an empty MIDI track, at the start of a song in 4/4."""
    studio.ardour.lua("TEST.clear ('Keys') TEST.set_clock (120, 4, 4) TEST.locate (0)")
    studio.ardour.until(lambda: studio.ardour.lua("return Session:transport_sample ()") == "0")


def test_chords_land_as_a_midi_region_with_the_notes_of_the_suggestion(studio: Studio) -> None:
    studio.ardour.lua("TEST.select_track ('Keys')")
    assert studio.act("Suggest chords").startswith("landed: suggest chords")
    made = studio.suggestion()
    assert made.parent == studio.ardour.session / "export"
    assert studio.notes("Keys") == sorted(notes_of(made))
    studio.ardour.undo()
    assert studio.regions("Keys") == []


def test_notes_are_in_the_session_within_a_second(studio: Studio) -> None:
    """The median of several, as other programs may hold one of them up; each part is told."""
    studio.ardour.lua("TEST.select_track ('Keys')")
    asked = [_timed(studio) for _ in range(5)]
    for part in asked[0]:
        told = ", ".join(f"{1000 * one[part]:4.0f}" for one in asked)
        sys.stdout.write(f"\n{part:42} {told} ms")
    sys.stdout.write("\n")
    assert statistics.median(one[WHOLE] for one in asked) < GOAL_SECONDS


def _timed(studio: Studio) -> dict[str, float]:
    """Ask for chords; return how long each part took, in seconds."""
    root, session = studio.root, studio.ardour.session
    told, waiting = root / "told.json", session / "bandmate.waiting"
    client = f"'{sys.executable}' -m bridge \"$@\" --port {studio.daemon.port} --json > '{told}'"
    studio.way(
        f"[ \"$2\" = taken ] && exit\ndate +%s%N > '{root}/begun'\ncd '{Path.cwd()}'\n{client}\n"
        f"date +%s%N > '{root}/ended'"
    )
    for old in (root / "begun", root / "ended"):
        old.unlink(missing_ok=True)
    time.sleep(0.5)  # Ardour stands still for 0.2 s after it has told what was taken
    lines = len(studio.log())
    asked = time.time()
    studio.ardour.action("bandmate: Suggest chords")
    studio.ardour.until(waiting.exists)
    studio.ardour.until(lambda: not waiting.exists())
    noticed = time.time()
    studio.ardour.until(lambda: len(studio.log()) > lines)
    landed = time.time()
    studio.ardour.until(lambda: (root / "ended").exists() and (root / "ended").read_text())
    begun, ended = (int((root / name).read_text()) / 1e9 for name in ("begun", "ended"))
    stage = json.loads(told.read_text())["seconds"]
    return {
        "Ardour runs the script, bandmate starts": begun - asked,
        "bandmate asks, and hears (without the stage)": ended - begun - stage,
        "the stage": stage,
        "the script notices": noticed - ended,
        "the notes land": landed - noticed,
        WHOLE: landed - asked,
    }


def test_without_a_track_notes_land_on_a_new_one(studio: Studio) -> None:
    studio.ardour.lua("Editor:get_selection ():clear_all ()")
    assert studio.act("Suggest chords").startswith("landed: suggest chords")
    assert studio.notes("bandmate") == sorted(notes_of(studio.suggestion()))


def test_tempo_metre_and_bar_are_those_of_the_session(studio: Studio) -> None:
    program = studio.ardour
    program.lua("TEST.set_clock (90, 3, 4) TEST.locate (5)")
    program.until(lambda: program.lua("return Session:transport_sample ()") == "240000")
    program.lua("TEST.select_track ('Keys')")
    assert studio.act("Suggest chords").startswith("landed: suggest chords")
    asked = next(line for line in studio.all_asked()[::-1] if "ask chords" in line)
    assert "--tempo=90 --meter=3/4" in asked
    assert program.lua("return TEST.quarters ('Keys')").startswith("6.00 ")  # 5 s are 7.5
    assert studio.notes("Keys") == sorted(notes_of(studio.suggestion()))


def _place(studio: Studio, chords: list[tuple[int, ...]], seconds: float) -> list[str]:
    """Put four bars on the MIDI track and select them; returns their notes as Ardour counts."""
    song = mido.MidiFile(type=0, ticks_per_beat=TICKS)
    track = mido.MidiTrack()
    song.tracks.append(track)
    for pitches in chords:
        track += [mido.Message("note_on", note=pitch, velocity=80, time=0) for pitch in pitches]
        wait = 16 * TICKS // len(chords)
        for pitch in pitches:
            track.append(mido.Message("note_off", note=pitch, time=wait))
            wait = 0
    path = studio.root / "context.mid"
    song.save(path)
    studio.ardour.lua(f"TEST.import ('{path}', 'Keys', {seconds})")
    studio.select("Keys")
    return notes_of(path)


def _ask(studio: Studio, title: str) -> tuple[list[str], str]:
    """Ask about the selection; returns the notes that bandmate was given, and what it was to do."""
    given = studio.root / "given.mid"
    studio.open_way(f'[ -f "$3" ] && cp "$3" \'{given}\'')
    assert studio.act(f"Suggest {title}").startswith(f"landed: suggest {title}"), studio.log()[-1]
    asked = next(line for line in studio.all_asked()[::-1] if "--do=" in line)
    return notes_of(given), asked.partition("--do=")[2].split()[0]


def _moved(notes: list[str], ticks: int) -> list[str]:
    """Return the notes that begin at so many ticks or later, so much earlier."""
    split = [note.split(" ", 1) for note in notes]
    return sorted(f"{int(at) - ticks} {rest}" for at, rest in split if int(at) >= ticks)


@pytest.mark.parametrize(
    ("title", "chords", "does", "lands_at", "after"),
    [
        ("chords", CHORDS, "continue", 20, 0),
        ("chords", tuple((one,) for one in TUNE), "harmonise", 4, 0),
        ("a melody", tuple((one,) for one in TUNE), "continue", 24, 20),
        ("a melody", CHORDS, "new", 4, 0),
    ],
)
def test_a_selected_region_is_listened_to(
    studio: Studio, title: str, chords: list[tuple[int, ...]], does: str, lands_at: int, after: int
) -> None:
    """It begins on the second beat of the second bar, and lasts four bars.

    The last chord only hangs over into the bar in which the last note of the tune begins.
    """
    tune = _place(studio, chords, 2.5)
    (theirs,) = studio.regions("Keys")
    given, done = _ask(studio, title)
    assert sorted(given) == _moved(tune, -TICKS)
    assert done == does
    place = 1 + [region == theirs for region in studio.regions("Keys")].index(False)
    quarters = studio.ardour.lua("return TEST.quarters ('Keys')").splitlines()
    assert quarters[place - 1].split()[0] == f"{lands_at:.2f}"
    made = _moved(notes_of(studio.suggestion()), after * TICKS)
    if does == "harmonise":  # it is told with the melody, which is there already
        made = sorted(set(made) - set(given))
    assert studio.notes("Keys", place) == made
    studio.ardour.undo()
    assert studio.regions("Keys") == [theirs]


def test_a_selected_recording_is_listened_to_from_its_first_bar_line(studio: Studio) -> None:
    """It begins a beat before the bar line that 8 s are."""
    program = studio.ardour
    program.lua(f"TEST.import ('{studio.root}/take.wav', 'Vocal', 7.5)")
    words = "local all = TEST.regions ('Vocal') return tostring (TEST.select_region (all[#all]))"
    program.until(lambda: program.lua(words) == "true")
    assert studio.act("Suggest chords").startswith("landed: suggest chords"), studio.log()[-1]
    asked = next(line for line in studio.all_asked()[::-1] if "ask chords" in line)
    assert "--do=harmonise" in asked
    assert "--cut=0.500000-4.000000 --tempo=120 --meter=4/4" in asked
    tracks = program.lua("return TEST.names ('bandmate')").split("|")
    assert program.lua(f"return TEST.quarters ('{tracks[-1]}')").startswith("16.00 ")
    program.lua("local all = TEST.regions ('Vocal') TEST.remove (all[#all])")
