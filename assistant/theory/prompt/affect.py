"""From mood to music: what to play where nothing else says so.

A mood is a place: valence, unpleasant to pleasant, and arousal, calm to excited. The directions are
those on which listening studies agree (Gabrielsson and Lindstrom, "The role of structure in the
musical expression of emotions", in Juslin and Sloboda, eds., Handbook of Music and Emotion, 2010;
Juslin and Laukka, "Expression, perception, and induction of musical emotions", Journal of New Music
Research 33, 2004): major and high sound pleasant, minor and low unpleasant; fast, loud, dense and
detached sound excited, slow, soft, sparse and joined calm. The sizes are ours, by ear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Affect", "affect_of"]

Articulation = Literal["legato", "staccato"]

_TEMPO_BPM = (66.0, 138.0)  # quarter notes a minute, from calm to excited
_LOUDNESS = (48.0, 108.0)  # MIDI velocity
_PLEASANT_BPM = 8.0  # happy is quicker than angry is not slow
_DENSITY = (0.75, 0.15)  # shares of arousal and valence
_REGISTER = (0.35, 0.55)
_COMPLEXITY = (0.35, -0.45)
_SYNCOPATION = (0.5, 0.25)
_DETACHED = 0.25  # arousal above which notes are cut short
# By valence, from which on: brightness goes with pleasantness.
_MODES = (
    (0.75, "lydian"),
    (0.05, "major"),
    (-0.15, "dorian"),
    (-0.75, "minor"),
    (-1.0, "phrygian"),
)


@dataclass(frozen=True, slots=True)
class Affect:
    """What suits a mood.

    Parameters
    ----------
    mode : str
        Name of a mode, from ``"lydian"``, the brightest, to ``"phrygian"``.
    family : {"major", "minor"}
        The side that mode is on.
    bpm : float
        Quarter notes a minute.
    density : float
        Few notes -1.0 to many 1.0.
    register : float
        Low -1.0 to high 1.0.
    complexity : float
        Simple and consonant -1.0 to complex and tense 1.0.
    syncopation : float
        Rhythm on the beat and even -1.0 to off the beat and lively 1.0.
    articulation : {"legato", "staccato"}
        How notes are joined.
    velocity : float
        MIDI velocity, 48 to 108.
    """

    mode: str
    family: Literal["major", "minor"]
    bpm: float
    density: float
    register: float
    complexity: float
    syncopation: float
    articulation: Articulation
    velocity: float


def affect_of(place: tuple[float, float]) -> Affect:
    """Turn a mood into music.

    Parameters
    ----------
    place : tuple of (float, float)
        Valence and arousal, each -1.0 to 1.0; what lies outside is taken as the end.

    Returns
    -------
    Affect
        Every quantity rises or falls with valence and with arousal, never both ways.
    """
    valence, arousal = (min(1.0, max(-1.0, side)) for side in place)
    return Affect(
        mode=next(mode for least, mode in _MODES if valence >= least),
        family="major" if valence >= _MODES[1][0] else "minor",
        bpm=round(_between(_TEMPO_BPM, arousal) + _PLEASANT_BPM * valence),
        density=_mixed(_DENSITY, valence, arousal),
        register=_mixed(_REGISTER, valence, arousal),
        complexity=_mixed(_COMPLEXITY, valence, arousal),
        syncopation=_mixed(_SYNCOPATION, valence, arousal),
        articulation="staccato" if arousal > _DETACHED else "legato",
        velocity=round(_between(_LOUDNESS, arousal)),
    )


def _between(ends: tuple[float, float], side: float) -> float:
    """Find the value between two ends for a side of a mood, -1.0 to 1.0."""
    low, high = ends
    return low + (high - low) * (side + 1.0) / 2.0


def _mixed(shares: tuple[float, float], valence: float, arousal: float) -> float:
    """Add shares of arousal and of valence."""
    by_arousal, by_valence = shares
    return by_arousal * arousal + by_valence * valence
