"""A plucked string: the extended Karplus-Strong algorithm, in tune.

A burst of noise runs round a delay line as long as one period, through a lowpass that lets high
partials die sooner and an allpass that makes up the fraction of a sample which the delay line
cannot hold (Jaffe and Smith, "Extensions of the Karplus-Strong Plucked-String Algorithm",
Computer Music Journal 7(2), 1983).
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["String", "pluck"]

_SEED = 20_010
_ATTACK_SECONDS = 0.0008
_RELEASE_SECONDS = 0.06  # the hand that damps a string: down by 60 dB in about seven of these
_TAIL_SECONDS = 0.35
_FADE_SECONDS = 0.004
_REFERENCE_HZ = 220.0
_FULL_DAMPING_HZ = 440.0  # above, it is less: it would choke the fundamental
_MIN_FRACTION = 0.2  # of a sample, for a stable allpass that is flat in the low partials
_MAX_LOSS = 0.99999


@dataclass(frozen=True, slots=True)
class String:
    """What a string is like.

    Parameters
    ----------
    ring_seconds : float
        How long the fundamental of A3 takes to fall by 60 dB; lower notes ring longer.
    damping : float
        How much sooner high partials die, 0.0 not at all to 0.5 the most.
    brightness : float
        How much of the highs a full-force pluck has, 0.0 to 1.0.
    position : float
        Where it is plucked, as a share of its length.
    attack_seconds : float
        How long it takes to speak.
    """

    ring_seconds: float = 4.0
    damping: float = 0.4
    brightness: float = 0.8
    position: float = 0.13
    attack_seconds: float = _ATTACK_SECONDS


@njit(  # type: ignore[untyped-decorator]
    "void(float64[::1], float64, float64, float64, float64[::1])",
    cache=True,
    nogil=True,
)
def _run(line: NDArray[np.float64], damping: float, allpass: float, loss: float,
         out: NDArray[np.float64]) -> None:  # fmt: skip
    """Let a delay line, filled with the pluck, ring into `out`."""
    place = 0
    before = 0.0
    low_before = 0.0
    all_before = 0.0
    for frame in range(out.size):
        sample = line[place]
        out[frame] = sample
        low = (1.0 - damping) * sample + damping * before
        turned = allpass * (low - all_before) + low_before
        before = sample
        low_before = low
        all_before = turned
        line[place] = loss * turned
        place += 1
        if place == line.size:
            place = 0


def pluck(
    string: String, frequency_hz: float, seconds: float, force: float, rate: int
) -> NDArray[np.float64]:
    """Pluck a string and damp it.

    Parameters
    ----------
    string : String
        What it is like.
    frequency_hz : float
        Its fundamental, above 20 Hz and below a quarter of `rate`.
    seconds : float
        How long it may ring before it is damped.
    force : float
        0.0 to 1.0: how loud, and how bright.
    rate : int
        Frames a second.

    Returns
    -------
    ndarray of float, shape (frames,)
        The sound, with the tail of the damping; the same for the same arguments.
    """
    omega = 2.0 * math.pi * frequency_hz / rate
    damping = string.damping * min(1.0, _FULL_DAMPING_HZ / frequency_hz)
    lowpass = 1.0 - damping + damping * cmath.exp(-1j * omega)
    period = rate / frequency_hz - (-cmath.phase(lowpass) / omega)
    delay = int(period - _MIN_FRACTION)
    fraction = period - delay
    allpass = math.sin(omega * (1.0 - fraction) / 2.0) / math.sin(omega * (1.0 + fraction) / 2.0)
    ring = string.ring_seconds * math.sqrt(_REFERENCE_HZ / frequency_hz)
    loss = min(_MAX_LOSS, 10.0 ** (-3.0 / (frequency_hz * ring)) / abs(lowpass))
    frames = round((seconds + _TAIL_SECONDS) * rate)
    out = np.empty(frames)
    _run(_burst(delay, string, force), damping, allpass, loss, out)
    return _shaped(out, string, seconds, rate) * force


def _burst(delay: int, string: String, force: float) -> NDArray[np.float64]:
    """Fill a delay line with noise as a pluck of that force, at that place, would."""
    noise = np.random.default_rng([_SEED, delay]).uniform(-1.0, 1.0, delay)
    spectrum = np.fft.rfft(noise)
    partials = np.arange(spectrum.size)
    cutoff = 1.0 + string.brightness * (0.15 + 0.85 * force) * 40.0
    spectrum /= np.sqrt(1.0 + (partials / cutoff) ** 2)
    spectrum *= np.abs(np.sin(np.pi * partials * string.position)) + 0.05
    spectrum[0] = 0.0
    burst = np.fft.irfft(spectrum, delay)
    return np.ascontiguousarray(burst / np.sqrt((burst**2).mean() + 1e-30))


def _shaped(
    sound: NDArray[np.float64], string: String, seconds: float, rate: int
) -> NDArray[np.float64]:
    """Let a sound speak, damp it where the note ends, and fade the last of it to nothing."""
    rise = max(1, round(string.attack_seconds * rate))
    sound[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    end = min(sound.size, round(seconds * rate))
    sound[end:] *= np.exp(-np.arange(sound.size - end) / (_RELEASE_SECONDS * rate))
    fade = min(sound.size, round(_FADE_SECONDS * rate))
    sound[sound.size - fade :] *= np.linspace(1.0, 0.0, fade)
    return sound
