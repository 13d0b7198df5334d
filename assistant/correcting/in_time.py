"""The notes of a take put where the beat, or a guide, has them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.material import Audio, Samples
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.timing import InTime, shifts_to, time_map

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.dsp.f0 import F0Track

__all__ = ["Timing", "put_in_time"]

_BREAK_SECONDS = 0.03  # of the voice, at least, where what moved goes over to what did not
_JOIN_SECONDS = 0.01
_BLOCK = 1 << 18  # frames


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
    span: tuple[float, float] = (0.0, np.inf),
) -> Generator[float, None, tuple[Audio, tuple[float, float] | None]]:
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
    span : tuple of (float, float), optional
        From when to when, seconds. What moves lies between the first and the last break of the
        voice in it, so that outside of it all is bit for bit as it was.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Audio
        As long as it was.
    tuple of (float, float), optional
        How far these notes begin from the nearest place on average, before and after,
        milliseconds; None where there are none.
    """
    from assistant.dsp.retiming import retime

    begin, end = _between_breaks(fine, span, audio.seconds)
    first, last = round(begin * audio.rate), round(end * audio.rate)
    clock = first / audio.rate
    inside = _later([note for note in notes if begin <= note.start and note.end <= end], -clock)
    if not inside:
        yield 1.0
        return audio, None
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(_BLOCK):
        out[:, start : start + block.shape[1]] = block
    given = Audio(audio.samples[:, first:last], audio.rate)
    heard = replace(fine, times=fine.times - clock)
    places = timing.places - clock
    shifts = shifts_to(inside, places, timing.how)
    path = time_map(inside, shifts, given.seconds)
    made = yield from retime(given, heard, path, lambda _: out[:, first:last])
    if last < audio.frames and made.map[-1, 0] != made.map[-1, 1]:
        _join(out[:, first:last], given.samples, round(_JOIN_SECONDS * audio.rate))
    before = np.array([note.start for note in inside])
    after = np.interp(before, made.map[:, 0], made.map[:, 1])
    return Audio(out, audio.rate), (_off_ms(before, places), _off_ms(after, places))


def _later(notes: Sequence[TakeNote], seconds: float) -> list[TakeNote]:
    return [replace(note, start=note.start + seconds, end=note.end + seconds) for note in notes]


def _between_breaks(
    fine: F0Track, span: tuple[float, float], seconds: float
) -> tuple[float, float]:
    """Tell from when to when time may run otherwise: it is as it was in breaks of the voice."""
    begin, end = max(0.0, span[0]), min(seconds, span[1])
    if (begin, end) == (0.0, seconds):
        return begin, end
    turns = np.flatnonzero(np.diff(~fine.voiced, prepend=False, append=False)).reshape(-1, 2)
    edges = np.append(fine.times, seconds)[turns].clip(begin, end)
    breaks = edges[edges[:, 1] - edges[:, 0] >= _BREAK_SECONDS]
    if not breaks.size:
        return begin, begin
    first, last = float(breaks[0, 0]), float(breaks[-1, 1])
    return (first if begin > 0.0 else 0.0), (last if end < seconds else seconds)


def _join(made: Samples, given: Samples, frames: int) -> None:
    """Fade over to what was given, where not all could be made up for."""
    share = (np.arange(frames) + 0.5) / frames
    made[:, -frames:] = (1.0 - share) * made[:, -frames:] + share * given[:, -frames:]


def _off_ms(starts: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    above = np.clip(np.searchsorted(places, starts), 1, places.size - 1)
    off = np.minimum(np.abs(starts - places[above - 1]), np.abs(places[above] - starts))
    return 1000.0 * float(off.mean())
