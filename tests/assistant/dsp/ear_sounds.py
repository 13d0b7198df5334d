"""Sounds as the ear has them, for the tests of loudness and masking: powers of components."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assistant.dsp.ear import COMPONENT_EDGES_HZ, Curve
from assistant.dsp.excitation import excitations, powers_at_ears, window_frames_of
from assistant.dsp.partial_loudness import partial_loudness, sones, specific_loudness

RATE = 48_000
FULL_SCALE_DB_SPL = 100.0


def tones(hertz: ArrayLike, db_spl: float) -> Curve:
    """Make tones of one level, by way of a window of sound; shape (1, components)."""
    time = np.arange(window_frames_of(RATE)) / RATE
    made = np.sin(2.0 * np.pi * np.atleast_1d(hertz)[:, None] * time).sum(axis=0)
    made *= np.sqrt(2.0) * 10.0 ** ((db_spl - FULL_SCALE_DB_SPL) / 20.0)
    heard = powers_at_ears(made.astype(np.float32)[None], RATE, np.zeros(1, np.int64))
    return np.asarray(heard[0].astype(np.float64) * 10.0 ** (FULL_SCALE_DB_SPL / 10.0))


def flat_noise(low_hz: float, high_hz: float, db_a_hz: float) -> Curve:
    """Make a band of white noise of a level in each Hz; shape (1, components)."""
    edges = np.clip(COMPONENT_EDGES_HZ, low_hz, high_hz)
    return np.asarray(np.diff(edges)[None] * 10.0 ** (db_a_hz / 10.0))


def pink_noise(low_hz: float, high_hz: float, db_at_1_khz: float) -> Curve:
    """Make pink noise of a level in the Hz at 1 kHz; shape (1, components)."""
    edges = np.clip(COMPONENT_EDGES_HZ, low_hz, high_hz)
    return np.asarray(1000.0 * np.diff(np.log(edges))[None] * 10.0 ** (db_at_1_khz / 10.0))


def loudness(powers: Curve) -> float:
    """Tell how loud one sound is, to both ears, in sone."""
    return 2.0 * float(sones(specific_loudness(excitations(powers)))[0])


def loudness_beside(signal: Curve, masker: Curve) -> float:
    """Tell how loud a sound is beside another one, to both ears, in sone."""
    one, other = excitations(np.concatenate([signal, masker]))
    return 2.0 * float(sones(partial_loudness(one, other)))
