"""A voice whose fundamental is known at every moment, for the tests of what moves it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track
from assistant.material import Audio

Array = NDArray[np.float64]

FORMANTS = ((700.0, 90.0), (1150.0, 100.0), (2600.0, 140.0))  # Hz, and how broad


def tract(hz: Array, raised: float = 1.0) -> NDArray[np.complex128]:
    """Return how a vocal tract answers to a frequency."""
    answer = np.ones(hz.shape, dtype=np.complex128)
    for middle, width in FORMANTS:
        pole = np.pi * width - 2j * np.pi * middle * raised
        zero = (pole * pole.conjugate()).real
        at = 2j * np.pi * hz
        answer = answer * zero / ((at + pole) * (at + pole.conjugate()))
    return answer


def sung(hz: Array, rate: int, raised: float = 1.0) -> Array:
    """Sing a curve of Hz, one value a frame, at a peak of 0.5; harmonics end before they alias."""
    turns = np.cumsum(hz) / rate
    made = np.zeros(hz.size)
    for k in range(1, int(min(0.45 * rate, 6000.0) / hz.max()) + 1):
        answer = tract(k * hz, raised) / k
        made += np.abs(answer) * np.cos(2.0 * np.pi * k * turns + np.angle(answer))
    return np.asarray(made * 0.5 / np.abs(made).max())


def tracked(hz: Array, rate: int, voiced: tuple[float, float] = (0.0, np.inf)) -> F0Track:
    """Return the track of such a curve, voiced between two moments."""
    times = np.arange(0.0, hz.size / rate, 0.005)
    at = np.minimum((times * rate).astype(int), hz.size - 1)
    inside = (times >= voiced[0]) & (times < voiced[1])
    return F0Track(times, hz[at], np.where(inside, 1.0, 0.0), np.full(times.size, -20.0), 0.005)


def as_audio(sound: Array, rate: int) -> Audio:
    """Return sound of shape (frames,) or (channels, frames) as material."""
    return Audio(np.atleast_2d(sound).astype(np.float32), rate)


def heard_hz(sound: Array, rate: int, near: float) -> float:
    """Measure a steady fundamental that is known to some percent, by how its phase goes on."""
    step, size = round(0.4 * rate / near), int(0.6 * sound.size)
    start = (sound.size - size - step) // 2
    wave = np.hanning(size) * np.exp(-2j * np.pi * near * np.arange(size) / rate)
    first, later = (np.dot(sound[i : i + size], wave) for i in (start, start + step))
    return float(np.angle(later / first) / (2.0 * np.pi) * rate / step % (rate / step))
