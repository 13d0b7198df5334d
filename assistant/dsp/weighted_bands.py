"""How much each third octave of a sound counts towards its loudness (K-weighting, BS.1770)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from assistant.dsp.kweighting import k_weighting
from assistant.dsp.third_octaves import CENTRES_HZ, Levels

__all__ = ["OFFSET_DB", "band_weights", "bands_loudness"]

OFFSET_DB = -0.691  # of BS.1770: a sine of 1 kHz reads what it is
_RATE = 192_000  # at which the two filters are as good as the analogue ones


@lru_cache(maxsize=1)
def _weights() -> Levels:
    hertz = np.array(CENTRES_HZ)
    turn = np.exp(-2j * np.pi * np.outer(hertz / _RATE, np.arange(3)))
    weights = np.ones_like(hertz)
    for section in k_weighting(_RATE):
        weights *= np.abs(turn @ section[:3]) ** 2 / np.abs(turn @ [1.0, *section[3:]]) ** 2
    weights.flags.writeable = False
    return weights


def band_weights() -> Levels:
    """Return the weight of each third octave.

    Returns
    -------
    ndarray of float64, shape (31,)
        As a factor of power, at `assistant.dsp.third_octaves.CENTRES_HZ`; read only.
    """
    return _weights()


def bands_loudness(left: Levels, right: Levels) -> float:
    """Tell the loudness of third octaves together, ungated.

    Parameters
    ----------
    left, right : ndarray of float64, shape (31,)
        Mean square of each channel in each third octave.

    Returns
    -------
    float
        In LUFS, to a few tenths; minus infinity where there is nothing.
    """
    power = float(((left + right) * _weights()).sum())
    return OFFSET_DB + 10.0 * float(np.log10(power)) if power > 0.0 else -np.inf
