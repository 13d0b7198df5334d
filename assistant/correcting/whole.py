"""Several voices in one take: all of it moved to concert pitch, where it is off it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import inf, log2

import numpy as np

from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["Moved", "move_whole"]

_IN_TUNE_CENTS = 5.0  # nearer to concert pitch than this nobody hears a choir move
_SURE = 0.3
_HEARD, _MADE = 0.15, 0.85  # of the work
_FADE_SECONDS = 0.02
_BLOCK = 1 << 18  # frames


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
    untouched : float
        Share of its frames that were not to be moved, 0.0 to 1.0.
    """

    audio: Audio
    before: float
    after: float
    cents: float
    confidence: float
    mover: str
    untouched: float

    def words(self, a4_hz: float) -> str:
        """Say what was done and why, after ``but``."""
        what = "what lies within the range" if self.untouched else "all of it"
        way = "above" if self.before > 0.0 else "below"
        return (
            f"{what} is {abs(self.before):.0f} cents {way} A4 = {a4_hz:g} Hz, so {what} is moved,"
            f" by {self.mover}."
        )


def move_whole(
    audio: Audio,
    a4_hz: float,
    strength: float,
    scratch: Callable[[tuple[int, ...]], Samples],
    span: tuple[float, float] = (0.0, inf),
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
    span : tuple of (float, float), optional
        From when to when, seconds; the rest is copied, and is not listened to.

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
    first, last = (round(min(side, audio.seconds) * audio.rate) for side in span)
    given = Audio(audio.samples[:, first:last], audio.rate)
    found, sure = yield from part(off_concert_pitch(given), 0.0, _HEARD)
    before = _nearest(found - concert)
    if sure < _SURE:
        raise MaterialError("as a whole it has no clear tuning")
    if abs(before) < _IN_TUNE_CENTS:
        raise MaterialError(f"as a whole it is in tune, to {abs(before):.0f} cents")
    cents = -before * strength / 100.0
    work = transpose(given, cents, scratch)
    made = yield from part(work, _HEARD, _MADE - _HEARD)
    after, _ = yield from part(off_concert_pitch(made), _MADE, 1.0 - _MADE)
    whole = made if given.frames == audio.frames else _put_back(made, audio, first, scratch)
    untouched = 1.0 - given.frames / audio.frames
    return Moved(whole, before, _nearest(after - concert), cents, sure, transposer(), untouched)


def _put_back(
    made: Audio, audio: Audio, first: int, scratch: Callable[[tuple[int, ...]], Samples]
) -> Audio:
    """Put a part back where it was, with a fade at each of its ends that joins the rest."""
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(_BLOCK):
        out[:, start : start + block.shape[1]] = block
    fade = max(1, min(round(_FADE_SECONDS * audio.rate), made.frames // 2))
    last = audio.frames - first - made.frames
    for start, block in made.blocks(_BLOCK):
        places = np.arange(start, start + block.shape[1])
        rise = (places + 0.5) / fade if first else np.ones(places.size)
        fall = (made.frames - places - 0.5) / fade if last else np.ones(places.size)
        share = np.clip(np.minimum(rise, fall), 0.0, 1.0)
        here = out[:, first + start : first + start + block.shape[1]]
        here[:] = share * block + (1.0 - share) * here
    return Audio(out, audio.rate)


def _nearest(cents: float) -> float:
    """Return how far it is to the nearest semitone."""
    return cents - 100.0 * round(cents / 100.0)
