"""The notes of a take put where the beat, or a guide, has them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.material import Audio, Samples
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.timing import InTime, shifts_to, time_map

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.dsp.f0 import F0Track

__all__ = ["Timing", "put_in_time"]


@dataclass(frozen=True, eq=False)
class Timing:
    """Where notes may begin (seconds, rising), and how strictly they are put there."""

    places: NDArray[np.float64]
    how: InTime


def put_in_time(
    audio: Audio,
    fine: F0Track,
    notes: Sequence[TakeNote],
    timing: Timing,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, tuple[Audio, tuple[float, float]]]:
    """Move the beginnings of notes.

    Parameters
    ----------
    audio : Audio
        A take of one voice.
    fine : F0Track
        Its pitch.
    notes : sequence of TakeNote
        Its notes, in order.
    timing : Timing
        Where they are to begin.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Audio
        As long as it was.
    tuple of (float, float)
        How far notes begin from the nearest place on average, before and after, milliseconds.
    """
    from assistant.dsp.retiming import retime

    shifts = shifts_to(notes, timing.places, timing.how)
    made = yield from retime(audio, fine, time_map(notes, shifts, audio.seconds), scratch)
    before = np.array([note.start for note in notes])
    after = np.interp(before, made.map[:, 0], made.map[:, 1])
    return made.audio, (_off_ms(before, timing.places), _off_ms(after, timing.places))


def _off_ms(starts: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    above = np.clip(np.searchsorted(places, starts), 1, places.size - 1)
    off = np.minimum(np.abs(starts - places[above - 1]), np.abs(places[above] - starts))
    return 1000.0 * float(off.mean())
