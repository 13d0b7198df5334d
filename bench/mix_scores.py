"""What the mix bench has played: chords and tunes of POP909, to drums of Groove MIDI, part by part.

Tunes of its `train` songs are for development, those of `valid` for what is reported.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from assistant.material import Note, Score, Tempo, Track
from bridge.midi.reading import score_from_bytes

__all__ = ["DRUM_KEYS", "PLAYERS", "Piece", "part"]

Dice: TypeAlias = np.random.Generator
Chord: TypeAlias = tuple[float, float, int, tuple[int, ...]]
"""Start and length in beats, pitch class of the root, and what stands above it in semitones."""

SECONDS = 24.0
BAR_BEATS = 4.0
STRAY_SECONDS = 0.008  # of a player's hand, one standard deviation

DRUM_KEYS: Mapping[str, tuple[int, ...]] = {
    "kick": (35, 36),
    "snare": (37, 38, 39, 40),
    "hats": (42, 44, 46),
    "toms": (41, 43, 45, 47, 48, 50),
    "cymbals": (49, 51, 52, 53, 55, 57, 59),
}
_GENERAL_MIDI = {22: 42, 26: 46, 58: 43}  # edges and rims that only those electronic drums have

_POP909 = "corpora/pop909-train-valid.json.gz"
_GROOVE = "corpora/groove-midi.tar.gz"
_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_DEGREE = re.compile(r"([b#]?)([IV]+)")
_QUALITIES = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "min7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11), "sus2": (0, 2, 7), "sus4": (0, 5, 7), "dim": (0, 3, 6),
    "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9), "hdim7": (0, 3, 6, 10), "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8), "minmaj7": (0, 3, 7, 11),
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """What is played.

    Parameters
    ----------
    name : str
        Of the song.
    tune : str
        A song of POP909.
    drums : str
        A take of Groove MIDI: ``"drummer7/session2/8_rock-95_beat_4-4"``; its tempo is kept.
    programs : mapping of str to int
        General MIDI program of each of `PLAYERS` that plays.
    seed : int
        Of all that is left to chance.
    vocal : tuple of (str, float, float), optional
        A recording, and from which second to which: sung in place of the tune.
    """

    name: str
    tune: str
    drums: str
    programs: Mapping[str, int]
    seed: int
    vocal: tuple[str, float, float] | None = None

    @property
    def bpm(self) -> float:
        """Beats a minute, as the drummer played."""
        return float(self.drums.split("_")[2])

    @property
    def beats(self) -> float:
        """Length in beats."""
        return SECONDS * self.bpm / 60.0

    def dice(self, word: str) -> Dice:
        """Return the chance of one part."""
        return np.random.default_rng([8, self.seed, *word.encode()])


def part(piece: Piece, name: str) -> Score:
    """Write what one player plays.

    Parameters
    ----------
    piece : Piece
        Of the song.
    name : str
        A key of `DRUM_KEYS` or of `PLAYERS`.

    Returns
    -------
    Score
        Of one track, `Piece.beats` long at most; the same for the same piece.
    """
    drums = name in DRUM_KEYS
    notes = list(_drums(piece, name)) if drums else PLAYERS[name](piece, piece.dice(name))
    kept = [
        Note(note.pitch, max(note.start, 0.0), min(note.length, piece.beats - note.start),
             note.velocity)
        for note in notes
        if note.start < piece.beats
    ]  # fmt: skip
    kept.sort(key=lambda note: (note.start, note.pitch))
    program = 0 if drums else piece.programs[name]
    return Score((Track(name, tuple(kept), program, drums),), (Tempo(0.0, piece.bpm),))


def _drums(piece: Piece, name: str) -> Iterator[Note]:
    (track,) = _taken(piece.drums).tracks
    first = 2.0 * BAR_BEATS  # what comes before may be a count-in
    for note in track.notes:
        key = _GENERAL_MIDI.get(int(note.pitch), int(note.pitch))
        if key in DRUM_KEYS[name] and note.start >= first:
            yield Note(key, note.start - first, note.length, note.velocity)


def _bass(piece: Piece, dice: Dice) -> list[Note]:
    """Play roots, in quarters or in eighths."""
    step = float(dice.choice([0.5, 1.0]))
    notes = []
    for start, length, root, _ in _chords(piece):
        pitch = 28 + (root - 28) % 12
        for beat in np.arange(start, start + length - 1e-6, step):
            long = 0.9 * min(step, start + length - beat)
            notes.append(Note(pitch, beat, long, int(dice.integers(85, 105))))
    return notes


def _guitar(piece: Piece, dice: Dice) -> list[Note]:
    """Strum in eighths, some of them left out; no two takes are alike."""
    notes = []
    for start, length, root, above in _chords(piece):
        pitches = _voiced(root, above, 52)
        for beat in np.arange(start, start + length - 1e-6, 0.5):
            if beat % 1.0 and dice.random() < 0.35:
                continue
            velocity = int(dice.integers(70, 95))
            late = _stray(piece, dice) + 0.012 * np.arange(len(pitches))
            notes += [Note(pitch, max(0.0, beat + delay), 0.45, velocity)
                      for pitch, delay in zip(pitches, late, strict=True)]  # fmt: skip
    return notes


def _keys(piece: Piece, dice: Dice) -> list[Note]:
    """Play each chord anew at every half note."""
    notes = []
    for start, length, root, above in _chords(piece):
        for beat in np.arange(start, start + length - 1e-6, 2.0):
            long = 0.95 * min(2.0, start + length - beat)
            for pitch in _voiced(root, above, 60):
                place = max(0.0, beat + _stray(piece, dice))
                notes.append(Note(pitch, place, long, int(dice.integers(65, 90))))
    return notes


def _pad(piece: Piece, dice: Dice) -> list[Note]:
    """Hold each chord."""
    return [
        Note(pitch, start, length, int(dice.integers(70, 80)))
        for start, length, root, above in _chords(piece)
        for pitch in _voiced(root, above, 57)
    ]


def _arpeggio(piece: Piece, dice: Dice) -> list[Note]:
    """Break each chord in eighths, up and down over an octave."""
    notes = []
    for start, length, root, above in _chords(piece):
        pitches = _voiced(root, above, 69)
        rising = [*pitches, pitches[0] + 12, *reversed(pitches[1:])]
        for place, beat in enumerate(np.arange(start, start + length - 1e-6, 0.5)):
            pitch = rising[place % len(rising)]
            notes.append(Note(pitch, beat, 0.4, int(dice.integers(60, 95))))
    return notes


def _lead(piece: Piece, dice: Dice) -> list[Note]:
    first = _first_beat(piece)
    return [
        Note(pitch, start - first, 0.95 * length, int(dice.integers(80, 110)))
        for start, length, pitch in _tune(piece.tune)
        if start >= first
    ]


PLAYERS: Mapping[str, Callable[[Piece, Dice], list[Note]]] = {
    "bass": _bass,
    "guitar": _guitar,
    "keys": _keys,
    "pad": _pad,
    "synth": _arpeggio,
    "lead": _lead,
}
"""Who plays besides the drums."""


def _stray(piece: Piece, dice: Dice) -> float:
    """Be a little early or late, in beats."""
    return float(dice.normal(0.0, STRAY_SECONDS)) * piece.bpm / 60.0


def _voiced(root: int, above: tuple[int, ...], lowest: int) -> list[int]:
    """Put the notes of a chord within the octave above a pitch."""
    return sorted(lowest + (root + step - lowest) % 12 for step in above)


def _chords(piece: Piece) -> Iterator[Chord]:
    """Walk through the chords that the song has from its first beat on."""
    song = _corpus()[piece.tune]
    first = _first_beat(piece)
    ends = np.cumsum([0.0, *(beats for _, beats in song["seg"])])
    for (symbol, _), (begun, ended) in zip(song["seg"], pairwise(ends), strict=True):
        start, end = max(begun - first, 0.0), min(ended - first, piece.beats)
        if symbol != "N" and end > start:
            degree, quality = symbol.split(":")
            yield start, end - start, (_degree(degree) + song["tonic"]) % 12, _QUALITIES[quality]


def _degree(word: str) -> int:
    found = _DEGREE.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r} is no degree of a scale")
    return _DEGREES[found[2]] + {"": 0, "b": -1, "#": 1}[found[1]]


def _first_beat(piece: Piece) -> float:
    """Find the bar from which on the tune has the most notes."""
    starts = np.array([start for start, _, _ in _tune(piece.tune)])
    length = sum(beats for _, beats in _corpus()[piece.tune]["seg"])
    bars = np.arange(0.0, max(length - piece.beats, 0.0) + 1e-6, BAR_BEATS)
    counts = [np.count_nonzero((starts >= bar) & (starts < bar + piece.beats)) for bar in bars]
    return float(bars[int(np.argmax(counts))])


def _tune(name: str) -> list[tuple[float, float, int]]:
    notes, beat = [], 0.0
    for pitch, sixteenths in _corpus()[name]["melody"]:
        if pitch:
            notes.append((beat, sixteenths / 4.0, int(pitch)))
        beat += sixteenths / 4.0
    return notes


@lru_cache(maxsize=1)
def _corpus() -> dict[str, Any]:
    packed = (Path(os.environ["BANDMATE_TEST_DATA"]) / _POP909).read_bytes()
    songs: dict[str, Any] = json.loads(gzip.decompress(packed))["songs"]
    return songs


@lru_cache(maxsize=8)
def _taken(name: str) -> Score:
    with tarfile.open(Path(os.environ["BANDMATE_TEST_DATA"]) / _GROOVE) as packed:
        member = packed.extractfile(f"groove/{name}.mid")
        if member is None:
            raise ValueError(f"{name} is no file of Groove MIDI")
        return score_from_bytes(member.read())
