"""Sketches of sounds that nobody has to listen to."""

from __future__ import annotations

import numpy as np

from assistant.dsp.third_octaves import BANDS
from assistant.mastering.over_time import OverTime, Sketch
from tests.assistant.mastering.spectra import spectrum

FALLING = np.linspace(0.0, -20.0, BANDS)


def sketch_of(
    integrated: float = -20.0, seconds: float = 60.0, steps: int = 100, rate: int = 48_000
) -> Sketch:
    """Make a sound that swings by 6 dB around its loudness, with peaks 12 dB above."""
    times = (np.arange(steps) + 0.5) * seconds / max(1, steps)
    swing = integrated + 3.0 * np.sin(np.arange(steps) / 7.0)
    heard = spectrum(FALLING, rate=rate, level_db=integrated)
    return Sketch(seconds, integrated, OverTime(times, swing), OverTime(times, swing + 12.0), heard)
