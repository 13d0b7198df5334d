"""Moving the pitch of a take, and leaving the rest of it as it is.

Each stretch of voice is marked, cycle by cycle; the curve of cents says how much faster or slower
its phase is to run; where that phase completes a cycle a grain is set. Where the phase runs as it
did and is a whole number of cycles off, nothing is made anew: there the take is left bit for bit.
So that it gets there after notes that were moved, the part of a cycle that is missing is spread
over their end. An offset and rumble are not moved: they would swell and fade with the grains.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numba import boolean, float64, int64, njit, types
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.f0 import F0Track
from assistant.dsp.f0_fine import runs
from assistant.dsp.mono import mono_weights
from assistant.dsp.pitch_marks import Marks, pitch_marks
from assistant.dsp.psola import Grains, overlap_add
from assistant.material import Audio, Samples

__all__ = ["FARTHEST_CENTS", "Retuned", "retune"]

Array = NDArray[np.float64]
Phases = NDArray[np.int64]

FARTHEST_CENTS = 2400.0
"""How far pitch and formants can be moved."""

CYCLE = 1 << 32  # phase is counted in whole parts of a cycle, so that sums of it are exact
IN_STEP_SECONDS = 0.06  # over which a missing part of a cycle is spread
SLOW = 0.75  # under this speed cycles may only be added, lest the phase run backwards
LEAST_LIKE = 0.4  # of a cycle and the next one; under it nothing repeats itself
FEWEST_CYCLES = 3
NEAREST = 0.4  # of a cycle: grains this near to where a copy begins or ends are left out
LONGEST_SECONDS = 20.0  # of voice that is worked on at once
AROUND_CYCLES = 3  # what marks are looked for in, beyond the stretch itself
AROUND_FRAMES = 64  # more than interpolation reaches
SLOW_HZ, SLOW_ORDER = 25.0, 8  # below is no voice: 2 % of 41 Hz, the lowest note of a bass
BLOCK_FRAMES = 1 << 20

_ARRAY = types.Array(types.float64, 1, "C", readonly=True)
_PHASES = types.Array(types.int64, 2, "C", readonly=True)
_FLAGS = types.Array(types.boolean, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Retuned:
    """A take whose pitch was moved.

    Parameters
    ----------
    audio : Audio
        As long as it was, with the channels and the rate that it had.
    untouched : float
        Share of its frames that are bit for bit as they were, 0.0 to 1.0.
    """

    audio: Audio
    untouched: float


@dataclass(frozen=True, eq=False)
class _Curve:
    """What is asked for at each point of the track of one stretch of voice."""

    times: Array  # seconds
    hz: Array
    cents: Array
    base_cents: Array
    loudest: float  # seconds


def retune(
    audio: Audio,
    fine: F0Track,
    cents: NDArray[np.float32],
    *,
    formant_cents: float = 0.0,
    base_cents: NDArray[np.float32] | None = None,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Retuned]:
    """Move the pitch of one voice by a curve; formants stay where they are.

    Parameters
    ----------
    audio : Audio
        The take, finite. All channels are moved alike.
    fine : F0Track
        Its fundamental. What is not voiced is copied, and so is what is said to be voiced but does
        not repeat itself at that fundamental.
    cents : ndarray of float32, shape (points of `fine`,)
        How far to move each point, -2400.0 to 2400.0; 0.0 leaves the sound as it is.
    formant_cents : float, optional
        How far to move the formants, -2400.0 to 2400.0. Where it is not 0.0 all that is voiced is
        made anew.
    base_cents : ndarray of float32, shape (points of `fine`,), optional
        The curve before some of its notes were edited. Where `cents` is the same, the sound is bit
        for bit what `base_cents` gives.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Retuned
        The take with its pitch moved.

    Raises
    ------
    ValueError
        Where a curve does not fit the track, or goes too far.
    """
    base = np.zeros(cents.shape, np.float32) if base_cents is None else base_cents
    for asked in (cents, base):
        if asked.shape != fine.times.shape:
            raise ValueError(f"{asked.size} cents for {fine.times.size} points of a track.")
    farthest = np.max([np.abs(each).max(initial=0.0) for each in (cents, base, formant_cents)])
    if not farthest <= FARTHEST_CENTS:
        raise ValueError(f"Pitch can be moved by {FARTHEST_CENTS} cents, not {farthest}.")
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(BLOCK_FRAMES):
        out[:, start : start + block.shape[1]] = block
    changed, speed = 0, 2.0 ** (formant_cents / 1200.0)
    weights = mono_weights(audio)
    for curve in _curves(fine, cents, base):
        if speed != 1.0 or curve.cents.any():
            changed += _retune(audio, curve, speed, weights, out)
        yield min(1.0, float(curve.times[-1]) * audio.rate / max(1, audio.frames))
    yield 1.0
    return Retuned(Audio(out, audio.rate), 1.0 - changed / max(1, audio.frames))


def _curves(
    fine: F0Track, cents: NDArray[np.float32], base: NDArray[np.float32]
) -> Iterator[_Curve]:
    """Walk through the stretches that are voiced; endless ones are cut where they are softest."""
    longest = max(4, round(LONGEST_SECONDS / fine.hop_seconds))
    for start, stop in runs(fine.voiced):
        first = start
        while stop - first > 1:
            last = stop
            if last - first > longest:
                half = first + longest // 2
                last = half + int(np.argmin(fine.level_db[half : first + longest]))
            run = slice(first, last)
            loudest = fine.times[run][np.argmax(fine.level_db[run])]
            yield _Curve(
                fine.times[run],
                fine.hz[run],
                cents[run].astype(np.float64),
                base[run].astype(np.float64),
                float(loudest),
            )
            first = last


def _retune(
    audio: Audio, curve: _Curve, speed: float, weights: NDArray[np.float32], out: Samples
) -> int:
    """Write one stretch of voice where it is to be changed; return how many frames are."""
    around = round(AROUND_CYCLES * audio.rate / curve.hz.min()) + AROUND_FRAMES
    first = max(0, round(curve.times[0] * audio.rate) - around)
    last = min(audio.frames, round(curve.times[-1] * audio.rate) + around)
    if last - first < around:
        return 0
    sound = audio.samples[:, first:last].astype(np.float64)
    slow = _slow(sound, audio.rate)
    sound -= slow
    since = first / audio.rate
    found = pitch_marks(
        weights @ sound, audio.rate, curve.times - since, curve.hz, curve.loudest - since
    )
    changed = 0
    for marks in _repeating(_within(found, last - first)):
        for grains in _regions(marks + first, curve, audio.rate, speed):
            start, stop = int(np.ceil(grains.places[0])), int(np.ceil(grains.places[-1]))
            made = slow[:, start - first : stop - first].copy()
            overlap_add(sound, first, grains, made)
            out[:, start:stop] = made
            changed += int((out[:, start:stop] != audio.samples[:, start:stop]).any(axis=0).sum())
    return changed


def _slow(sound: Array, rate: int) -> Array:
    """Tell what lies below every voice, without delay, as if mirrored at the ends."""
    hz = np.arange(sound.shape[1]) * rate / (2.0 * sound.shape[1])
    share = 1.0 / (1.0 + (hz / SLOW_HZ) ** SLOW_ORDER)
    return np.stack([fft.idct(share * fft.dct(channel)) for channel in sound])


def _within(marks: Marks, frames: int) -> Marks:
    """Leave out what is less than a cycle from where the sound begins or ends.

    A grain from there would bring that edge with it, which is a click anywhere else.
    """
    places = marks.places
    cycles = np.diff(places)
    whole = slice(
        int(np.sum(places[:-1] < cycles)), places.size - int(np.sum(places[1:] > frames - cycles))
    )
    return Marks(places[whole], marks.likeness[whole][: places[whole].size - 1])


def _repeating(marks: Marks) -> Iterator[Array]:
    """Walk through the marks of what repeats itself."""
    for start, stop in runs(marks.likeness >= LEAST_LIKE):
        if stop - start >= FEWEST_CYCLES:
            yield marks.places[start : stop + 1]


def _regions(marks: Array, curve: _Curve, rate: int, speed: float) -> Iterator[Grains]:
    """Walk through what is to be made anew, in grains; the first and the last stay in place."""
    middles = (marks[1:] + marks[:-1]) / (2.0 * rate)
    base = np.interp(middles, curve.times, curve.base_cents)
    wanted = np.interp(middles, curve.times, curve.cents)
    cycles = np.arange(marks.size, dtype=np.int64) * CYCLE
    phases = np.stack((cycles[:-1], cycles[1:]), axis=1)
    for old, new in ((np.zeros_like(base), base), (base, wanted)):
        phases = _led(phases, marks, np.asarray(old != new), new, rate)
    still = (phases[:, 0] % CYCLE == 0) & (phases[:, 1] - phases[:, 0] == CYCLE) & (speed == 1.0)
    room = int((phases[:, 1] - phases[:, 0]).sum() // CYCLE) + 3 * marks.size + 3
    places, sources, ends = np.empty(room), np.empty(room, np.int64), np.zeros(room, np.bool_)
    count = _set_grains(marks, phases, still, places, sources, ends)
    edges = np.flatnonzero(ends[:count]).reshape(-1, 2)
    speeds = np.where(ends[:count], 1.0, speed)
    chosen = sources[:count]
    grains = Grains(places[:count], marks[chosen], np.gradient(marks)[chosen], speeds)
    for start, stop in edges:
        yield grains.part(start, stop)


def _led(phases: Phases, marks: Array, moved: NDArray[np.bool_], cents: Array, rate: int) -> Phases:
    """Let the phase run at other speeds where cycles are moved, and elsewhere as it did.

    Phases are those that each cycle begins and ends with, shape (cycles, 2). Whole cycles more or
    less are no difference.
    """
    led = phases.copy()
    for start, stop in runs(moved):
        speeds = 2.0 ** (cents[start:stop] / 1200.0)
        path = np.concatenate(([0], np.cumsum(np.round(CYCLE * speeds).astype(np.int64))))
        path += phases[start, 0]
        if stop < moved.size:
            early = 0 if speeds.min() < SLOW else CYCLE // 2
            missing = (phases[stop, 0] - path[-1] + early) % CYCLE - early
            path += _spread(int(missing), marks[start : stop + 1], start == 0, rate)
        led[start:stop] = np.stack((path[:-1], path[1:]), axis=1)
    return led


def _spread(missing: int, marks: Array, free: bool, rate: int) -> Phases:
    """Return what to add to the phase at each mark; a voice that only begins is free to differ."""
    if free:
        return np.full(marks.size, missing, dtype=np.int64)
    begin = max(marks[0], marks[-1] - IN_STEP_SECONDS * rate)
    share = np.clip((marks - begin) / (marks[-1] - begin), 0.0, 1.0)
    smooth = share - np.sin(2.0 * np.pi * share) / (2.0 * np.pi)
    return np.asarray(np.round(missing * smooth), dtype=np.int64)


@njit(
    int64(_ARRAY, _PHASES, _FLAGS, float64[::1], int64[::1], boolean[::1]), cache=True, nogil=True
)
def _set_grains(marks, phases, still, places, sources, ends):  # type: ignore[no-untyped-def]
    """Set a grain of the nearest mark wherever the phase completes a cycle; return how many.

    Where something begins or ends to be made anew the grain of the mark there stays in its place.
    """
    count, cycles = 0, phases.shape[0]
    for k in range(cycles):
        if still[k]:
            continue
        if k == 0 or still[k - 1]:
            places[count], sources[count], ends[count] = marks[k], k, True
            count += 1
        begin, end = phases[k]
        length = marks[k + 1] - marks[k]
        near = NEAREST * length * CYCLE / (end - begin)
        for turn in range(-(-begin // CYCLE), -(-end // CYCLE)):
            share = (turn * CYCLE - begin) / (end - begin)
            place = marks[k] + share * length
            if place - places[count - 1] > near:
                places[count], sources[count] = place, k if share < 0.5 else k + 1
                count += 1
        if k == cycles - 1 or still[k + 1]:
            if marks[k + 1] - places[count - 1] < near and not ends[count - 1]:
                count -= 1
            places[count], sources[count], ends[count] = marks[k + 1], k + 1, True
            count += 1
    return count
