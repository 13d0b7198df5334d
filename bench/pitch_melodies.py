"""What the takes of the pitch bench are meant to be: melodies of several kinds, all in a key.

Walks over the scale, phrases in the manner of folk songs, and tunes of POP909's ``valid`` part
where ``BANDMATE_TEST_DATA`` names the folder that holds it.
"""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

__all__ = ["MODES", "TONICS", "Melody", "melody"]

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}

_CORPUS = "corpora/pop909-train-valid.json.gz"
_SHORTEST_BEATS = 0.5
_RESTS = 0.6  # of the ends of phrases
# Pairs and triples of beats that phrases of folk songs are built of.
_RHYTHMS = ((1.0, 1.0), (0.5, 0.5, 1.0), (1.5, 0.5), (2.0,), (1.0, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5))
_STEPS, _STEP_CHANCES = (-4, -3, -2, -1, 0, 1, 2, 3, 4), (2, 4, 12, 28, 8, 28, 12, 4, 2)

Line = list[tuple[float, float, int]]
"""Start and length in beats, and pitch in semitones above the tonic."""


@dataclass(frozen=True, slots=True)
class Melody:
    """Notes that are meant: start and length in beats, and pitch above the tonic, in semitones."""

    source: str
    mode: str
    line: tuple[tuple[float, float, int], ...]


def melody(rng: np.random.Generator, count: int) -> Melody:
    """Write or find a melody of `count` notes, all of them in its scale."""
    kinds = ["walk", "folk", "pop"] if _songs() else ["walk", "folk"]
    kind = kinds[rng.integers(len(kinds))]
    if kind == "pop":
        songs = _songs()
        for place in rng.permutation(len(songs)):
            mode, line = songs[place]
            found = _window(line, MODES[mode], count, rng)
            if found:
                return Melody("pop", mode, tuple(found))
    mode = str(rng.choice(["major", "minor", "dorian", "mixolydian"], p=[0.45, 0.35, 0.1, 0.1]))
    degrees = _folk(rng, count) if kind == "folk" else _walk(rng, count)
    steps = MODES[mode]
    line = [(at, long, 12 * (d // 7) + steps[d % 7]) for at, long, d in degrees]
    return Melody(kind, mode, tuple(line))


def _walk(rng: np.random.Generator, count: int) -> Line:
    """Walk over the scale, mostly by steps."""
    line: Line = []
    at, degree = 0.0, int(rng.choice([0, 2, 4]))
    chances = np.array(_STEP_CHANCES) / sum(_STEP_CHANCES)
    for place in range(count):
        long = float(rng.choice([0.5, 0.75, 1.0, 1.5, 2.0], p=[0.3, 0.1, 0.4, 0.1, 0.1]))
        line.append((at, long, degree))
        rest = 1.0 if place % 8 == 7 and rng.random() < _RESTS else 0.0
        at += long + rest
        degree = int(np.clip(degree + rng.choice(_STEPS, p=chances), -3, 9))
    return line


def _folk(rng: np.random.Generator, count: int) -> Line:
    """Build phrases A A' B A: each rises and falls in an arc and ends on a degree of rest."""
    phrases = {name: _phrase(rng, peak) for name, peak in (("A", 5), ("B", 8), ("C", 6))}
    line: Line = []
    at = 0.0
    for name in "AABACABA" * (count // 24 + 1):
        phrase = phrases[name]
        close = 0 if rng.random() < 0.5 else int(rng.choice([1, 2, 4]))
        for place, (long, degree) in enumerate(phrase):
            line.append((at, long, close if place == len(phrase) - 1 else degree))
            at += long
        at += 1.0 if rng.random() < _RESTS else 0.0
    return line[:count]


def _phrase(rng: np.random.Generator, peak: int) -> list[tuple[float, int]]:
    lengths = [each for _ in range(4) for each in _RHYTHMS[rng.integers(len(_RHYTHMS))]]
    arc = np.sin(np.pi * np.linspace(0.1, 0.9, len(lengths)))
    low = int(rng.choice([-3, 0, 0, 2]))
    degrees = np.round(low + (peak - low) * arc + rng.normal(0.0, 0.9, len(lengths)))
    lengths[-1] = 2.0
    return [(long, int(degree)) for long, degree in zip(lengths, degrees, strict=True)]


@lru_cache
def _songs() -> tuple[tuple[str, Line], ...]:
    folder = os.environ.get("BANDMATE_TEST_DATA")
    if not folder or not (Path(folder) / _CORPUS).exists():
        return ()
    corpus = json.loads(gzip.decompress((Path(folder) / _CORPUS).read_bytes()))
    songs = []
    for name in corpus["split"]["valid"]:
        song = corpus["songs"][name]
        line: Line = []
        at = 0.0
        for pitch, sixteenths in song["melody"]:
            if pitch:
                line.append((at, sixteenths / 4.0, int(pitch)))
            at += sixteenths / 4.0
        line = [(start, long, pitch - 60 - song["tonic"]) for start, long, pitch in line]
        songs.append(("major" if song["mode"].startswith("maj") else "minor", line))
    return tuple(songs)


def _window(line: Line, steps: tuple[int, ...], count: int, rng: np.random.Generator) -> Line:
    """Find notes in a row that all belong to the scale and are long enough to be sung."""
    line = [note for note in line if note[1] >= _SHORTEST_BEATS or rng.random() < 0.3]
    fits = np.array([pitch % 12 in steps for _, _, pitch in line])
    starts = [i for i in range(len(line) - count) if fits[i : i + count].all()]
    if not starts:
        return []
    first = int(rng.choice(starts))
    found: Line = []
    at = 0.0
    for place in range(first, first + count):
        start, long, pitch = line[place]
        gap = min(1.0, start - line[place - 1][0] - line[place - 1][1]) if place > first else 0.0
        at += max(gap, 0.0)
        found.append((at, max(long, _SHORTEST_BEATS), pitch))
        at += max(long, _SHORTEST_BEATS)
    return found
