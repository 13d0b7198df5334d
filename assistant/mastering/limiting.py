"""How hard a limiter works where it matters: in the loudest seconds."""

from __future__ import annotations

import numpy as np

from assistant.dsp.kweighting import Energies
from assistant.dsp.limiter import GainCurve

__all__ = ["in_loudest_seconds"]

TENTHS = 10  # in a second
LOUDEST = 0.1  # of all seconds; one at least


def in_loudest_seconds(gain: GainCurve, heard: Energies, rate: int) -> float:
    """Tell how much a limiter takes away in the mean of the loudest seconds.

    The most that it takes away is that of one peak, and may last a millisecond; this is what it
    does to the music.

    Parameters
    ----------
    gain : GainCurve
        Of the limiter.
    heard : ndarray of float64, shape (tenths,)
        Energies of the sound in front of it, from `assistant.dsp.loudness.tenths`.
    rate : int
        In Hz.

    Returns
    -------
    float
        Mean of the gain in dB over the loudest tenth of all seconds, its sign turned: 0.0 or more.
    """
    whole = len(heard) // TENTHS
    if whole < 1:
        return _taken_db(gain.knots)
    seconds = heard[: whole * TENTHS].reshape(whole, TENTHS).sum(axis=1)
    loudest = np.argsort(-seconds, kind="stable")[: max(1, round(LOUDEST * whole))]
    cells = rate / gain.cell  # a second
    spans = (gain.knots[int(n * cells) : int((n + 1) * cells)] for n in np.sort(loudest))
    return float(np.mean([_taken_db(knots) for knots in spans]))


def _taken_db(knots: np.ndarray) -> float:
    """Return the mean of what is taken away, in dB."""
    taken = -20.0 * np.log10(knots, dtype=np.float64).mean() if knots.size else 0.0
    return max(0.0, float(taken))
