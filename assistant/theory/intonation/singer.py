"""How people miss notes: kinds of singers, and how likely each sings what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SINGERS", "Singer", "Singers"]

Floats = NDArray[np.float32]

_SHORT_SECONDS = 0.06  # a note this long is missed by sqrt(2) times as much as a long one
_SLIP_CENTS = 95.0  # standard deviation of a note that slips
_ANYWHERE = 1e-7  # a cent: a note that nothing explains
_ROOT_TAU = 2.5066


@dataclass(frozen=True, slots=True)
class Singer:
    """One way of singing out of tune.

    Parameters
    ----------
    stray_cents : float
        Standard deviation of each note for itself.
    wander_cents : float
        How far the tuning moves from a note to the next, standard deviation.
    hold : float
        Share of its tuning that is kept from note to note; the rest goes back to concert pitch.
    shrink_cents : float
        How much too small a leap is, for each semitone.
    slips : float
        Share of notes that are far off.
    """

    stray_cents: float
    wander_cents: float
    hold: float = 1.0
    shrink_cents: float = 0.0
    slips: float = 0.05


SINGERS: tuple[Singer, ...] = tuple(
    Singer(stray, wander, hold, shrink)
    for stray in (12.0, 25.0, 45.0)
    for wander, hold in ((4.0, 1.0), (14.0, 0.97), (30.0, 0.9))
    for shrink in (0.0, 8.0)
)
"""Those that a take is compared with."""


class Singers:
    """Several singers at once, laid out for arithmetic.

    Parameters
    ----------
    kinds : sequence of Singer
        At least one.
    """

    def __init__(self, kinds: Sequence[Singer]) -> None:
        self.kinds = tuple(kinds)
        self._stray = np.array([each.stray_cents for each in kinds], dtype=np.float32)
        self._shrink = np.array([each.shrink_cents for each in kinds], dtype=np.float32)
        self._slips = np.array([each.slips for each in kinds], dtype=np.float32)

    def likelihood(
        self, off: Floats, leaps: Floats, tuning: Floats, spread: float, seconds: float
    ) -> Floats:
        """Tell how likely a note is heard where it is.

        Parameters
        ----------
        off : ndarray of float, shape (candidates,)
            Cents by which it lies above each note it may be.
        leaps : ndarray of float, shape (earlier, candidates)
            Semitones from each note that the one before may be.
        tuning : ndarray of float, shape (tunings,)
            Cents above concert pitch.
        spread : float
            How surely it was heard there: one standard deviation, cents.
        seconds : float
            Its length.

        Returns
        -------
        ndarray of float, shape (singers, earlier, candidates, tunings)
            Densities, a cent.
        """
        shape = (-1, 1, 1, 1)
        wide = self._stray**2 * (1.0 + _SHORT_SECONDS / max(seconds, 0.03)) + spread**2
        away = off + self._shrink[:, None, None] * leaps
        squares = np.square(away[..., None] - tuning)
        slips = self._slips.reshape(shape)
        near = _bell(squares, wide.reshape(shape))
        far = _bell(squares, (wide + _SLIP_CENTS**2).reshape(shape))
        return np.asarray((1.0 - slips) * near + slips * far + _ANYWHERE, dtype=np.float32)


def _bell(squares: Floats, variance: Floats) -> Floats:
    scale = np.float32(1.0) / (_ROOT_TAU * np.sqrt(variance, dtype=np.float32))
    return np.asarray(scale * np.exp(squares * (-0.5 / variance)), dtype=np.float32)
