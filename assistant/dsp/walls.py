"""Walls: levels at which a sound was cut off flat, whatever it was turned down by since.

A converter that is driven too high cuts all that is higher to one level. What was cut there comes
in moving, stays for some samples at the wall, and leaves moving. That tells it from what is flat
of itself: the top of a low note or of a saturated sound comes in ever slower, a limiter lets go
slowly, and a synthesiser's square wave stands still before its edge as well as after it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["Wall", "Walls", "find_walls"]

Levels: TypeAlias = NDArray[np.float64]  # shape (channels, 2): below and above, all above 0

SHORTEST_FRAMES = 3  # at a wall: fewer may be chance
LONGEST_FRAMES = 4096  # what stands still for longer was not cut off
LEVEL = 4e-5  # of the wall: the lowest value of 16 bits lies so much beyond the highest
STEP, FAINT = 2.01 / 32_768, 6e-4  # and what was turned down and rounded, with dither, may be off
# by two steps, as long as that is no more than such a share of the wall.
MOVING = 8.0  # times that, from one sample to the next
STILL = 2  # times as often as it is cut off may a sound stand still at a wall
FITS, NEAR = 2.5, 0.3  # times its speed: so far below the wall may a sound be before it gets there,
# and so near a modulated wave is as it turns, before and after; what was cut off seldom is both.
STEPS = 20.0  # that speed, for as long as it is at the wall, is so many steps of a coarse grid
WIDEST_GAP = 0.02  # of the wall: where nothing lies closer to it, it is a synthesiser's
BLOCK_FRAMES = 1 << 14  # small, as most blocks hold no peak and are left out
CELL_SECONDS = 0.05  # places are told as finely
MOST_PLACES = 1000

_ROW = types.Array(types.float32, 1, "A", readonly=True)


@dataclass(frozen=True, slots=True)
class Wall:
    """One level at which one side of one channel was cut off.

    Parameters
    ----------
    channel : int
        From 0.
    sign : int
        1 above, -1 below.
    level : float
        Linear, above 0: what is as far out as this was cut off.
    cut : int
        Number of times that it was, for at least three samples and in full motion.
    still : int
        Number of times that it was as high for as long, and stood almost still before or after.
    frames : int
        Samples at the wall.
    """

    channel: int
    sign: int
    level: float
    cut: int
    still: int
    frames: int


@dataclass(frozen=True, slots=True)
class Walls:
    """All walls of a sound.

    Parameters
    ----------
    walls : tuple of Wall
        At most two a channel.
    places : tuple of (float, float)
        Where, in seconds, in order: the first thousand.
    """

    walls: tuple[Wall, ...]
    places: tuple[tuple[float, float], ...]

    def limits(self, channel: int) -> tuple[float, float]:
        """Tell between which levels a channel is whole; infinite where it has no wall."""
        ends = {wall.sign: wall.level for wall in self.walls if wall.channel == channel}
        return -ends.get(-1, np.inf), ends.get(1, np.inf)


def find_walls(audio: Audio) -> Generator[float, None, Walls | None]:
    """Find the levels at which a sound was cut off.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Walls or None
        None where nothing was.
    """
    peaks = yield from part(_peaks(audio), 0.0, 0.5)
    tops = peaks.max(axis=0, initial=0.0)
    within = tops * (1.0 - np.maximum(LEVEL, np.minimum(STEP / np.maximum(tops, STEP), FAINT)))
    gaps = within - _next_lower(audio, within, peaks)
    gaps[gaps > WIDEST_GAP * tops] = np.inf
    moving = MOVING * (tops - within)
    counts = np.zeros((audio.channels, 2, 3), dtype=np.int64)
    cell = round(CELL_SECONDS * audio.rate)
    places = np.zeros(audio.frames // cell + 1, dtype=np.int64)
    told = np.isfinite(gaps) & (tops > 0.0) & (peaks >= within)
    for first, stop, block in _overlapping(audio, told.any(axis=(1, 2))):
        for channel, side in zip(*np.nonzero(told[first // BLOCK_FRAMES]), strict=True):
            rule = (within[channel, side], moving[channel, side], gaps[channel, side])
            row, sign = block[channel], 2.0 * side - 1.0
            _count(row, sign, (first, stop), rule, cell, counts[channel, side], places)
        yield 0.5 + 0.5 * stop / audio.frames
    walls = tuple(
        Wall(channel, 2 * side - 1, float(within[channel, side]), *map(int, counts[channel, side]))
        for channel, side in np.ndindex(tops.shape)
        if STILL * counts[channel, side, 0] > counts[channel, side, 1]
    )
    return Walls(walls, _spans(places, cell / audio.rate)) if walls else None


def _peaks(audio: Audio) -> Generator[float, None, NDArray[np.float64]]:
    """Find how far each channel goes in each block, below and above."""
    peaks = []
    for start, block in audio.blocks(BLOCK_FRAMES):
        peaks.append(np.stack([-block.min(axis=1), block.max(axis=1)], axis=1))
        yield (start + block.shape[1]) / audio.frames
    return np.array(peaks, dtype=np.float64).reshape(-1, audio.channels, 2)


def _next_lower(audio: Audio, levels: Levels, peaks: NDArray[np.float64]) -> Levels:
    """Find the highest samples under levels, below and above, if they are near enough to matter."""
    found = np.zeros_like(levels)
    near = peaks >= levels * (1.0 - 2.0 * WIDEST_GAP)
    for block, channel, side in zip(*np.nonzero(near), strict=True):
        row = audio.samples[channel, block * BLOCK_FRAMES : (block + 1) * BLOCK_FRAMES]
        lower = _highest_under(row, 2.0 * side - 1.0, levels[channel, side])
        found[channel, side] = max(found[channel, side], lower)
    return found


def _overlapping(audio: Audio, wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int, Samples]]:
    """Walk through blocks: where each begins and ends, and it, with what lies around it.

    Two samples stand before each, and the longest place with two more stands after it.
    """
    for block in np.flatnonzero(wanted).tolist():
        first = block * BLOCK_FRAMES
        stop = min(first + BLOCK_FRAMES, audio.frames)
        around = audio.samples[:, max(0, first - 2) : stop + LONGEST_FRAMES + 2]
        yield first, stop, np.pad(around, ((0, 0), (2 if first == 0 else 0, 0)))


def _spans(places: NDArray[np.int64], seconds: float) -> tuple[tuple[float, float], ...]:
    """Put marked cells that touch into one place."""
    edges = np.flatnonzero(np.diff(places > 0, prepend=False, append=False))
    pairs = edges.reshape(-1, 2)[:MOST_PLACES] * seconds
    return tuple((float(start), float(end)) for start, end in pairs)


@njit(float64(_ROW, float64, float64), cache=True, nogil=True)
def _highest_under(row, sign, level):  # type: ignore[no-untyped-def]
    """Return the highest sample under a level."""
    highest = 0.0
    for sample in row:
        value = sign * sample
        if highest < value < level:
            highest = value
    return highest


@njit(int64(_ROW, float64, int64, int64, types.UniTuple(float64, 3)), cache=True, nogil=True)
def _seen(row, sign, first, stop, rule):  # type: ignore[no-untyped-def]
    """Tell what a sound did before and after some frames at a wall.

    0 where it was in motion both times, 1 where it stood almost still, 2 where nothing is clear.
    """
    level, moving, gap = rule
    seen, near = 0, 0
    for edge, step in ((first - 1, -1), (stop, 1)):
        speed = sign * (row[edge] - row[edge + step])
        if abs(speed) < moving:
            return 1
        missing = level - sign * row[edge]
        if missing > FITS * speed or speed * (stop - first) < STEPS * gap:
            seen = 2
        near += 1 if missing < NEAR * speed else 0
    return 2 if near == 2 else seen


@njit(
    void(
        _ROW,
        float64,
        types.UniTuple(int64, 2),
        types.UniTuple(float64, 3),
        int64,
        int64[::1],
        int64[::1],
    ),
    cache=True,
    nogil=True,
)
def _count(row, sign, span, rule, cell, counts, places):  # type: ignore[no-untyped-def]
    """Count what begins at a wall within a span; the row begins two frames before it."""
    level, size = rule[0], span[1] - span[0]
    i = 2
    while i < size + 2:
        if sign * row[i] < level or (i > 0 and sign * row[i - 1] >= level):
            i += 1
            continue
        stop = i
        while stop < row.shape[0] and sign * row[stop] >= level:
            stop += 1
        counts[2] += stop - i
        if SHORTEST_FRAMES <= stop - i <= LONGEST_FRAMES and stop + 1 < row.shape[0]:
            seen = _seen(row, sign, i, stop, rule)
            if seen < 2:
                counts[seen] += 1
            if seen == 0:
                for c in range((span[0] + i - 2) // cell, (span[0] + stop - 3) // cell + 1):
                    places[c] = 1
        i = stop
