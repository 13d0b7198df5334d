"""A small drum kit: decaying tones and filtered noise."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["DRUM_NAMES", "drum"]

Sound: TypeAlias = NDArray[np.float64]

_SEED = 20_020
_FADE_SECONDS = 0.004
_ATTACK_SECONDS = 0.0004


def _time(seconds: float, rate: int) -> Sound:
    return np.arange(round(seconds * rate)) / rate


def _noise(frames: int, which: int) -> Sound:
    return np.random.default_rng([_SEED, which]).uniform(-1.0, 1.0, frames)


def _band(noise: Sound, low_hz: float, high_hz: float, rate: int) -> Sound:
    """Keep a band of a noise, with slopes of one octave."""
    spectrum = np.fft.rfft(noise)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(noise.size, 1.0 / rate), 1e-3))
    gain = np.clip(1.0 + octaves - np.log2(low_hz), 0.0, 1.0)
    gain *= np.clip(1.0 - octaves + np.log2(min(high_hz, 0.45 * rate)), 0.0, 1.0)
    return np.asarray(np.fft.irfft(spectrum * gain, noise.size), dtype=np.float64)


def _kick(rate: int) -> Sound:
    time = _time(0.4, rate)
    sweep_hz = 48.0 + 110.0 * np.exp(-time / 0.028)
    body = np.sin(2.0 * np.pi * np.cumsum(sweep_hz) / rate) * np.exp(-time / 0.11)
    beater = _band(_noise(time.size, 1), 1_000.0, 4_000.0, rate) * np.exp(-time / 0.004)
    return np.asarray(body + 0.5 * beater)


def _snare(rate: int) -> Sound:
    time = _time(0.32, rate)
    shell = np.sin(2 * np.pi * 186.0 * time) + 0.6 * np.sin(2 * np.pi * 331.0 * time)
    wires = _band(_noise(time.size, 2), 1_200.0, 9_000.0, rate)
    return np.asarray(0.45 * shell * np.exp(-time / 0.055) + 1.5 * wires * np.exp(-time / 0.075))


def _rim(rate: int) -> Sound:
    time = _time(0.09, rate)
    click = np.sin(2 * np.pi * 1_720.0 * time) + 0.5 * np.sin(2 * np.pi * 815.0 * time)
    stick = _band(_noise(time.size, 3), 2_000.0, 7_000.0, rate)
    return np.asarray(0.6 * click * np.exp(-time / 0.011) + stick * np.exp(-time / 0.006))


def _hat(rate: int) -> Sound:
    time = _time(0.12, rate)
    return np.asarray(_band(_noise(time.size, 4), 6_500.0, 15_000.0, rate) * np.exp(-time / 0.022))


def _open(rate: int) -> Sound:
    time = _time(0.6, rate)
    return np.asarray(_band(_noise(time.size, 5), 6_000.0, 15_000.0, rate) * np.exp(-time / 0.13))


def _ride(rate: int) -> Sound:
    time = _time(1.2, rate)
    partials_hz = (523.0, 811.0, 1_249.0, 1_873.0, 2_711.0, 3_967.0)
    bell = sum(np.sin(2 * np.pi * each * time + each) for each in partials_hz) / len(partials_hz)
    wash = _band(_noise(time.size, 6), 5_000.0, 14_000.0, rate)
    stick = _band(_noise(time.size, 7), 3_000.0, 9_000.0, rate) * np.exp(-time / 0.006)
    return np.asarray(0.35 * bell * np.exp(-time / 0.25) + 0.5 * wash * np.exp(-time / 0.3) + stick)


_KIT: dict[int, Callable[[int], Sound]] = {
    35: _kick, 36: _kick, 37: _rim, 38: _snare, 39: _snare, 40: _snare, 42: _hat, 44: _hat,
    46: _open, 49: _open, 51: _ride, 53: _ride, 59: _ride, 70: _hat,
}  # fmt: skip
DRUM_NAMES = {key: voice.__name__.lstrip("_") for key, voice in _KIT.items()}
"""What each General MIDI key is played by; every other key is played by the rim."""


@lru_cache(maxsize=64)
def drum(key: int, rate: int) -> Sound:
    """Strike a drum once.

    Parameters
    ----------
    key : int
        General MIDI drum key.
    rate : int
        Frames a second.

    Returns
    -------
    ndarray of float, shape (frames,)
        The sound, its peak at 1.0, closed to writing; the same every time.
    """
    sound = _KIT.get(key, _rim)(rate)
    rise = max(1, round(_ATTACK_SECONDS * rate))
    sound[:rise] *= np.arange(rise) / rise
    fade = round(_FADE_SECONDS * rate)
    sound[sound.size - fade :] *= np.linspace(1.0, 0.0, fade)
    sound /= np.abs(sound).max()
    sound.flags.writeable = False
    return sound
