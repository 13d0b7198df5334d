"""Chord ideas: how soon the first comes, how little the voices move, how many differ.

``python -m bench.chords [--write]``. Peers are measured where they are installed: pychord builds
chords in root position, and the figured-bass realizer of music21 finds every four-part setting
that its rules allow, of which the smoothest is taken (three voices over the bass). Voice leading is
measured on the progressions of the shelf, in twelve keys; for music21 on diatonic ones in one key.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from itertools import pairwise, product
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from assistant.contract import Context, Request, Suggestion
from assistant.engine import run
from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import flat
from assistant.theory.harmony.roman import diatonic, realise
from assistant.theory.harmony.voicing import VOICES, movement, root_position, voice
from assistant.theory.ideas.library import open_library
from bench.report import publish, table
from bridge.presets import data, weights

Line: TypeAlias = list[Chord]
Voicings: TypeAlias = Sequence[tuple[int, ...]]

LOW, HIGH = 52, 76
SEEDS = 100
TIMED = 500
FEW = 50  # of requests that ask the models for hundreds of continuations
MUSIC21_LINES = 20

ASKED: dict[str, dict[str, object]] = {
    "nothing": {},
    "a prompt": {"prompt": "wistful, jazzy, rainy night"},
    "a key in a mode": {"key": "F# dorian"},
    "surprise 1": {"surprise": 1.0},
    "64 bars of jazz": {"bars": 64, "style": "jazz"},
    "guitar": {"instrument": "guitar", "style": "folk"},
    "four chords continued": {"chords": "C G Am F"},
    "bars 3-4 of eight anew": {"chords": "C G Am F C G Am F", "within": "3-4"},
    "all but bars 3-4 of eight anew": {"chords": "C G Am F C G Am F", "keep_bars": "3-4"},
}


def ask(seed: int, count: int, asked: dict[str, object]) -> list[Suggestion]:
    """Ask the engine for ideas."""
    request = Request("chords", None, asked, Context(seed, count, data, weights=weights))
    return [answer for answer in run(request) if isinstance(answer, Suggestion)]


def time_to_first(asked: dict[str, object]) -> list[float]:
    """Time the first idea of many seeds, warm, in this process.

    Returns
    -------
    list of float
        Milliseconds: p50 and p99 on the clock, then of CPU time (without waiting for the machine).
    """
    for seed in range(50):
        ask(seed, 1, asked)
    spent: list[tuple[float, float]] = []
    for seed in range(1_000, 1_000 + (FEW if "chords" in asked else TIMED)):
        clock, cpu = time.perf_counter(), time.process_time()
        ask(seed, 1, asked)
        spent.append((time.perf_counter() - clock, time.process_time() - cpu))
    return [float(1_000.0 * np.percentile(side, at)) for side in zip(*spent, strict=True)
            for at in (50, 99)]  # fmt: skip


def lines() -> list[Line]:
    """Take every progression of the shelf, each in one of twelve keys."""
    made: list[Line] = []
    for place, progression in enumerate(open_library(data).progressions):
        key = Key(place % 12 - 5, progression.family)
        made.append([realise(numeral, key) for numeral in flat(progression.bars)])
    return [line for line in made if len(line) > 1]


def by_root_position(line: Line) -> Voicings:
    """Stack every chord on its root."""
    return [root_position(chord, LOW, HIGH) for chord in line]


def by_nearest(line: Line) -> Voicings:
    """Go from each chord to the close inversion that is nearest: what a simple tool does."""
    voicings = [root_position(line[0], LOW, HIGH)]
    for chord in line[1:]:
        before = np.array(voicings[-1])
        voicings.append(min(closed(chord), key=lambda one: int(np.abs(one - before).sum())))
    return voicings


def closed(chord: Chord) -> list[tuple[int, ...]]:
    """List the close voicings of a chord in the range."""
    pitches = [pitch for pitch in range(LOW, HIGH + 1) if pitch % 12 in chord.pitch_classes]
    return list(zip(*(pitches[first:] for first in range(VOICES)), strict=False))


def by_bandmate(line: Line) -> Voicings:
    """Voice a progression as bandmate does."""
    return voice(line, LOW, HIGH)


def by_pychord(pychord: ModuleType) -> Callable[[Line], Voicings]:
    """Let pychord build each chord on its root, in the octave of the range; triads doubled."""
    octave = LOW // 12

    def build(line: Line) -> Voicings:
        voicings: list[tuple[int, ...]] = []
        for chord in line:
            symbol = Chord(chord.root, chord.kind).symbol
            named = pychord.Chord(symbol).components_with_pitch(root_pitch=octave)
            pitches = [pychord_pitch(name) for name in named]
            voicings.append((*pitches, pitches[0] + 12, *pitches[1:])[:VOICES])
        return voicings

    return build


def understood(pychord: ModuleType, line: Line) -> bool:
    """Tell whether pychord reads all symbols of a progression."""
    try:
        by_pychord(pychord)(line)
    except ValueError:
        return False
    return True


def pychord_pitch(name: str) -> int:
    """Read a note name with its octave, any accidental."""
    letters = name.rstrip("0123456789")
    fifth = spelling.read(letters)
    natural = spelling.pitch_class(spelling.read(letters[0]))
    shift = letters.count("#") - letters.count("b")
    assert (natural + shift) % 12 == spelling.pitch_class(fifth)
    return natural + shift + 12 * (int(name[len(letters) :]) + 1)


def led(how: Callable[[Line], Voicings], found: Sequence[Line]) -> list[object]:
    """Measure voice leading: movement, leaps, common tones held, milliseconds a progression."""
    moved: list[int] = []
    common = kept = 0
    spent = 0.0
    for line in found:
        before = time.process_time()
        voicings = how(line)
        spent += time.process_time() - before
        for (chord, low), (following, high) in pairwise(zip(line, voicings, strict=True)):
            steps = [abs(up - down) for down, up in zip(low, high, strict=True)]
            moved += steps
            if set(chord.pitch_classes) & set(following.pitch_classes):
                common += 1
                kept += 0 in steps
    leaps = 100.0 * sum(step > 2 for step in moved) / len(moved)
    return [float(np.mean(moved)), leaps, 100.0 * kept / common, 1_000.0 * spent / len(found)]


def by_music21(music21: Any) -> Callable[[Line], Voicings]:
    """Let music21 realise the roots as a figured bass, and take its smoothest setting."""
    realizer = importlib.import_module("music21.figuredBass.realizer")

    def build(line: Line) -> Voicings:
        figured = realizer.FiguredBassLine(music21.key.Key("C"), music21.meter.TimeSignature("4/4"))
        for chord in line:
            root = music21.note.Note(36 + chord.pitch_classes[0], type="whole")
            figured.addElement(root, "7" if len(chord.tones) > 3 else "")
        settings = figured.realize().getAllPossibilityProgressions()
        pitched = (
            [tuple(sorted(each.midi for each in parts[:-1])) for parts in setting]
            for setting in settings
        )
        return min(pitched, key=movement)

    return build


def diatonic_lines() -> list[Line]:
    """Take the first progressions that are made of triads and sevenths of C major alone."""
    key = Key(0)
    own = {diatonic(key, degree, seventh=seventh)
           for degree, seventh in product(range(1, 8), (False, True))}  # fmt: skip
    found = [
        [realise(numeral, key) for numeral in chords]
        for each in open_library(data).progressions
        if set(chords := flat(each.bars)) <= own and len(chords) == 4
    ]
    return found[:MUSIC21_LINES]


def peer(name: str) -> Any:
    """Import a peer, or return None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def differing(count: int) -> int:
    """Count the progressions that differ among the first `count` ideas of many seeds."""
    ideas = [idea for seed in range(SEEDS) for idea in ask(seed, count, {"key": "C"})]
    return len({" ".join(mark.roman for mark in idea.chords) for idea in ideas})


def main() -> None:
    """Measure and publish."""
    speed = table(
        ["asked", "p50 (ms)", "p99 (ms)", "CPU p50 (ms)", "CPU p99 (ms)"],
        [[name, *time_to_first(asked)] for name, asked in ASKED.items()],
    )
    shelf, few = lines(), diatonic_lines()
    ways: dict[str, tuple[Callable[[Line], Voicings], Sequence[Line]]] = {
        "bandmate": (by_bandmate, shelf),
        "nearest close inversion": (by_nearest, shelf),
        "root position": (by_root_position, shelf),
    }
    if pychord := peer("pychord"):
        known = [line for line in shelf if understood(pychord, line)]
        ways[f"pychord, root position, the {len(known)} it can read"] = (by_pychord(pychord), known)
    ways["bandmate, diatonic"] = (by_bandmate, few)
    if music21 := peer("music21"):
        ways["music21 realizer, diatonic, its smoothest"] = (by_music21(music21), few)
    leading = table(
        ["voiced by", "semitones a voice", "leaps (%)", "common tones held (%)",
         "CPU ms a progression"],
        [[name, *led(how, found)] for name, (how, found) in ways.items()],
    )  # fmt: skip
    ideas = table(
        ["ideas a seed", f"different progressions in {SEEDS} seeds, C major"],
        [[count, differing(count)] for count in (1, 3, 12)],
    )
    publish(
        "Chord ideas",
        f"Time to the first idea, warm, in one process ({TIMED} seeds):\n\n{speed}\n\n"
        f"Voice leading ({len(shelf)} progressions; diatonic: {len(few)}; a leap is more than a"
        f" whole tone):\n\n{leading}\n\n{ideas}",
    )


if __name__ == "__main__":
    main()
