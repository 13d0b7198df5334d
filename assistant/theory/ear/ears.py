"""What an ear for chords expects: of notes, and of sound."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.theory.harmony.chord import QUALITIES

__all__ = ["FOR_NOTES", "FOR_SOUND", "Ear"]


@dataclass(frozen=True)
class Ear:
    """What an ear expects.

    Parameters
    ----------
    kinds : tuple of (str, float)
        Qualities it knows, and how much each must explain before it is taken (nats).
    tone : tuple of float
        Odds that root, third, fifth, seventh, and what is above, sound where the chord does.
    stray : float
        Odds that another note sounds.
    bass : tuple of float
        Odds that root, third, fifth, seventh, what is above, or no note of the chord, is lowest.
    bass_weight : float
        How much the bass counts beside the chord.
    full : tuple of float
        A note that sounds for less than the first of these shares of what the three longest do
        does not count; for more than the second, it counts whole.
    change : tuple of float
        Cost of a change on a beat, in the middle of a bar, on the bar line (nats).
    outside : float
        Cost of a note outside the key (nats).
    scale : float
        Beats of evidence in a beat: below 1 as beats repeat each other.
    rootless : float
        Cost of a chord whose root does not sound (nats).
    sure : tuple of (float, float)
        Offset and slope of the confidence, logistic in the lead over the next chord (nats).
    """

    kinds: tuple[tuple[str, float], ...]
    tone: tuple[float, float, float, float, float]
    stray: float
    bass: tuple[float, float, float, float, float, float]
    bass_weight: float
    full: tuple[float, float]
    change: tuple[float, float, float]
    outside: float
    scale: float
    rootless: float
    sure: tuple[float, float]


_COSTS = {"maj": 0.0, "min": 0.0, "7": 0.55, "m7": 0.55, "maj7": 0.55, "sus4": 1.5, "dim": 2.2,
          "m7b5": 1.5, "m6": 1.8, "dim7": 1.5, "9": 1.5, "m9": 1.5, "maj9": 1.5, "6": 1.8,
          "7sus4": 1.8, "sus2": 2.2, "aug": 2.2, "add9": 2.2}  # fmt: skip
_RARE_COST = 2.75

FOR_NOTES = Ear(
    kinds=tuple((kind, _COSTS.get(kind, _RARE_COST)) for kind in QUALITIES),
    tone=(0.80, 0.95, 0.82, 0.92, 0.92),
    stray=0.12,
    bass=(0.78, 0.12, 0.12, 0.06, 0.012, 0.012),
    bass_weight=0.8,
    full=(0.1, 0.7),
    change=(1.6, 1.2, 1.0),
    outside=0.3,
    scale=0.66,
    rootless=8.0,
    sure=(-0.3, 0.9),
)
"""For notes."""

_COSTS_IN_SOUND = {
    "maj": 0.0, "min": 0.0, "7": 0.6, "m7": 0.9, "maj7": 0.4, "sus4": 1.5, "dim": 1.8,
    "m7b5": 1.5, "dim7": 1.8, "m6": 1.8, "sus2": 2.3, "9": 2.6, "m9": 2.0, "maj9": 2.7,
    "7sus4": 1.3, "6": 2.8, "aug": 2.8,
}  # fmt: skip

FOR_SOUND = Ear(
    kinds=tuple(_COSTS_IN_SOUND.items()),
    tone=(0.90, 0.58, 0.78, 0.35, 0.50),
    stray=0.25,
    bass=(0.92, 0.07, 0.14, 0.04, 0.012, 0.02),
    bass_weight=0.6,
    full=(0.13, 0.64),
    change=(2.6, 1.5, 0.65),
    outside=0.2,
    scale=0.48,
    rootless=0.0,
    sure=(-0.3, 0.9),
)
"""For sound: thirds and sevenths are faint beside the overtones of other notes."""
