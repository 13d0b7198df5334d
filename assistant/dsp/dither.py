"""To fewer bits: rounding to the grid of an integer file, with noise that makes it harmless.

Rounding alone distorts what is quiet. Noise of two rounding steps, triangular in its distribution
and added before the rounding (TPDF), makes the error a steady hiss that knows nothing of the
music (Lipshitz, Wannamaker and Vanderkooy, "Quantization and Dither: A Theoretical Survey",
JAES 40(5), 1992). Shaping feeds the error back through a filter, which moves the hiss to where
the ear is deaf. The filter is designed here: the linear predictor, of a noise whose spectrum is
that which the ear hears best, is the filter that leaves the least to be heard. How well the ear
hears is the threshold in quiet of Terhardt ("Calculating virtual pitch", Hearing Research 1,
1979).

The noise is counted, not drawn: that of frame n of a channel follows from the seed, the channel
and n, so that blocks do not show.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Literal, TypeAlias

import numpy as np
from numba import boolean, float32, float64, int64, njit, types, uint64, void
from numpy.typing import NDArray

from assistant.material import Audio, Samples

__all__ = ["Kind", "most_added", "on_grid", "quantise", "shaping_filter"]

Kind: TypeAlias = Literal["none", "tpdf", "shaped"]

TAPS = 9
DEAF_DB = 30.0  # the ear is taken to be no deafer than this against where it hears best
MILDER_DB = 20.0  # the same where most of the band lies beyond hearing, or none of it
SHAPED_HZ = (40_000, 50_000)  # rates between which the band just holds what is heard
SILENCE_FRAMES = 256  # zeros in a row that are silence, and not the music crossing it
BLOCK_FRAMES = 1 << 16

_MOST_ERROR = 1.5  # steps: half of rounding, and the noise
_DESIGN_BINS = 2048
_STRIDE = 0x9E3779B97F4A7C15  # of the counter, from one frame to the next

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
_NUMBERS = types.Array(types.float64, 1, "C", readonly=True)


def quantise(
    audio: Audio,
    bits: int,
    kind: Kind,
    seed: int,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Audio]:
    """Bring a sound to the grid that a file of so many bits can hold.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    bits : int
        16 or 24.
    kind : str
        "none" rounds and no more; "tpdf" adds triangular noise; "shaped" shapes it too.
    seed : int
        Chooses the noise.
    scratch : callable
        Makes the float32 array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done.

    Returns
    -------
    Audio
        Each sample is a whole number of steps of ``2 ** (1 - bits)``, from -1.0 to one step under
        1.0. The sound itself where it lies on that grid already. Where a channel is silent, 256
        zeros in a row or to the end of the sound, it stays silent.
    """
    if on_grid(audio, bits):
        yield 1.0
        return audio
    out = scratch(audio.samples.shape)
    taps = shaping_filter(audio.rate) if kind == "shaped" else np.zeros(0)
    errors = np.zeros((audio.channels, len(taps) + BLOCK_FRAMES))
    for start, block in audio.blocks(BLOCK_FRAMES):
        stop = start + block.shape[1]
        for channel, row in enumerate(block):
            _round(
                np.ascontiguousarray(row),
                _silent(audio.samples[channel], start, stop),
                taps,
                kind != "none",
                _key(seed, channel, start),
                2.0 ** (bits - 1),
                errors[channel],
                out[channel, start:stop],
            )
        yield stop / audio.frames
    return Audio(out, audio.rate)


def on_grid(audio: Audio, bits: int) -> bool:
    """Tell whether every sample is one that a file of so many bits holds as it is.

    Parameters
    ----------
    audio : Audio
        Any sound.
    bits : int
        Of the file.

    Returns
    -------
    bool
        False also where a sample is over full scale, or no number.
    """
    top = np.float32(2.0 ** (bits - 1))  # a power of two: the product is exact
    for _, block in audio.blocks(BLOCK_FRAMES):
        steps = block * top
        if not ((steps == np.rint(steps)) & (steps >= -top) & (steps < top)).all():
            return False
    return True


def most_added(bits: int, kind: Kind, rate: int) -> float:
    """Tell how far a sample can be moved at most, for who keeps a ceiling.

    Parameters
    ----------
    bits, kind
        As in `quantise`.
    rate : int
        In Hz.

    Returns
    -------
    float
        Linear, full scale 1.0: a bound that music hardly comes near.
    """
    step = 2.0 ** (1 - bits)
    if kind == "none":
        return 0.5 * step
    gains = np.abs(shaping_filter(rate)).sum() if kind == "shaped" else 0.0
    return float(_MOST_ERROR * (1.0 + gains) * step)


def shaping_filter(rate: int) -> NDArray[np.float64]:
    """Design the filter that the error is fed back through.

    Parameters
    ----------
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (9,)
        What of each of the last errors, newest first, is added to the next sample; the spectrum
        of the error becomes that of ``1, *taps``, which is minimum-phase.
    """
    low, high = SHAPED_HZ
    most_db = DEAF_DB if low <= rate <= high else MILDER_DB
    hertz = (np.arange(_DESIGN_BINS, dtype=np.float64) + 0.5) * (rate / 2.0 / _DESIGN_BINS)
    heard = 10.0 ** (-0.1 * np.minimum(_threshold(hertz), most_db))
    lags = np.arange(TAPS + 1)[:, None]
    likeness = np.cos(2.0 * np.pi / rate * lags * hertz) @ heard
    distance = np.abs(np.arange(TAPS)[:, None] - np.arange(TAPS))
    return np.asarray(np.linalg.solve(likeness[distance], -likeness[1:]))


def _threshold(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level of the softest tone that is heard, in dB over that at the best frequency."""
    kilohertz = hertz.clip(20.0) / 1000.0
    level = 3.64 * kilohertz**-0.8 - 6.5 * np.exp(-0.6 * (kilohertz - 3.3) ** 2)
    level += 1e-3 * kilohertz**4
    return np.asarray(level + 4.98)  # the lowest point of the formula lies at 3.3 kHz


def _silent(row: Samples, start: int, stop: int) -> NDArray[np.bool_]:
    """Mark the frames of a block that lie in silence; beyond the ends of a sound there is some."""
    before, after = max(0, start - SILENCE_FRAMES), min(row.size, stop + SILENCE_FRAMES)
    sounding = np.flatnonzero(row[before:after]) + before
    # A run of zeros lies between two that sound; at the ends of the sound it has no end.
    first = -SILENCE_FRAMES if before == 0 else before - 1
    last = row.size + SILENCE_FRAMES if after == row.size else after
    edges = np.concatenate([[first], sounding, [last]])
    silent = np.zeros(after - before, dtype=np.bool_)
    for run in np.flatnonzero(np.diff(edges) > SILENCE_FRAMES):
        silent[max(0, edges[run] + 1 - before) : edges[run + 1] - before] = True
    return silent[start - before : stop - before]


def _key(seed: int, channel: int, frame: int) -> np.uint64:
    """Return where the random numbers of a channel are at a frame, far from all other channels."""
    begin = int(np.random.SeedSequence([seed, channel]).generate_state(1, np.uint64)[0])
    return np.uint64((begin + frame * _STRIDE) % 2**64)


@njit(float64(uint64, int64), cache=True, nogil=True, inline="always")
def _triangular(key, frame):  # type: ignore[no-untyped-def]
    """Return a number between -1 and 1, 0 the likeliest: two halves of a counter well stirred.

    Stirred as SplitMix64 does it (Steele, Lea and Flood, OOPSLA 2014).
    """
    word = key + uint64(frame) * uint64(_STRIDE)
    word = (word ^ (word >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> uint64(27))) * uint64(0x94D049BB133111EB)
    word ^= word >> uint64(31)
    low, high = word & uint64(0xFFFFFFFF), word >> uint64(32)
    return (float64(int64(low)) + float64(int64(high)) + 1.0) / 4294967296.0 - 1.0


@njit(
    void(_ROW, _FLAGS, _NUMBERS, boolean, uint64, float64, float64[::1], float32[::1]),
    cache=True,
    nogil=True,
)
def _round(row, silent, taps, noisy, key, top, errors, out):  # type: ignore[no-untyped-def]
    """Round a block; the errors begin with the last ones of the block before."""
    count = taps.shape[0]
    for i in range(row.shape[0]):
        if silent[i]:
            errors[count + i] = 0.0
            out[i] = 0.0
            continue
        wanted = row[i] * top
        for k in range(count):
            wanted += taps[k] * errors[count + i - 1 - k]
        noise = _triangular(key, i) if noisy else 0.0
        steps = min(max(np.rint(wanted + noise), -top), top - 1.0) + 0.0
        # Where full scale cuts off more than rounding does, that is not handed on.
        errors[count + i] = min(max(steps - wanted, -_MOST_ERROR), _MOST_ERROR)
        out[i] = float32(steps / top)
    for k in range(count):
        errors[k] = errors[row.shape[0] + k]
