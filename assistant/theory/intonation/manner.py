"""How a take is to be corrected: how far, how soon, and what of the singing is kept."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HARD", "RANGES", "Manner"]

RANGES = {
    "strength": (0.0, 100.0),
    "speed_ms": (0.0, 400.0),
    "humanize": (0.0, 100.0),
    "flex_cents": (0.0, 100.0),
    "vibrato": (0.0, 200.0),
    "drift": (0.0, 100.0),
    "scoops": (0.0, 100.0),
}
"""Lowest and highest of each."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a note is moved to its target.

    Parameters
    ----------
    strength : float
        How much of the way, 0 to 100 %; at 0 nothing is changed.
    speed_ms : float
        How long a correction takes to take hold at the beginning of a note, 0 to 400 ms. Up to
        40 ms it has taken hold when a note after a rest begins; from note to note it lies around
        the middle of the glide. Beyond some 70 ms notes are heard to slide into place.
    humanize : float
        0 to 100 %: how much of their own drift and wavering long notes keep beyond what `drift`
        and `vibrato` say; those shorter than 0.15 s keep no more than that.
    flex_cents : float
        A note nearer to its target is left alone; from twice as far it is moved all the way.
    vibrato : float
        How much of what is faster than drift is kept, 0 to 200 %. Above 100 a vibrato grows, and
        nothing else.
    drift : float
        How much of the slow movement (below 1.5 Hz) is kept, 0 to 100 %.
    scoops : float
        How much of the way into a note, and out of it, is kept, 0 to 100 %.
    """

    strength: float = 100.0
    speed_ms: float = 40.0
    humanize: float = 0.0
    flex_cents: float = 5.0
    vibrato: float = 100.0
    drift: float = 60.0
    scoops: float = 100.0

    @property
    def flat(self) -> bool:
        """Whether nothing of a note's own movement is kept."""
        return not (self.vibrato or self.drift or self.scoops or self.humanize)


HARD = Manner(speed_ms=0.0, flex_cents=0.0, vibrato=0.0, drift=0.0, scoops=0.0)
"""Every moment on its target at once, or on the note of the scale that it stands on: the effect."""
