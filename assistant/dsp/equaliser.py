"""A mastering equaliser: a few broad bands, true to their analogue shapes up to the top.

Each band is one second-order section. Its poles are those of the analogue filter, mapped by
``exp(s T)``; its zeros are chosen so that the magnitude is the analogue one at 0, at half the rate
and at the band's own frequency: the way of Vicanek, "Matched second order digital filters" (2016).
So a bell at 16 kHz is as wide above it as below it. A cut is the exact inverse of the
boost of the same size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numba import float64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.linear_phase import convolve, kernel
from assistant.errors import MaterialError
from assistant.material import Audio, Samples

__all__ = ["Band", "Shape", "band_sections", "equalise", "response_db"]

Shape: TypeAlias = Literal["bell", "low shelf", "high shelf", "high pass"]
Curve: TypeAlias = NDArray[np.float64]

MOST_GAIN_DB = 24.0
BUTTERWORTH_Q = math.sqrt(0.5)
BLOCK_FRAMES = 1 << 16
FLUSH = 1e-30  # below any sound, above the tiny numbers that a processor is slow with
_HIGHEST_MATCH = 2.2  # radians a sample: nearer to half the rate, three points tell too little

_SECTIONS = types.Array(types.float64, 3, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Band:
    """One band of an equaliser.

    Parameters
    ----------
    shape : {"bell", "low shelf", "high shelf", "high pass"}
        A high pass falls by 12 dB an octave.
    freq_hz : float
        Centre of a bell, middle of the slope of a shelf, corner of a high pass; above 0.
    gain_db : float
        -24 to 24; of a high pass nothing.
    q : float
        Above 0. Of a bell its centre over its width at half the gain in dB.
    side : bool, optional
        True for the sides only, False for the middle only; by default both. With other than two
        channels there is no side, and all of it is middle.

    Raises
    ------
    MaterialError
        Where a number is out of its range.
    """

    shape: Shape
    freq_hz: float
    gain_db: float = 0.0
    q: float = BUTTERWORTH_Q
    side: bool | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not (self.freq_hz > 0.0 and self.q > 0.0 and abs(self.gain_db) <= MOST_GAIN_DB):
            raise MaterialError(
                f"A band has a frequency and a Q above 0, and a gain within {MOST_GAIN_DB:g} dB;"
                f" this one has {self.freq_hz:g} Hz, {self.q:g} and {self.gain_db:g} dB."
            )

    @property
    def idle(self) -> bool:
        """Whether it changes nothing."""
        return self.gain_db == 0.0 and self.shape != "high pass"


def response_db(bands: Sequence[Band], hertz: Curve, rate: int) -> Curve:
    """Tell what bands do to each frequency, one after the other.

    Parameters
    ----------
    bands : sequence of Band
        All of them count, whether for the middle or the sides.
    hertz : ndarray of float64
        Up to half the rate.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64
        Gain in dB at each frequency.

    Raises
    ------
    MaterialError
        Where a band lies at or above half the rate.
    """
    turn = 2.0 * np.pi * hertz / rate
    first, second = np.exp(-1j * turn), np.exp(-2j * turn)
    gain = np.zeros_like(turn)
    for b0, b1, b2, a1, a2 in band_sections(bands, rate):
        power = np.abs((b0 + b1 * first + b2 * second) / (1.0 + a1 * first + a2 * second))
        gain += 20.0 * np.log10(np.maximum(power, 1e-12))
    return gain


def equalise(
    audio: Audio,
    bands: Sequence[Band],
    scratch: Callable[[tuple[int, ...]], Samples],
    *,
    linear_phase: bool = False,
) -> Generator[float, None, Audio]:
    """Send a sound through bands.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped: it is worked through in blocks.
    bands : sequence of Band
        In any order.
    scratch : callable
        Makes the array for what comes out.
    linear_phase : bool
        Whether to leave the phase alone: the same gains by a symmetric filter, centred, so that
        nothing comes later. By default phase follows gain (minimum phase) and nothing rings
        before its time.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the sound; the sound itself where no band changes anything.

    Raises
    ------
    MaterialError
        Where a band lies at or above half the rate.
    """
    stereo = audio.channels == 2
    middle = [band for band in bands if not (band.idle or band.side is True)]
    sides = [band for band in bands if not (band.idle or band.side is False)] if stereo else middle
    if not middle and not sides:
        yield 1.0
        return audio
    out = scratch(audio.samples.shape)
    if linear_phase:
        kernels = _kernel(middle, audio.rate), _kernel(sides, audio.rate)
        yield from convolve(audio, *kernels, out)
    else:
        yield from _filter(audio, middle, sides, out)
    return Audio(out, audio.rate)


def _kernel(bands: Sequence[Band], rate: int) -> Curve:
    return kernel(lambda hertz: response_db(bands, hertz, rate), rate)


def _filter(
    audio: Audio, middle: Sequence[Band], sides: Sequence[Band], out: Samples
) -> Generator[float, None, None]:
    """Filter channels two by two, as middle and sides where these differ."""
    apart = middle != sides
    sections = _side_by_side(band_sections(middle, audio.rate), band_sections(sides, audio.rate))
    pairs = [(n, min(n + 1, audio.channels - 1)) for n in range(0, audio.channels, 2)]
    states = np.zeros((len(pairs), len(sections), 2, 2))
    for start, block in audio.blocks(BLOCK_FRAMES):
        stop = start + block.shape[1]
        for (one, other), state in zip(pairs, states, strict=True):
            rows = np.stack([block[one], block[other]]).astype(np.float64)
            if apart:
                rows = np.stack([rows[0] + rows[1], rows[0] - rows[1]]) * 0.5
            _run(rows, sections, state)
            if apart:
                rows = np.stack([rows[0] + rows[1], rows[0] - rows[1]])
            out[one, start:stop] = rows[0]
            out[other, start:stop] = rows[1 if other != one else 0]
        states[np.abs(states) < FLUSH] = 0.0
        yield stop / audio.frames


def _side_by_side(middle: Curve, sides: Curve) -> Curve:
    """Set the sections of two rows beside each other, shape (sections, 2, 5)."""
    both = np.zeros((max(len(middle), len(sides)), 2, 5))
    both[:, :, 0] = 1.0
    both[: len(middle), 0] = middle
    both[: len(sides), 1] = sides
    return both


def band_sections(bands: Sequence[Band], rate: int) -> Curve:
    """Design the second-order sections of bands.

    Parameters
    ----------
    bands : sequence of Band
        Any number, 0 too.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (bands, 5)
        One row ``b0, b1, b2, a1, a2`` a band.
    """
    rows = [_section(band, rate) for band in bands]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 5)


def _section(band: Band, rate: int) -> Curve:
    """Match the analogue filter of a band."""
    if band.freq_hz >= rate / 2.0:
        raise MaterialError(
            f"A band at {band.freq_hz:g} Hz needs a sample rate of more than"
            f" {2.0 * band.freq_hz:g} Hz, not {rate} Hz."
        )
    over, under, inverse = _analogue(band)
    turn = 2.0 * np.pi * band.freq_hz / rate
    a1, a2 = _poles(under, turn)
    squares = np.array([(1.0 + a1 + a2) ** 2, (1.0 - a1 + a2) ** 2, -4.0 * a2])
    low, mid, high = (
        _square(over, under, at / turn) * float(squares @ _weights(at))
        for at in (0.0, min(turn, _HIGHEST_MATCH), np.pi)
    )
    if band.shape == "high pass":  # both zeros at 0 Hz; only the level is left to match
        b0 = math.sqrt(high) / 4.0
        return np.array([b0, -2.0 * b0, b0, a1, a2])
    weights = _weights(min(turn, _HIGHEST_MATCH))
    rest = (mid - weights[0] * low - weights[1] * high) / weights[2]
    half = (math.sqrt(low) + math.sqrt(high)) / 2.0
    b0 = (half + math.sqrt(max(half * half + rest, 0.0))) / 2.0
    b1, b2 = (math.sqrt(low) - math.sqrt(high)) / 2.0, -rest / (4.0 * b0)
    if inverse:
        return np.array([1.0, a1, a2, b1, b2]) / b0
    return np.array([b0, b1, b2, a1, a2])


def _analogue(band: Band) -> tuple[Curve, Curve, bool]:
    """Return over, under, and whether the band is the inverse of that, by powers of s.

    Of a shelf and its inverse the one with the lower poles is taken: poles near half the rate
    would fold over.
    """
    a = 10.0 ** (abs(band.gain_db) / 40.0)
    damping = 1.0 / band.q
    if band.shape == "high pass":
        return np.array([1.0, 0.0, 0.0]), np.array([1.0, damping, 1.0]), False
    if band.shape == "bell":
        over, under = [1.0, a * damping, 1.0], [1.0, damping / a, 1.0]
        return np.array(over), np.array(under), band.gain_db < 0.0
    damping *= math.sqrt(a)
    if band.shape == "low shelf":
        over, under = [a, a * damping, a * a], [a, damping, 1.0]
        return np.array(over), np.array(under), band.gain_db < 0.0
    over, under = [1.0, damping, a], [a * a, a * damping, a]
    return np.array(over), np.array(under), band.gain_db > 0.0


def _poles(under: Curve, turn: float) -> tuple[float, float]:
    """Map the poles by ``exp(s T)``: ``a1`` and ``a2``."""
    turn *= math.sqrt(under[2] / under[0])
    damping = under[1] / (2.0 * math.sqrt(under[0] * under[2]))
    decay = math.exp(-damping * turn)
    if damping <= 1.0:
        return -2.0 * decay * math.cos(turn * math.sqrt(1.0 - damping**2)), decay**2
    return -2.0 * decay * math.cosh(turn * math.sqrt(damping**2 - 1.0)), decay**2


def _square(over: Curve, under: Curve, hertz: float) -> float:
    """Return the squared magnitude of an analogue filter, with its own frequency as 1."""
    above, below = ((c[2] - c[0] * hertz**2) ** 2 + (c[1] * hertz) ** 2 for c in (over, under))
    return float(above / below)


def _weights(turn: float) -> Curve:
    """Return what each of a section's three squares counts for at a frequency."""
    low, high = math.cos(turn / 2.0) ** 2, math.sin(turn / 2.0) ** 2
    return np.array([low, high, 4.0 * low * high])


@njit(void(float64[:, ::1], _SECTIONS, float64[:, :, ::1]), cache=True, nogil=True)
def _run(rows, sections, state):  # type: ignore[no-untyped-def]
    """Filter two rows in place; two at once keep the processor busy while each waits."""
    for n in range(sections.shape[0]):
        b0, b1, b2, a1, a2 = sections[n, 0]
        c0, c1, c2, d1, d2 = sections[n, 1]
        s1, s2 = state[n, 0]
        t1, t2 = state[n, 1]
        for i in range(rows.shape[1]):
            x, u = rows[0, i], rows[1, i]
            y, v = b0 * x + s1, c0 * u + t1
            s1, t1 = (b1 * x + s2) - a1 * y, (c1 * u + t2) - d1 * v
            s2, t2 = b2 * x - a2 * y, c2 * u - d2 * v
            rows[0, i], rows[1, i] = y, v
        state[n, 0, 0], state[n, 0, 1] = s1, s2
        state[n, 1, 0], state[n, 1, 1] = t1, t2
