"""Songs that are made in a moment, and what is measured of masters of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from functools import lru_cache

import numpy as np
from scipy.signal import resample_poly

from assistant.material import Audio, Samples

RATE = 44_100


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


@lru_cache(maxsize=16)
def song(seconds: float = 8.0, channels: int = 2, rate: int = RATE, level: float = 0.3) -> Audio:
    """Make drums, a bass and a chord that swells."""
    dice = np.random.default_rng(channels)
    time = np.arange(int(seconds * rate)) / rate
    drums = np.exp(-(time % 0.5) / 0.04) * dice.standard_normal((channels, time.size))
    bass = np.sin(2.0 * np.pi * 55.0 * time)
    chord = sum(np.sin(2.0 * np.pi * f * time) for f in (220.0, 277.2, 329.6))
    swell = 0.2 + 0.1 * np.sin(2.0 * np.pi * 0.25 * time)
    return Audio((level * (0.5 * drums + 0.3 * bass + swell * chord)).astype(np.float32), rate)


@lru_cache(maxsize=16)
def record(seconds: float = 8.0) -> Audio:
    """Make a beat whose balance is about that of records: 4.5 dB less in each octave."""
    dice, frames = np.random.default_rng(7), int(seconds * RATE)
    hertz = np.fft.rfftfreq(frames, 1.0 / RATE)
    slope = np.where(hertz > 40.0, np.maximum(hertz, 40.0) ** -0.75, 0.0)
    both = np.fft.irfft(slope * np.fft.rfft(dice.standard_normal((2, frames))), frames)
    both = 0.75 * both[:1] + 0.25 * both
    beat = 0.3 + np.exp(-(np.arange(frames) / RATE % 0.5) / 0.1)
    return Audio((0.08 * beat * both / both.std()).astype(np.float32), RATE)


def rounded(audio: Audio, bits: int) -> Audio:
    """Round a sound to a grid, as a file of so many bits has it."""
    step = np.float32(2.0 ** (1 - bits))
    return Audio(np.round(audio.samples / step) * step, audio.rate)


def peak_16(samples: Samples) -> float:
    """Return the highest true peak in dBTP, found by SciPy at sixteen times the rate."""
    highest, block, margin = 0.0, 1 << 18, 20
    for row in samples:
        padded = np.pad(row, margin)
        for start in range(0, row.size, block):
            part = resample_poly(padded[start : start + block + 2 * margin], 16, 1)
            highest = max(highest, float(np.abs(part[16 * margin : -16 * margin]).max()))
    return 20.0 * math.log10(highest)


class Hot:
    """A codec that makes a few peaks higher."""

    name, version = "hot", "1"

    def __init__(self, over_db: float = 3.0) -> None:
        self.over = 10.0 ** (over_db / 20.0)
        self.heard: list[Audio] = []

    def encoder(self, codec: str, /) -> str:
        return codec

    def __call__(
        self, audio: Audio, codec: str, kbps: int, scratch: Callable[[tuple[int, ...]], Samples], /
    ) -> Generator[float, None, Audio | None]:
        self.heard.append(audio)
        yield 0.5
        made = audio.samples.copy()
        for second in range(1, int(audio.seconds)):
            made[:, second * audio.rate : second * audio.rate + 40] *= np.float32(self.over)
        return Audio(made, audio.rate)
