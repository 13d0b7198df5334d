"""Declipping: what was over a wall is made up from what is whole around it.

Music is sparse: few places of a spectrogram hold almost all of it, and a sound cut off flat has
more. So a sound is looked for that has few such places and goes through every sample that is whole
and beyond the wall where it was cut off. It is found step by step, by the alternating directions
of the SPADE algorithm (Kitić, Bertin and Gribonval, "Sparsity and cosparsity for audio declipping:
a flexible non-convex approach", 2015, arXiv 1506.01830), in which hard thresholds make sparse and
a projection keeps what is known. Three things are done in another way:

- The threshold is one level for all of a stretch and falls by the same ratio each step, instead of
  a number of coefficients for each frame that rises; it begins near the loudest. Peaks of heavily
  clipped sound have to grow a long way, and do so only while the threshold is high.
- Two spectrograms, of long and of short frames, are made sparse at once, and the sound lies
  midway between what they propose: notes are sparse in the one, hits in the other.
- The threshold is higher for higher frequencies, as cutting off puts much there where music has
  little (weights: Záviška and Rajmic, "Audio declipping with (weighted) analysis social sparsity",
  2022, arXiv 2205.10215).

Frames overlap by half only. Samples that are whole stay as they are, bit for bit.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import complex64, float32, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.walls import Walls
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Scratch

__all__ = ["declip"]

Row: TypeAlias = NDArray[np.float32]
Spectra: TypeAlias = NDArray[np.complex64]
Mask: TypeAlias = NDArray[np.bool_]

FRAME_SECONDS = (0.046, 0.186)
STEPS = 50
LAST_THRESHOLD = 1e-3  # of the first
FIRST_LEAST, FIRST_PER_CUT = 0.2, 10.0  # of a wave of the walls' height, and by the share cut off
TILT, FLAT_BELOW = 0.3, 0.02  # of the thresholds over frequency, as an exponent; share of the rate
HIGHEST = 8.0  # times the wall
STRETCH_FRAMES = 1 << 17

_ROW = types.Array(types.float32, 1, "C", readonly=True)


def declip(audio: Audio, walls: Walls | None, scratch: Scratch) -> Generator[float, None, Audio]:
    """Make up what was cut off.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    walls : Walls or None
        Where it was cut off, from `assistant.dsp.walls.find_walls`.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where nothing was cut off. Its peaks may be over full scale.
    """
    if walls is None:
        return audio
    out = scratch(audio.samples.shape)
    for channel, row in enumerate(audio.samples):
        limits = walls.limits(channel)
        for start, stop in _stretches(row, limits, STRETCH_FRAMES):
            out[channel, start:stop] = row[start:stop]
            for first, last in _cut_parts(row, (start, stop), limits, _margin(audio.rate)):
                out[channel, first:last] = _mended(row, (first, last), limits, audio.rate)
            yield (channel + stop / audio.frames) / audio.channels
    return Audio(out, audio.rate)


def _stretches(row: Row, limits: tuple[float, float], frames: int) -> Iterator[tuple[int, int]]:
    """Part a channel, never where it is cut off, as long as that is found in time."""
    start = 0
    while start < row.size:
        stop = min(start + frames, row.size)
        if stop < row.size:
            whole = np.flatnonzero(~_beyond(row[start + frames // 2 : stop], limits))
            stop = start + frames // 2 + int(whole[-1]) + 1 if whole.size else stop
        yield start, stop
        start = stop


def _cut_parts(
    row: Row, span: tuple[int, int], limits: tuple[float, float], margin: int
) -> Iterator[tuple[int, int]]:
    """Find parts of a stretch that are cut off in places no further from each other than that."""
    cut = span[0] + np.flatnonzero(_beyond(row[slice(*span)], limits))
    if cut.size:
        far = np.flatnonzero(np.diff(cut) > margin)
        firsts, lasts = cut[np.append(0, far + 1)], cut[np.append(far, cut.size - 1)]
        yield from zip(firsts.tolist(), (lasts + 1).tolist(), strict=True)


def _mended(row: Row, span: tuple[int, int], limits: tuple[float, float], rate: int) -> Row:
    """Make up what was cut off in a part, from it and what lies around it."""
    margin = _margin(rate)
    before, after = max(0, span[0] - margin), min(row.size, span[1] + margin)
    length = -(-(after - before) // margin) * margin
    known = np.zeros(length + 2 * margin, dtype=np.float32)
    known[margin : margin + after - before] = row[before:after]
    made = _sparsest(known, limits, rate)[margin + span[0] - before :][: span[1] - span[0]]
    given = row[slice(*span)]
    return np.where(_beyond(given, limits), made, given)


def _sparsest(known: Row, limits: tuple[float, float], rate: int) -> Row:
    """Look for the sparsest sound that goes through what is known; see above."""
    lowest, highest = _bounds(known, limits)
    wall = min(-limits[0], limits[1])
    share = float(np.mean(lowest != highest)) * known.size / max(1, int(np.count_nonzero(known)))
    first = wall * min(1.0, max(FIRST_LEAST, FIRST_PER_CUT * share))
    views = [_View.of(seconds, rate, known) for seconds in FRAME_SECONDS]
    sound, proposed = known.copy(), np.empty_like(known)
    for threshold in np.geomspace(first, first * LAST_THRESHOLD, STEPS, dtype=np.float32):
        proposed[:] = 0.0
        for view in views:
            view.propose(sound, threshold, proposed)
        np.clip(proposed, lowest, highest, out=sound)
    return sound


@dataclass(eq=False)
class _View:
    """A sound as one spectrogram has it, and how far that was from sparse in the steps before.

    Scaled so that the transforms stay in float32, into arrays that are made once.
    """

    window: Row
    weights: Row
    frames: Row
    spectra: Spectra
    off: Spectra

    @classmethod
    def of(cls, seconds: float, rate: int, sound: Row) -> _View:
        """Begin with nothing off."""
        window, weights = _frame(window_frames(seconds, rate))
        count = 2 * sound.size // window.size - 1
        spectra = np.empty((count, weights.size), dtype=np.complex64)
        frames = np.empty((count, window.size), dtype=np.float32)
        return cls(window, weights, frames, spectra, np.zeros_like(spectra))

    def propose(self, sound: Row, threshold: np.float32, proposed: Row) -> None:
        """Add half of a sound that is nearer to sparse."""
        _cut(sound, self.window, self.frames)
        np.fft.rfft(self.frames, norm="forward", out=self.spectra)  # type: ignore[arg-type]
        _make_sparse(self.spectra, self.off, threshold * self.weights)
        np.fft.irfft(self.spectra, out=self.frames)  # type: ignore[arg-type]
        _lay(self.frames, self.window, np.float32(self.window.size / len(FRAME_SECONDS)), proposed)


@njit(void(_ROW, _ROW, float32[:, ::1]), cache=True, nogil=True)
def _cut(sound, window, frames):  # type: ignore[no-untyped-def]
    """Cut a sound into frames that overlap by half."""
    half = window.size // 2
    for k in range(frames.shape[0]):
        part, frame = sound[k * half : k * half + window.size], frames[k]
        for i in range(window.size):
            frame[i] = part[i] * window[i]


@njit(void(float32[:, ::1], _ROW, float32, float32[::1]), cache=True, nogil=True)
def _lay(frames, window, factor, sound):  # type: ignore[no-untyped-def]
    """Add frames up to a sound."""
    half = window.size // 2
    for k in range(frames.shape[0]):
        part, frame = sound[k * half : k * half + window.size], frames[k]
        for i in range(window.size):
            part[i] += frame[i] * window[i] * factor


@njit(void(complex64[:, ::1], complex64[:, ::1], float32[::1]), cache=True, nogil=True)
def _make_sparse(spectra, off, thresholds):  # type: ignore[no-untyped-def]
    """Drop what is under the thresholds, and keep it as what is off; both are taken off at once."""
    for k in range(spectra.shape[0]):
        for i in range(thresholds.size):
            wanted = spectra[k, i] + off[k, i]
            power = wanted.real * wanted.real + wanted.imag * wanted.imag
            kept = power > thresholds[i] * thresholds[i]
            off[k, i] = complex64(0.0) if kept else wanted
            spectra[k, i] = wanted if kept else -wanted


@lru_cache(maxsize=8)
def _frame(length: int) -> tuple[Row, Row]:
    """Make a window whose squares add up to one, and how high thresholds are at its frequencies.

    A threshold of 1.0 is the line of a wave of height 1.0.
    """
    window = np.sin(np.pi * (np.arange(length) + 0.5) / length)
    shares = np.arange(length // 2 + 1) / length
    weights = window.mean() / 2.0 * (np.maximum(shares, FLAT_BELOW) / FLAT_BELOW) ** TILT
    return window.astype(np.float32), weights.astype(np.float32)


def _bounds(known: Row, limits: tuple[float, float]) -> tuple[Row, Row]:
    """Tell between which values the sound lies, sample by sample."""
    below, above = known <= limits[0], known >= limits[1]
    lowest, highest = known.copy(), known.copy()
    lowest[below] *= np.float32(HIGHEST)
    highest[above] *= np.float32(HIGHEST)
    return lowest, highest


def _beyond(row: Row, limits: tuple[float, float]) -> Mask:
    """Tell which samples are at a wall."""
    return np.asarray((row <= limits[0]) | (row >= limits[1]))


def _margin(rate: int) -> int:
    """Return how much around a part is heard: the longest frame."""
    return window_frames(FRAME_SECONDS[-1], rate)
