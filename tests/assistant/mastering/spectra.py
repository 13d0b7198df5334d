"""Spectra and curves for the tests of this floor, without a sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from assistant.dsp.third_octaves import BANDS, FLOOR_DB, STEPS_A_BAND, STEPS_HZ, Levels, Spectrum
from assistant.mastering.curves import Curve, load_curve
from bridge import presets

NAMES = sorted(
    path.stem for path in Path(presets.__file__).parents[1].glob("presets/curves/*.toml")
)
CURVES = {name: load_curve(presets.data, name) for name in NAMES}


def spectrum(
    levels_db: Levels, side_db: float | None = -10.0, rate: int = 48_000, level_db: float = -30.0
) -> Spectrum:
    """Make a spectrum with given levels in third octaves, and sides so far under the middle."""
    steps = np.repeat(np.asarray(levels_db, dtype=np.float64), STEPS_A_BAND) + level_db - 6.02
    steps = np.where(rate / 2.0 > STEPS_HZ, steps, FLOOR_DB)
    if side_db is None:
        sides = np.full(steps.shape, FLOOR_DB)
    else:
        sides = np.where(rate / 2.0 > STEPS_HZ, steps + side_db, FLOOR_DB)
    return Spectrum(np.maximum(steps, FLOOR_DB), np.maximum(sides, FLOOR_DB), rate, 60.0)


def like(curve: Curve, over_db: Levels | float = 0.0, rate: int = 48_000) -> Spectrum:
    """Make the spectrum of a mix that lies so far over a curve."""
    return spectrum(curve.levels_db + over_db, rate=rate)


def deviations(most_db: float = 15.0) -> st.SearchStrategy[Levels]:
    """Draw how far each third octave lies over a curve."""
    each = st.floats(-most_db, most_db)
    return st.lists(each, min_size=BANDS, max_size=BANDS).map(np.array)
