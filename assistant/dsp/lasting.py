"""What never stops in a sound: told from how loud its third octaves are over time.

Notes end and strokes die away, so that in each band the quietest moments hold what is there all the
time. What is even there, for several moments on end and over and over again, is no music that
happened to be soft.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Samples

__all__ = ["HEARD", "Lasting", "lasting"]

Row: TypeAlias = NDArray[np.float64]

HEARD = slice(4, None)  # bands from 45 Hz on: what lies lower does not tell how loud it is
SILENT = 1e-12  # of power: what was cut silent tells nothing of what goes on where it sounds
LEAST_MOMENTS = 8
SOUNDING_DB = -20.0  # of the loudest moment
QUIET = 20  # percentile of the moments
SEVERAL = 3  # moments on end
SOFT = 5  # percentile of these
ABOVE_DB, BELOW_DB = 2.0, 6.0  # of that: noise in a third octave of a window swings by no more


@dataclass(frozen=True, eq=False)
class Lasting:
    """What lasts in a sound. Silence that was cut into it is left out.

    Parameters
    ----------
    sounding_db : float
        Level of what sounds, from 45 Hz on, while it does, in dBFS.
    quiet : ndarray of float64, shape (31,)
        Mean square in each third octave, at most, in the quietest fifth of the time.
    floors : ndarray of float64, shape (31,)
        Mean square in each third octave where least is heard of it for several moments on end.
    shares : ndarray of float64, shape (31,)
        Of the time in which that is so: 0.05 by chance, and the more the evener what is left is.
    even : ndarray of bool, shape (moments, 31)
        When that is so.
    heard : ndarray of float64, shape (moments,)
        Mean square from 45 Hz on, where it was not cut silent: there may be fewer of these.
    """

    sounding_db: float
    quiet: Row
    floors: Row
    shares: Row
    even: NDArray[np.bool_]
    heard: Row


def lasting(powers: Samples) -> Lasting | None:
    """Tell what lasts.

    Parameters
    ----------
    powers : ndarray of float32, shape (moments, 31)
        As `assistant.dsp.moments.Moments` has them.

    Returns
    -------
    Lasting or None
        None where too little sounds to tell.
    """
    if len(powers) < LEAST_MOMENTS:
        return None
    near = _around(powers)
    there = near.max(axis=1).min(axis=1) > SILENT
    if np.count_nonzero(there) < LEAST_MOMENTS:
        return None
    highest, lowest = near.max(axis=2)[there], near.min(axis=2)[there]
    floors = np.percentile(highest, SOFT, axis=0).astype(np.float64)
    above, below = (10.0 ** (db / 10.0) for db in (ABOVE_DB, -BELOW_DB))
    even = np.zeros(powers.shape, dtype=np.bool_)
    even[there] = (highest <= above * floors) & (lowest >= below * floors)
    heard = powers[there, HEARD].sum(axis=1, dtype=np.float64)
    sounding = heard[heard >= 10.0 ** (SOUNDING_DB / 10.0) * heard.max()].mean()
    return Lasting(
        float(10.0 * np.log10(max(float(sounding), 1e-16))),
        np.percentile(powers[there], QUIET, axis=0).astype(np.float64),
        floors,
        even[there].mean(axis=0),
        even,
        heard,
    )


def _around(rows: Samples) -> Samples:
    """See each moment with those around it: one more dimension, the last."""
    padded = np.pad(rows, ((SEVERAL // 2, SEVERAL // 2), (0, 0)), "edge")
    return np.lib.stride_tricks.sliding_window_view(padded, SEVERAL, axis=0)
