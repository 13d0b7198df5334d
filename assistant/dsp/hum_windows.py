"""Hum looked for where it would be heard best, and at a low rate: quick enough for many tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assistant.dsp.hum import Hum, find_hum
from assistant.dsp.hum_lines import lines_of
from assistant.dsp.mains import combs
from assistant.dsp.resampling import resample
from assistant.material import Audio, Samples
from assistant.steps import result

__all__ = ["HumLine", "WindowedHum", "hum_in"]

SURE = 0.8  # enough to look no further
LOW_RATE_HZ = 11_025  # holds all harmonics; windows come out as short as music asks for


class HumLine(NamedTuple):
    """A harmonic of the mains: where it lies, and its level in dBFS."""

    hertz: float
    level_db: float


class WindowedHum(NamedTuple):
    """Hum, its harmonics with the strongest first, and the second at which it was heard."""

    hum: Hum
    lines: tuple[HumLine, ...]
    second: float


def hum_in(audio: Audio, spans: Sequence[tuple[float, float]]) -> WindowedHum | None:
    """Look for hum in some spans.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: only the spans are read.
    spans : sequence of (float, float)
        In seconds, of 1.5 s and more.

    Returns
    -------
    WindowedHum or None
        From the first span in which it is sure, or where it is surest; None where there is none.
    """
    found = None
    for start, stop in spans:
        samples = audio.samples[:, round(start * audio.rate) : round(stop * audio.rate)]
        if not combs(samples, audio.rate):
            continue
        low = _at_low_rate(Audio(np.array(samples), audio.rate))
        hum = result(find_hum(low))
        if hum is not None and (found is None or hum.sure > found.hum.sure):
            found = WindowedHum(hum, _lines(low, hum), start)
            if hum.sure >= SURE:
                break
    return found


def _at_low_rate(audio: Audio) -> Audio:
    if audio.rate <= LOW_RATE_HZ:
        return audio
    return result(resample(audio, LOW_RATE_HZ, _zeros))


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def _lines(audio: Audio, hum: Hum) -> tuple[HumLine, ...]:
    """Measure harmonics, each in the channel that has most of it; notes come and go beside it."""
    values = lines_of(audio.samples, audio.rate, hum.hertz).values
    powers = 0.5 * np.median(np.square(np.abs(values)), axis=2).max(axis=0)
    orders = sorted({order for one in hum.stretches for order in one.orders})
    lines = [HumLine(order * hum.hertz, _decibels(float(powers[order - 1]))) for order in orders]
    return tuple(sorted(lines, key=lambda line: -line.level_db))


def _decibels(power: float) -> float:
    return float(10.0 * np.log10(max(power, 1e-16)))
