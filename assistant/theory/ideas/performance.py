"""How an idea is performed: rhythm, tempo, instrument, and the bars of the song it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.guitar.tuning import read_tuning
from assistant.theory.ideas.arrange import Guitar, Playing
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import Song
from assistant.theory.playing.comping import comp_for, varied, varied_patterns
from assistant.theory.playing.rhythm import pattern_for

__all__ = ["INSTRUMENTS", "Instrument", "Player", "performance"]

Instrument = Literal["keys", "guitar"]

INSTRUMENTS: tuple[Instrument, ...] = ("keys", "guitar")

_STEEL_GUITAR = 25  # General MIDI
_GUITARS = range(24, 32)


@dataclass(frozen=True)
class Player:
    """Who plays the chords.

    Parameters
    ----------
    instrument : {"keys", "guitar"}
        What they play.
    low, high : int
        Range of the keys.
    tuning : str
        Of the guitar: ``"standard"``, ``"drop D"``, or its notes.
    capo : int or None
        Fret of its capo; None for where it helps most.
    """

    instrument: Instrument
    low: int
    high: int
    tuning: str
    capo: int | None


def performance(
    idea: Idea,
    player: Player,
    plan: Plan,
    library: Library,
    song: Song | None,
    rng: np.random.Generator,
) -> Playing:
    """Choose how an idea is played.

    Parameters
    ----------
    idea : Idea
        What is played.
    player : Player
        By whom.
    plan : Plan
        Metre, tempo and style that are asked for.
    library : Library
        The shelf.
    song : Song or None
        The song whose bars and tempos are kept; None where the idea stands by itself.
    rng : numpy.random.Generator
        The dice for how bars vary.

    Returns
    -------
    Playing
        For `assistant.theory.ideas.arrange.arrange`.

    Raises
    ------
    SettingError
        Where there is no such tuning.
    """
    feel = plan.feel or idea.style
    style = library.styles[feel]
    meter = plan.meter_for(style)
    grid = song.grid if song else ()
    metres = _metres(meter, grid)
    bars = len(idea.bars)
    rhythms = {
        (each.numerator, each.denominator): varied_patterns(
            library.patterns, library.comping, feel, each, bars, rng
        )
        for each in metres
    }
    arousal = (plan.reading.place or idea.place)[1]
    program = style.program
    guitar = None
    if player.instrument == "guitar":
        program = program if program in _GUITARS else _STEEL_GUITAR
        guitar = _guitar(player, feel, metres, bars, library, rng)
    return Playing(
        pattern_for(library.patterns, feel, meter),
        meter,
        plan.bpm_for(style, arousal),
        style.swing,
        program,
        style.bass,
        player.low,
        player.high,
        grid,
        song.tempos if song else (),
        rhythms,
        guitar,
    )


def _metres(meter: Meter, grid: Sequence[Meter]) -> list[Meter]:
    """List the metres that occur, each once."""
    found = {
        (bar.numerator, bar.denominator): Meter(0.0, bar.numerator, bar.denominator)
        for bar in (meter, *grid)
    }
    return list(found.values())


def _guitar(
    player: Player,
    feel: str,
    metres: Sequence[Meter],
    bars: int,
    library: Library,
    rng: np.random.Generator,
) -> Guitar:
    tuning = read_tuning(player.tuning)
    if len(tuning.strings) < 4:
        raise SettingError(f"tuning is {player.tuning!r}; chords need four strings or more.")
    lines = {
        (meter.numerator, meter.denominator): varied(
            comp_for(library.comping, feel, meter, "guitar"), bars, rng
        )
        for meter in metres
    }
    return Guitar(tuning, player.capo, lines)
