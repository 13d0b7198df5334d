"""A compressor for whole files, in bands or over all: no latency, one gain for all channels.

It has the whole sound before it, so its gain does not chase the level: the level is averaged over
a window that looks as far ahead as back, and the gain is smoothed by another one, so that it is
on its way before the note is and never shoots over. Only its way back leans to one side, and is
of two kinds: a single hit is let go at once, what has been held down for long is let go slowly.

What a band is turned down by is taken from the sound; the bands are not put together again. So
where no band works, the sound is what it was, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import boolean, float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.band_levels import Levels
from assistant.dsp.crossover import Split
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Compressor", "compress", "gain_curve"]

Row: TypeAlias = NDArray[np.float32]

FAST_SECONDS, SLOW_SECONDS = 0.08, 0.8

_SILENT = 1e-14  # power: -140 dB
_DRAWN = 0.1  # of the work: what is done once the gains are known
_CELLS = types.Array(types.float32, 1, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Compressor:
    """What is done in one band.

    Parameters
    ----------
    band : int or None
        From 0 for the bass, as `assistant.dsp.crossover.edges_hz` has them; None for the whole.
    threshold_db : float
        Mean level from which the gain goes down, in dB against a square wave at full scale.
    ratio : float
        Input over output above it; over 1.
    window_seconds : float
        Over which the level is averaged.
    most_db : float
        The gain goes down by less than this; above 0.
    knee_db : float
        How far around the threshold the ratio sets in.
    """

    band: int | None
    threshold_db: float
    ratio: float
    window_seconds: float
    most_db: float = 6.0
    knee_db: float = 4.0


def gain_curve(
    levels: Levels, wanted: Compressor, scratch: Scratch
) -> Generator[float, None, Row | None]:
    """Work out the gain that a compressor asks for.

    Parameters
    ----------
    levels : Levels
        From `assistant.dsp.band_levels.listen`.
    wanted : Compressor
        What to do.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float32, shape (cells,), or None
        Linear, and raised as far as keeps the energy of the band. None where the level never
        comes to the knee.
    """
    powers = levels.of(wanted.band)
    first, second = scratch(powers.shape), scratch(powers.shape)
    half = levels.cells(wanted.window_seconds) // 2 // 2
    _average(powers, half, first)
    yield 0.2
    _average(first, half, second)
    yield 0.3
    step = levels.cell / levels.rate
    leaks = np.exp(-step / np.array([FAST_SECONDS, SLOW_SECONDS]))
    shape = np.array(
        [wanted.threshold_db, 1.0 - 1.0 / wanted.ratio, wanted.knee_db, wanted.most_db]
    )
    if not _reduce(second, shape, leaks, first):
        return None
    yield 0.6
    _average(first, half, second)
    yield 0.7
    _average(second, half, first)
    yield 0.8
    kept, given = _to_gain(powers, first)
    if kept > 0.0:
        first *= np.float32(math.sqrt(given / kept))
    return first


def compress(
    audio: Audio, levels: Levels, wanted: Sequence[Compressor], scratch: Scratch
) -> Generator[float, None, Audio]:
    """Compress a sound.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped.
    levels : Levels
        Of this sound.
    wanted : sequence of Compressor
        One a band at most, and one for the whole, which comes last.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the sound, and not a frame later; the sound itself where no gain moves.
    """
    working: dict[int | None, Row] = {}
    for n, one in enumerate(wanted):
        share = _DRAWN / len(wanted)
        gain = yield from part(gain_curve(levels, one, scratch), n * share, share)
        if gain is not None:
            working[one.band] = gain
    inner = {band: curve for band, curve in working.items() if band is not None}
    whole = [curve for band, curve in working.items() if band is None]
    if not working:
        yield 1.0
        return audio
    out = scratch(audio.samples.shape)
    for start, split in Split(audio.rate, levels.cell).blocks(audio, list(inner)):
        stop = min(start + split.shape[2], audio.frames)
        block = out[:, start:stop]
        block[:] = audio.samples[:, start:stop]
        for band, curve in zip(split, inner.values(), strict=True):
            for samples, row in zip(band, block, strict=True):
                _add(samples, curve, start, levels.cell, row)
        for curve in whole:
            for row in block:
                _scale(curve, start, levels.cell, row)
        yield _DRAWN + (1.0 - _DRAWN) * (stop / audio.frames)
    return Audio(out, audio.rate)


@njit(void(_CELLS, int64, float32[::1]), cache=True, nogil=True)
def _average(values, half, out):  # type: ignore[no-untyped-def]
    """Write the mean of each value and its neighbours; beyond the ends the last value goes on."""
    last, total = values.shape[0] - 1, 0.0
    for i in range(-half, half + 1):
        total += values[min(max(i, 0), last)]
    for i in range(last + 1):
        out[i] = float32(total / (2 * half + 1))
        total += float64(values[min(i + half + 1, last)]) - float64(values[max(i - half, 0)])


@njit(boolean(_CELLS, float64[::1], float64[::1], float32[::1]), cache=True, nogil=True)
def _reduce(powers, shape, leaks, out):  # type: ignore[no-untyped-def]
    """Write by how many dB the gain is to go down, and tell whether it ever does."""
    threshold, slope, knee, most = shape
    held, worn, works = 0.0, 0.0, False
    for i in range(powers.shape[0]):
        over = 10.0 * math.log10(max(powers[i], _SILENT)) - threshold
        asked = 0.0
        if over > 0.5 * knee:
            asked = slope * over
        elif over > -0.5 * knee:
            asked = slope * (over + 0.5 * knee) ** 2 / (2.0 * knee)
        asked = most * (1.0 - math.exp(-asked / most))
        works = works or asked > 0.0
        held = max(asked, held * leaks[0])
        worn = asked + (worn - asked) * leaks[1]
        out[i] = float32(max(held, worn))
    return works


@njit(types.UniTuple(float64, 2)(_CELLS, float32[::1]), cache=True, nogil=True)
def _to_gain(powers, curve):  # type: ignore[no-untyped-def]
    """Turn dB down into a gain, in place, and tell the energy after and before."""
    after, before = 0.0, 0.0
    for i in range(powers.shape[0]):
        gain = 10.0 ** (-curve[i] / 20.0)
        before += powers[i]
        after += powers[i] * gain * gain
        curve[i] = float32(gain)
    return after, before


@njit(float64(_CELLS, int64, int64), cache=True, nogil=True, inline="always")
def _gain_at(curve, frame, cell):  # type: ignore[no-untyped-def]
    """Read the gain of a frame off the line from one cell to the next."""
    first = frame // cell
    return curve[first] + (frame - first * cell) / cell * (curve[first + 1] - curve[first])


@njit(void(_CELLS, _CELLS, int64, int64, float32[::1]), cache=True, nogil=True)
def _add(band, curve, start, cell, out):  # type: ignore[no-untyped-def]
    """Add what the gain changes about a band."""
    for i in range(out.shape[0]):
        out[i] += float32((_gain_at(curve, start + i, cell) - 1.0) * band[i])


@njit(void(_CELLS, int64, int64, float32[::1]), cache=True, nogil=True)
def _scale(curve, start, cell, out):  # type: ignore[no-untyped-def]
    """Multiply by the gain."""
    for i in range(out.shape[0]):
        out[i] = float32(_gain_at(curve, start + i, cell) * out[i])
