"""Several voices in one take: all of it moved to concert pitch, where it is off it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import log2

from assistant.correcting.steps import part
from assistant.errors import MaterialError
from assistant.material import Audio, Samples

__all__ = ["Moved", "move_whole"]

_IN_TUNE_CENTS = 5.0  # nearer to concert pitch than this nobody hears a choir move
_SURE = 0.3
_HEARD, _MADE = 0.15, 0.85  # of the work


@dataclass(frozen=True, eq=False)
class Moved:
    """A take that was moved as a whole.

    Parameters
    ----------
    audio : Audio
        As long as it was.
    before, after : float
        Cents above concert pitch.
    cents : float
        By how much it was moved.
    confidence : float
        How sure its tuning is, 0.0 to 1.0.
    mover : str
        What moved it.
    """

    audio: Audio
    before: float
    after: float
    cents: float
    confidence: float
    mover: str


def move_whole(
    audio: Audio, a4_hz: float, strength: float, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Moved]:
    """Move a take to concert pitch.

    Parameters
    ----------
    audio : Audio
        Several voices, in tune with each other.
    a4_hz : float
        Concert pitch.
    strength : float
        How much of the way, 0.0 to 100.0 %.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Moved
        With its tuning measured before and after.

    Raises
    ------
    MaterialError
        Where it is at concert pitch already, or has no clear tuning; without a full stop.
    """
    from assistant.dsp.concert_pitch import off_concert_pitch
    from assistant.dsp.stretching import transpose, transposer

    concert = 1200.0 * log2(a4_hz / 440.0)
    found, sure = yield from part(off_concert_pitch(audio), 0.0, _HEARD)
    before = _nearest(found - concert)
    if sure < _SURE:
        raise MaterialError("as a whole it has no clear tuning")
    if abs(before) < _IN_TUNE_CENTS:
        raise MaterialError(f"as a whole it is in tune, to {abs(before):.0f} cents")
    cents = -before * strength / 100.0
    work = transpose(audio, cents, scratch)
    made = yield from part(work, _HEARD, _MADE - _HEARD)
    after, _ = yield from part(off_concert_pitch(made), _MADE, 1.0 - _MADE)
    return Moved(made, before, _nearest(after - concert), cents, sure, transposer())


def _nearest(cents: float) -> float:
    """Return how far it is to the nearest semitone."""
    return cents - 100.0 * round(cents / 100.0)
