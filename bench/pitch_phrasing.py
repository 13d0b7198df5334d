"""How the takes of the pitch bench are phrased: who sings, when notes begin, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.pitch_voice import CONTROL_HZ

__all__ = [
    "FIRST_SECONDS", "VOICES", "Span", "SungNote", "Voice", "Written", "spans_of", "step", "waver",
]  # fmt: skip

Array = NDArray[np.float64]
Attack = Literal["vowel", "voiced", "fricative", "plosive"]
Written: TypeAlias = Sequence[tuple[float, float, int]]
"""Start and length in beats, and MIDI number of each note."""

FIRST_SECONDS = 0.4
"""Where beat 0 lies."""

_LATE_SECONDS = 0.018
_LEAST_SECONDS = 0.17  # of a note
_ATTACKS: tuple[Attack, ...] = ("vowel", "voiced", "fricative", "plosive")
_ATTACK_CHANCES = (0.22, 0.36, 0.22, 0.20)
_CONSONANT_SECONDS = {"vowel": 0.0, "voiced": 0.06, "fricative": 0.1, "plosive": 0.075}


@dataclass(frozen=True, slots=True)
class SungNote:
    """A note: what was meant, and how it was sung.

    Parameters
    ----------
    pitch : int
        What was meant, MIDI number.
    onset, end : float
        Seconds; where its vowel begins, where its voice ends.
    centre : float
        What was sung: the mean of the held part, MIDI number with a fraction.
    held : tuple of float
        Seconds; without what leads to the note and away from it.
    start, length : float
        As written, in beats.
    attack : str
        What it begins with: ``vowel`` (joined to the note before), ``voiced``, ``fricative`` or
        ``plosive``.
    """

    pitch: int
    onset: float
    end: float
    centre: float
    held: tuple[float, float]
    start: float
    length: float
    attack: Attack


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: the middle of its range (MIDI number), its tract, breathiness, habits (0 to 1)."""

    name: str
    middle: float
    tract: float
    breath: float
    vibrato: float
    scoops: float
    room_db: float


VOICES = (
    Voice("baritone", 53.0, 1.0, 0.05, 0.5, 0.4, -62.0),
    Voice("alto", 62.0, 1.14, 0.08, 0.3, 0.5, -56.0),
    Voice("tenor", 58.0, 1.04, 0.04, 0.8, 0.2, -66.0),
    Voice("soprano", 69.0, 1.18, 0.08, 0.7, 0.3, -60.0),
    Voice("child", 70.0, 1.3, 0.15, 0.05, 0.5, -52.0),
    Voice("breathy", 60.0, 1.15, 0.4, 0.2, 0.6, -50.0),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a note lies, seconds; `lead` is its consonant, before its onset."""

    onset: float
    end: float
    lead: float
    attack: Attack
    joined: bool
    """To the note before, without a gap in the voice."""


def step(seconds: float) -> int:
    """Turn seconds into steps of `CONTROL_HZ`."""
    return round(seconds * CONTROL_HZ)


def waver(size: int, hz: float, depth: float, rng: np.random.Generator) -> Array:
    """Draw a slow noise: semitones of one standard deviation."""
    points = rng.normal(0.0, depth, int(size * hz / CONTROL_HZ) + 3)
    return np.interp(np.arange(size) * hz / CONTROL_HZ, np.arange(points.size), points)


def spans_of(written: Written, beat: float, rng: np.random.Generator) -> list[Span]:
    """Place the notes in time, and their consonants between them."""
    starts = np.array([start for start, _, _ in written]) * beat + FIRST_SECONDS
    onsets = starts + np.clip(rng.normal(0.0, _LATE_SECONDS, starts.size), -0.045, 0.045)
    onsets[1:] = np.maximum(onsets[1:], onsets[:-1] + _LEAST_SECONDS)
    ends = onsets + np.array([length for _, length, _ in written]) * beat
    found: list[Span] = []
    for place, (onset, whole, written_note) in enumerate(zip(onsets, ends, written, strict=True)):
        after = float(onsets[place + 1]) if place + 1 < onsets.size else float(whole)
        rest = place + 1 == onsets.size or after - whole > 0.12
        end = min(float(whole), after) - (0.05 if rest else 0.0)
        if not rest and rng.random() < 0.1:
            end -= 0.22 * (end - onset)
        before = found[-1] if found else None
        gap = before is None or onset - before.end > 0.06
        again = place > 0 and written[place - 1][2] == written_note[2]
        attack = _attack(gap, again, rng)
        lead = _CONSONANT_SECONDS[attack] * float(rng.uniform(0.75, 1.3))
        if before is not None and not gap:
            lead = min(lead, 0.4 * (before.end - before.onset))
            before = replace(before, end=float(onset) - lead)
            found[-1] = before
        joined = not gap and attack in {"vowel", "voiced"}
        found.append(Span(float(onset), end, lead, attack, joined))
    return found


def _attack(gap: bool, again: bool, rng: np.random.Generator) -> Attack:
    attack = _ATTACKS[rng.choice(len(_ATTACKS), p=_ATTACK_CHANCES)]
    return "voiced" if again and not gap and attack == "vowel" else attack
