"""How a tune should be: dense or sparse, plain or intricate, high or low, by settings and mood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol, TypeAlias, get_args

import numpy as np

from assistant.errors import SettingError
from assistant.material import Note, note_name
from assistant.theory.ideas.plan import Plan
from assistant.theory.prompt.words import Reading
from assistant.theory.tune.beats import PACE_BPM, Manner, density_of
from assistant.theory.tune.frame import MIN_STEPS
from assistant.theory.tune.instruments import instrument_of
from assistant.theory.tune.places import Taste

__all__ = ["CHANGES", "Asked", "Change", "compass", "manner_of", "taste_of"]

Change: TypeAlias = Literal[
    "none", "simpler", "busier", "calmer", "livelier", "darker", "brighter", "lower", "higher"
]

CHANGES: tuple[Change, ...] = get_args(Change)

_SAID = 0.35  # what "many notes" or "simple" of the prompt adds to density or complexity
_REGISTER = {True: 12.0, False: 5.0}  # semitones that "low" or "high" moves, without a song and in
_ROOM = 4.0  # semitones around the melody of a song
_DENSITY, _COMPLEXITY, _HEIGHT = 0.45, 0.4, 0.45
_CLOSING = {"auto": 0.85, "open": 0.0, "close": 1.0}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a change adds to density, complexity, height, sweep and fall."""

    density: float = 0.0
    complexity: float = 0.0
    height: float = 0.0
    sweep: float = 0.0
    fall: float = 0.0


_TURNS: dict[str, _Turn] = {
    "none": _Turn(),
    "simpler": _Turn(density=-0.2, complexity=-0.3),
    "busier": _Turn(density=0.25, complexity=0.1),
    "calmer": _Turn(density=-0.35, complexity=-0.15, sweep=-1.5),
    "livelier": _Turn(density=0.15, complexity=0.2, sweep=1.0),
    "darker": _Turn(density=-0.05, height=-0.25, fall=0.6),
    "brighter": _Turn(density=0.05, height=0.25, fall=-0.6),
    "lower": _Turn(height=-0.35),
    "higher": _Turn(height=0.35),
}


class Asked(Protocol):
    """The settings that say how a tune should be."""

    @property
    def low(self) -> float | None:
        """Lowest note, MIDI number."""

    @property
    def high(self) -> float | None:
        """Highest note, MIDI number."""

    @property
    def density(self) -> float | None:
        """0.0 to 1.0."""

    @property
    def complexity(self) -> float | None:
        """0.0 to 1.0."""

    @property
    def change(self) -> Change:
        """How it should become."""

    @property
    def ending(self) -> str:
        """``"auto"``, ``"open"`` or ``"close"``."""


def compass(
    asked: Asked, tune: Sequence[Note], reading: Reading | None = None
) -> tuple[float, float]:
    """Find the range: as asked for, else around the melody of the song, else of the instrument.

    Parameters
    ----------
    asked : Asked
        The settings.
    tune : sequence of Note
        The melody of the song; may be empty.
    reading : Reading, optional
        What the prompt says of instrument and register: "low notes" moves the range by some
        semitones, and less where there is a song.

    Returns
    -------
    tuple of (float, float)
        Lowest and highest MIDI number.

    Raises
    ------
    SettingError
        Where low is not below high by a fifth.
    """
    told = reading or Reading()
    player = instrument_of(told.instruments)
    low, high = player.low, player.high
    if tune:
        pitches = [note.pitch for note in tune]
        turn = _TURNS[asked.change].height * 12.0
        low = max(0.0, min(pitches) - _ROOM + min(0.0, turn))
        high = min(127.0, max(pitches) + _ROOM + max(0.0, turn))
    moved = round(_REGISTER[not tune] * (told.register or 0.0))
    low, high = max(0.0, low + moved), min(127.0, high + moved)
    if asked.low is not None:
        low, high = asked.low, max(high, min(127.0, asked.low + 12.0))
    if asked.high is not None:
        low, high = low if asked.low is not None else min(low, asked.high - 12.0), asked.high
    if high - low < 2 * MIN_STEPS - 1:
        seen = f"{note_name(low)} to {note_name(high)}"
        raise SettingError(f"low and high leave {seen}; a melody needs a fifth or more.")
    return max(0.0, low), high


def manner_of(asked: Asked, plan: Plan, tune: Sequence[Note], bpm: float) -> Manner:
    """Say how notes are spread: as asked for, else as in the song, else by mood."""
    arousal = plan.reading.place[1] if plan.reading.place else 0.0
    turn, said = _TURNS[asked.change], plan.reading
    density = asked.density
    if density is None:
        density = (_density(tune, bpm) if tune else _DENSITY + 0.18 * arousal) + turn.density
        density += _SAID * (said.density or 0.0)
    complexity = asked.complexity
    if complexity is None:
        complexity = (_complexity(tune) if tune else _COMPLEXITY + 0.12 * arousal) + turn.complexity
        complexity += _SAID * (said.complexity or 0.0)
    return Manner(_share(density), _share(complexity), bpm, _CLOSING[asked.ending])


def _density(tune: Sequence[Note], bpm: float) -> float:
    """Measure the density of a melody on the scale of `Manner`, rests within phrases included."""
    sung = sum(min(after.start - note.start, 2.0) for note, after in pairwise(tune))
    return density_of((len(tune) - 1) / max(0.25, sung) * math.sqrt(bpm / PACE_BPM))


def _complexity(tune: Sequence[Note]) -> float:
    """Measure how many notes fall between the eighths, on the scale of `Manner`."""
    off = np.mean([abs(note.start * 2 - round(note.start * 2)) > 0.2 for note in tune])
    return 0.2 + 1.2 * float(off)


def taste_of(
    asked: Asked,
    plan: Plan,
    tune: Sequence[Note],
    span: tuple[float, float],
    *,
    answering: bool = False,
) -> Taste:
    """Say what line is wanted: by the song, else by mood, and by the change that is asked for."""
    valence, arousal = plan.reading.place or (0.0, 0.0)
    turn = _TURNS[asked.change]
    height = _HEIGHT + 0.12 * valence
    if tune:
        low, high = span
        middle = float(np.mean([note.pitch for note in tune]))
        height = ((middle - low) / (high - low) - 0.22) / 0.5
    fall = max(-0.8, min(0.8, -0.4 * valence + turn.fall))
    sweep = max(1.0, 3.5 + 0.8 * arousal + turn.sweep)
    return Taste(max(-0.3, min(1.3, height + turn.height)), sweep, fall, answering)


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))
