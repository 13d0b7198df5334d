"""Moving the notes of one voice in time, by leaving out and repeating whole cycles.

Where time runs as it did, samples are copied; so they are between the places where some are left
out or repeated. In voiced sound it is always whole cycles, so a note may come to lie up to half a
cycle off; what is missing is made up in the next rest or consonant.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track
from assistant.material import Audio, Samples

__all__ = ["Retimed", "retime"]

Array = NDArray[np.float64]

_LAG_SECONDS = 0.015  # what one splice leaves out or repeats, about: a few cycles of a voice
_REST_LAG_SECONDS = 0.04  # the same where nothing is voiced
_FADE_SECONDS = 0.008
_SEARCH = 0.25  # of a cycle, around what is wanted
_PLACES = 24  # tried for each splice
_VOICED_SHARE = 0.2  # of a stretch from which its splices are of whole cycles
_BLOCK_FRAMES = 1 << 20


@dataclass(frozen=True, eq=False)
class Retimed:
    """A take whose notes were moved in time.

    Parameters
    ----------
    audio : Audio
        As long as it was.
    copied : float
        Share of its samples that are bit for bit samples of the take, 0.0 to 1.0.
    map : ndarray of float, shape (points, 2)
        When each moment was heard and is heard now, seconds: the map that was asked for, to within
        half a cycle.
    """

    audio: Audio
    copied: float
    map: Array


@dataclass(frozen=True, slots=True)
class _Splice:
    """Going on elsewhere: from `at` over to ``at + lag``, in a fade of so many frames."""

    at: int
    lag: int  # above 0 leaves out, under 0 repeats
    fade: int


def retime(
    audio: Audio,
    fine: F0Track,
    time_map: Array,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Retimed]:
    """Move the notes of one voice in time; its pitch stays.

    Parameters
    ----------
    audio : Audio
        The take, finite.
    fine : F0Track
        Its fundamental.
    time_map : ndarray of float, shape (points, 2)
        Seconds before and after, both rising, from (0, 0) to (length, length); time runs on
        straight lines between the points.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Retimed
        The take in its new time.

    Raises
    ------
    ValueError
        Where the map does not rise, or does not keep the length.
    """
    points = np.round(np.asarray(time_map) * audio.rate).astype(np.int64)
    ends = np.array([[0, 0], [audio.frames, audio.frames]])
    if np.abs(points[[0, -1]] - ends).max() > 1 or np.diff(time_map, axis=0).min() <= 0.0:
        raise ValueError("A time map rises from (0, 0) to (length, length).")
    points[[0, -1]] = ends
    out = scratch(audio.samples.shape)
    writer = _Writer(audio, out)
    heard = [(0.0, 0.0)]
    for (start, _), (end, after) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        splices = _plan(audio, fine, start, end, (end - after) - writer.left_out)
        for splice in splices:
            writer.splice(splice)
        writer.copy_to(end)
        heard.append((end / audio.rate, (end - writer.left_out) / audio.rate))
        yield min(1.0, end / audio.frames)
    writer.finish()
    yield 1.0
    copied = 1.0 - writer.faded / max(1, audio.frames)
    return Retimed(Audio(out, audio.rate), copied, np.array(heard))


class _Writer:
    """Writes a sound, with splices, from its start to its end.

    Attributes
    ----------
    left_out : int
        Frames that were left out so far, less those that were repeated.
    faded : int
        Frames that are of two places.
    """

    def __init__(self, audio: Audio, out: Samples) -> None:
        self._samples = audio.samples
        self._out = out
        self._read = self._written = 0
        self.left_out = self.faded = 0

    def copy_to(self, place: int) -> None:
        """Copy up to a place in the input."""
        while self._read < place and self._written < self._out.shape[1]:
            room = min(place - self._read, self._out.shape[1] - self._written, _BLOCK_FRAMES)
            block = self._samples[:, self._read : self._read + room]
            self._out[:, self._written : self._written + room] = block
            self._read += room
            self._written += room

    def splice(self, splice: _Splice) -> None:
        """Copy up to a splice, and fade over to where it goes on."""
        self.copy_to(splice.at)
        one = self._samples[:, splice.at : splice.at + splice.fade].astype(np.float64)
        there = splice.at + splice.lag
        other = self._samples[:, there : there + splice.fade].astype(np.float64)
        here = slice(self._written, self._written + splice.fade)
        self._out[:, here] = _faded(one, other)
        self._written += splice.fade
        self._read = there + splice.fade
        self.left_out += splice.lag
        self.faded += splice.fade

    def finish(self) -> None:
        """Fill what is left, where the last splices could not make up for all: with silence."""
        self.copy_to(self._samples.shape[1])
        self._out[:, self._written :] = 0.0


def _plan(audio: Audio, fine: F0Track, start: int, end: int, missing: int) -> Iterator[_Splice]:
    """Find the splices that leave out so many frames between two places; under 0: repeat."""
    if missing == 0:
        return
    period = _period(fine, start / audio.rate, end / audio.rate) * audio.rate
    usual = (_LAG_SECONDS if period else _REST_LAG_SECONDS) * audio.rate
    count = int(np.ceil(abs(missing) / usual))
    read = start
    for left in range(count, 0, -1):
        lag = _cycles(missing / left, period)
        until = end - round((left - 1) * (end - start) / count)
        found = _splice(audio, (read, until), lag, period) if lag else None
        if found is not None:
            yield found
            missing -= found.lag
            read = found.at + max(found.lag, 0) + found.fade


def _cycles(wanted: float, period: float) -> int:
    """Round a number of frames to whole cycles; 0 where not even half a cycle is missing."""
    return round(round(wanted / period) * period) if period else round(wanted)


def _period(fine: F0Track, start: float, end: float) -> float:
    """Tell the cycle of what is voiced between two times, seconds; 0.0 where little is."""
    inside = (fine.times >= start) & (fine.times < end)
    voiced = inside & fine.voiced
    if voiced.sum() <= _VOICED_SHARE * inside.sum():
        return 0.0
    return float(np.median(1.0 / fine.hz[voiced]))


def _splice(audio: Audio, within: tuple[int, int], lag: int, period: float) -> _Splice | None:
    """Find where to go on elsewhere so that it is heard least, and exactly how far off."""
    fade = max(1, min(round(max(_FADE_SECONDS * audio.rate, period)), abs(lag)))
    spread = min(int(_SEARCH * period), abs(lag) - 1)
    low = max(within[0], spread - lag)
    high = min(within[1], audio.frames) - fade - max(lag + spread, 0)
    if high < low:
        return None
    places = np.unique(np.linspace(low, high, _PLACES).astype(np.int64)).tolist()
    tried = ((*_best_lag(audio.samples, at, lag, fade, spread), at) for at in places)
    _, found, at = min(tried)
    return _Splice(at, found, fade)


def _best_lag(samples: Samples, at: int, lag: int, fade: int, spread: int) -> tuple[float, int]:
    """Find how far off the sound is most like it is at a place; tell the power of what differs."""
    here = samples[:, at : at + fade].astype(np.float64)
    around = slice(at + lag - spread, at + lag + spread + fade)
    there = np.lib.stride_tricks.sliding_window_view(samples[:, around], fade, axis=1)
    differs = np.square(there - here[:, None]).sum(axis=(0, 2))
    best = int(np.argmin(differs))
    return float(differs[best]), lag - spread + best


def _faded(one: Array, other: Array) -> Array:
    """Fade from one sound to another; louder in the middle the less they have in common."""
    power = float(np.square(one).sum() + np.square(other).sum())
    like = max(0.0, 2.0 * float((one * other).sum()) / power) if power > 0.0 else 1.0
    share = (np.arange(one.shape[1]) + 0.5) / one.shape[1]
    rest = 1.0 - share
    loud = np.sqrt(share**2 + rest**2 + 2.0 * share * rest * like)
    return np.asarray((one * rest + other * share) / loud, dtype=np.float64)
