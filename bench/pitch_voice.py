"""A singing voice made from numbers, whose fundamental is known exactly at every instant.

Glottal pulses after Liljencrants and Fant ("A four-parameter model of glottal flow", STL-QPSR
1985), as many of their overtones as fit under half the rate, aspiration between them, and a
cascade of resonators that move (Klatt, "Software for a cascade/parallel formant synthesizer",
JASA 1980). All but the pitch is given beside it, so that one performance can be sung again at
other pitches: the same noise, formants and loudness.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import brentq

from assistant.material import Samples

__all__ = [
    "BURSTS",
    "CONTROL_HZ",
    "FRICATIVES",
    "NASAL",
    "RATE_HZ",
    "VOWELS",
    "Performance",
    "sing",
    "strength",
]

Array = NDArray[np.float64]

RATE_HZ = 44_100
CONTROL_HZ = 1_000
"""Steps a second of pitch, loudness and formants; straight lines between them."""

VOWELS: dict[str, tuple[float, ...]] = {
    "a": (750.0, 1_200.0, 2_550.0, 3_400.0, 4_450.0),
    "e": (460.0, 1_900.0, 2_600.0, 3_450.0, 4_500.0),
    "i": (300.0, 2_250.0, 3_000.0, 3_550.0, 4_550.0),
    "o": (470.0, 850.0, 2_500.0, 3_350.0, 4_400.0),
    "u": (330.0, 720.0, 2_400.0, 3_300.0, 4_350.0),
    "A": (640.0, 1_050.0, 2_450.0, 3_300.0, 4_400.0),
}
NASAL = (270.0, 1_250.0, 2_300.0, 3_300.0, 4_400.0)
FRICATIVES: dict[str, tuple[float, float, float]] = {  # lowest Hz, highest Hz, level
    "s": (5_000.0, 11_000.0, 0.4),
    "sh": (2_300.0, 6_500.0, 0.35),
    "f": (1_500.0, 9_500.0, 0.1),
    "h": (500.0, 3_000.0, 0.15),
}
BURSTS: dict[str, tuple[float, float, float]] = {
    "p": (300.0, 2_000.0, 0.4),
    "t": (2_500.0, 8_000.0, 0.5),
    "k": (1_200.0, 3_500.0, 0.5),
}

_WIDTHS_HZ = (70.0, 90.0, 130.0, 200.0, 260.0)
_HIGHER_HZ, _HIGHER_WIDTH_HZ = (5_500.0, 6_600.0, 7_800.0, 9_200.0, 11_000.0, 13_500.0), 700.0
_BRIGHT_HZ = 1_000.0  # from here on 6 dB an octave more than the model: sung, not spoken
_STEP = 16  # samples between two settings of the resonators
_HIGHEST_HARMONIC_HZ = 18_000.0
_MOST_HARMONICS = 400
_PULSE_POINTS = 16_384
# The shape parameter of Fant (1995): a pressed voice, and a soft one.
_PRESSED, _SOFT = 0.5, 1.6


@dataclass(frozen=True, eq=False)
class Performance:
    """All of a sung take but its pitch, `CONTROL_HZ` steps a second.

    Parameters
    ----------
    loudness : ndarray of float, shape (steps,)
        Of the glottal source, 0.0 where the folds do not swing.
    softness : ndarray of float, shape (steps,)
        0.0 pressed, 1.0 soft.
    formants : ndarray of float, shape (steps, 5)
        Hz.
    aspiration : ndarray of float, shape (steps,)
        Of the noise that passes the formants; it swells with each opening of the folds.
    hiss : ndarray of float, shape (frames,)
        Consonants and room, as they sound.
    tract : float
        How much shorter the tract is than a man's: 1.0 a man, 1.17 a woman, 1.3 a child.
    seed : int
        Of the noise.
    """

    loudness: Array
    softness: Array
    formants: Array
    aspiration: Array
    hiss: Array
    tract: float
    seed: int


def sing(performance: Performance, pitch: Array) -> Samples:
    """Sing a performance at a pitch.

    Parameters
    ----------
    performance : Performance
        All but the pitch.
    pitch : ndarray of float, shape (steps,)
        MIDI numbers with fractions, `CONTROL_HZ` a second; what is sung is exactly this.

    Returns
    -------
    ndarray of float32, shape (1, frames)
        At `RATE_HZ`, unscaled.
    """
    frames = performance.hiss.size
    noise = np.random.default_rng(performance.seed).standard_normal(frames)
    hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    pulses = np.stack([_overtones(_PRESSED), _overtones(_SOFT)])
    source = _source(
        _stretched(np.log2(hz), frames),
        _stretched(performance.loudness, frames),
        _stretched(performance.softness, frames),
        _stretched(performance.aspiration, frames),
        noise,
        pulses,
    )
    places, widths = _resonators(performance.formants, performance.tract)
    voiced = _tract(source, places, widths, RATE_HZ / CONTROL_HZ)
    return np.asarray(voiced + performance.hiss, dtype=np.float32)[None, :]


def strength(hz: float, formants: Array, tract: float, softness: float) -> float:
    """Tell how loud (RMS) a voice of loudness 1.0 is, at a fundamental, with these formants."""
    count = min(int(_HIGHEST_HARMONIC_HZ / hz), _MOST_HARMONICS - 1)
    source = (1.0 - softness) * _overtones(_PRESSED) + softness * _overtones(_SOFT)
    places_hz = hz * np.arange(1, count + 1)
    back = np.exp(-2j * np.pi * places_hz / RATE_HZ)
    passed = np.sqrt(1.0 + (places_hz / _BRIGHT_HZ) ** 2)
    places, widths = _resonators(formants[None, :], tract)
    for place, width in zip(places[0], widths, strict=True):
        pole = np.exp((-width + 2j * place) * np.pi / RATE_HZ)
        still = abs(1.0 - pole) ** 2
        passed *= np.abs(still / ((1.0 - pole * back) * (1.0 - np.conj(pole) * back)))
    return float(np.sqrt(0.5 * np.sum(np.abs(source[1 : count + 1] * passed) ** 2)))


def _resonators(formants: Array, tract: float) -> tuple[Array, Array]:
    """Return places (steps, resonators) and widths, with those above the vowels' own."""
    higher = np.tile(_HIGHER_HZ, (formants.shape[0], 1)) * tract
    widths = np.array([*_WIDTHS_HZ, *[_HIGHER_WIDTH_HZ] * len(_HIGHER_HZ)]) * tract
    return np.concatenate([formants, higher], axis=1), widths


def _stretched(values: Array, frames: int) -> Array:
    places = np.arange(frames) * (CONTROL_HZ / RATE_HZ)
    return np.asarray(np.interp(places, np.arange(values.size), values))


@lru_cache
def _overtones(shape: float) -> NDArray[np.complex128]:
    """Return the overtones of the derivative of the glottal flow, the first one 1.0 strong."""
    rise = (-1.0 + 4.8 * shape) / 100.0
    skew = (22.4 + 11.8 * shape) / 100.0
    speed = skew / (4.0 * (0.11 * shape / (0.5 + 1.2 * skew) - rise))
    top = 1.0 / (2.0 * speed)
    end = top * (1.0 + skew)
    decay = brentq(lambda e: e * rise - 1.0 + np.exp(-e * (1.0 - end)), 0.1 / rise, 10.0 / rise)
    time = (np.arange(_PULSE_POINTS) + 0.5) / _PULSE_POINTS
    closing = -(np.exp(-decay * (time - end)) - np.exp(-decay * (1.0 - end))) / (decay * rise)

    def pulse(growth: float) -> Array:
        opening = np.exp(growth * (time - end)) * np.sin(np.pi * time / top)
        opening /= -np.sin(np.pi * end / top)
        return np.asarray(np.where(time < end, opening, closing))

    growth = brentq(lambda g: float(pulse(g).sum()), -50.0, 200.0)
    turned = np.fft.rfft(pulse(growth))[: _MOST_HARMONICS + 1]
    return np.asarray(turned / np.abs(turned[1]))


@njit("f8[:](f8[:], f8[:], f8[:], f8[:], f8[:], c16[:, :])", cache=True)
def _source(octaves, loudness, softness, aspiration, noise, overtones):  # type: ignore[no-untyped-def]
    """Sum the overtones of the pulses, and breathe between them."""
    out = np.zeros(octaves.size)
    phase = 0.0
    for n in range(octaves.size):
        hz = 2.0 ** octaves[n]
        phase += hz / RATE_HZ
        phase -= np.floor(phase)
        turn = np.exp(2j * np.pi * phase)
        if loudness[n] > 0.0:
            count = min(_HIGHEST_HARMONIC_HZ / hz, _MOST_HARMONICS - 1.0)
            whole = int(count)
            soft = softness[n]
            at = turn
            total = 0.0
            for k in range(1, whole + 2):
                strength = (1.0 - soft) * overtones[0, k] + soft * overtones[1, k]
                strength *= np.sqrt(1.0 + (k * hz / _BRIGHT_HZ) ** 2)
                # the last one comes and goes smoothly as the pitch moves
                share = 1.0 if k <= whole else count - whole
                total += share * (strength.real * at.real - strength.imag * at.imag)
                at *= turn
            out[n] = loudness[n] * total
        swell = 0.6 + 0.4 * turn.real if loudness[n] > 0.0 else 1.0
        out[n] += aspiration[n] * swell * noise[n]
    return out


@njit("f8[:](f8[:], f8[:, :], f8[:], f8)", cache=True)
def _tract(sound, places, widths, stride):  # type: ignore[no-untyped-def]
    """Pass a sound through resonators in a row, each with a gain of one at 0 Hz."""
    count = widths.size
    first, second = np.zeros(count), np.zeros(count)
    gain, back, far = np.zeros(count), np.zeros(count), np.zeros(count)
    out = np.empty(sound.size)
    for n in range(sound.size):
        if n % _STEP == 0:
            spot = n / stride
            low = min(int(spot), places.shape[0] - 2)
            share = min(spot - low, 1.0)
            for k in range(count):
                hz = (1.0 - share) * places[low, k] + share * places[low + 1, k]
                far[k] = -np.exp(-2.0 * np.pi * widths[k] / RATE_HZ)
                back[k] = (
                    2.0 * np.exp(-np.pi * widths[k] / RATE_HZ) * np.cos(2.0 * np.pi * hz / RATE_HZ)
                )
                gain[k] = 1.0 - back[k] - far[k]
        value = sound[n]
        for k in range(count):
            value = gain[k] * value + back[k] * first[k] + far[k] * second[k]
            second[k] = first[k]
            first[k] = value
        out[n] = value
    return out
