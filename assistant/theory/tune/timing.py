"""How a song plays its beats: straight, swung or in thirds, and how what is new keeps to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistant.material import Meter, Note
from assistant.theory.tune.frame import SLOTS_A_BEAT

__all__ = ["STRAIGHT", "Timing", "timing_of"]

_LATEST_SWING = (0.58, 0.72)  # where a swung eighth falls in its beat
_EIGHTHS = (0.42, 0.72)  # where any eighth falls
_THIRDS = (0.29, 0.38)  # where the second of three falls
_FEWEST = 3  # notes that tell
_MOST = 0.7  # share of them that must agree
_NEAR = 0.06  # beats around their middle within which they do
_HEARD = 0.02  # beats from which on a place is another one


@dataclass(frozen=True)
class Timing:
    """How beats are played.

    Parameters
    ----------
    swing : float
        Where the second eighth of a beat falls, 0.5 straight.
    places : tuple of float
        Where in a beat, without the swing, each of its four slots falls; of thirds 1/3 and 2/3
        stand for the second and the last.
    """

    swing: float = 0.5
    places: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75)

    @property
    def said(self) -> str:
        """What is kept of the song, in words; ``""`` where it is straight."""
        if self.swing > 0.5 + _HEARD:
            return f"swings as your song does ({100 * self.swing:.0f} %)"
        if self.places != STRAIGHT.places:
            return "keeps to the beats of your song as it divides them"
        return ""

    def slot(self, beat: float) -> int:
        """Find the slot nearest to a beat, from the same bar line."""
        whole, part = divmod(beat + 1e-9, 1.0)
        return round((whole + self._straightened(part)) * SLOTS_A_BEAT)

    def beat(self, slot: int) -> float:
        """Find where a slot falls, in beats from the same bar line."""
        whole, part = divmod(slot, SLOTS_A_BEAT)
        place = self.places[part]
        if place < 0.5:
            return whole + place * 2.0 * self.swing
        return whole + self.swing + (place - 0.5) * 2.0 * (1.0 - self.swing)

    def _straightened(self, part: float) -> float:
        if part < self.swing:
            return part / (2.0 * self.swing)
        return 0.5 + (part - self.swing) / (2.0 * (1.0 - self.swing))


STRAIGHT = Timing()
"""Sixteenths, all as long."""


def timing_of(tune: Sequence[Note], meters: Sequence[Meter]) -> Timing:
    """Tell how a melody plays its beats.

    Parameters
    ----------
    tune : sequence of Note
        The melody.
    meters : sequence of Meter
        The metre map; only quarters swing.

    Returns
    -------
    Timing
        Straight, where too few notes tell.
    """
    if any(meter.denominator != SLOTS_A_BEAT for meter in meters):
        return STRAIGHT
    parts = [note.start % 1.0 for note in tune]
    thirds = sum(_THIRDS[0] < part < _THIRDS[1] for part in parts)
    eighths = [part for part in parts if _EIGHTHS[0] < part < _EIGHTHS[1]]
    swung = [part for part in eighths if part > _LATEST_SWING[0]]
    if len(swung) >= _FEWEST and len(swung) >= _MOST * len(eighths) and 3 * thirds < len(swung):
        return Timing(median(swung))
    return Timing(0.5, (0.0, *(_place(parts, place) for place in STRAIGHT.places[1:])))


def _place(parts: Sequence[float], place: float) -> float:
    """Find where the notes nearest to a place of the grid fall, where most agree."""
    near = [part for part in parts if abs(part - place) <= 0.125]
    if len(near) < _FEWEST:
        return place
    middle = median(near)
    agree = sum(abs(part - middle) < _NEAR for part in near)
    return middle if agree >= _MOST * len(near) and abs(middle - place) > _HEARD else place
