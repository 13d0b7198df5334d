"""Where a spectrum holds a bell that a filter made: a small network reads how smooth it is without.

By height alone no bell can be told from an instrument's own sound, and how smooth the views become
tells it only where some of them are smooth. What instruments sound like was learned, once
(``training.bells``); here it runs in numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats, Weights, convolve, part, softmax

__all__ = ["BellNet", "Look", "inputs"]

Rows: TypeAlias = NDArray[np.float64]

GAINS_DB: Floats = np.arange(2.0, 17.0, dtype=np.float32)
SMOOTH = 25  # steps: about two octaves
MEMBERS = 2
SPREADS = (2, 4, 1, 1)  # how far apart the taps of the blocks are, in steps


@dataclass(frozen=True)
class Look:
    """What the network says of one spectrum: of narrow bells first, then of broad ones.

    Parameters
    ----------
    odds : ndarray of float32, shape (2, steps)
        How likely the surest bell is here; what is left to 1.0 is that there is none.
    gains : ndarray of float32, shape (2, gains, steps)
        How likely it has each of `GAINS_DB`, if it is here.
    qs : ndarray of float32, shape (steps,)
        Its Q, if it is here and narrow.
    """

    odds: Floats
    gains: Floats
    qs: Floats


class BellNet:
    """The networks, which are asked together.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As in ``presets/models/bells.safetensors``.
    """

    def __init__(self, weights: Weights) -> None:
        self._members = [_Member(part(weights, str(n))) for n in range(MEMBERS)]

    def look(self, nats: Rows, quantiles_db: Rows) -> Look:
        """Look at one spectrum.

        Parameters
        ----------
        nats : ndarray of float64, shape (bells, steps)
            How much more precise views become without bells of some shapes at each step.
        quantiles_db : ndarray of float64, shape (quantiles, steps)
            Of levels at each step.

        Returns
        -------
        Look
            What the members say in the mean; the same for the same spectrum, however loud.
        """
        looks = [one.look(nats, quantiles_db) for one in self._members]
        return Look(
            np.mean([one.odds for one in looks], axis=0),
            np.mean([one.gains for one in looks], axis=0),
            np.exp(np.mean([np.log(one.qs) for one in looks], axis=0)),
        )


class _Member:
    """One of the networks that are asked together."""

    def __init__(self, weights: Weights) -> None:
        names = ("weigh", "enter", *(f"block.{n}" for n in range(len(SPREADS))), "tell")
        self._parts = {name: part(weights, name) for name in names}

    def look(self, nats: Rows, quantiles_db: Rows) -> Look:
        """Look at one spectrum by itself."""
        said = nats.astype(np.float32)
        weighed = np.maximum(convolve(said, self._parts["weigh"]), 0.0)
        seen = np.concatenate([inputs(quantiles_db.astype(np.float32)), weighed, said])
        read = np.maximum(convolve(seen, self._parts["enter"]), 0.0)
        for n, spread in enumerate(SPREADS):
            read = read + np.maximum(convolve(read, self._parts[f"block.{n}"], spread), 0.0)
        told = convolve(read, self._parts["tell"])
        steps = told.shape[1]
        odds = softmax(np.append(told[:2].ravel(), np.float32(0.0)))[:-1].reshape(2, steps)
        gains = told[3:].reshape(2, len(GAINS_DB), steps).transpose(0, 2, 1)
        return Look(odds, softmax(gains).transpose(0, 2, 1), np.exp(told[2]))


def inputs(levels_db: Floats) -> Floats:
    """Hold levels against a smooth curve and against their mean.

    Parameters
    ----------
    levels_db : ndarray of float32, shape (quantiles, steps)
        Levels at each step.

    Returns
    -------
    ndarray of float32, shape (2 * quantiles, steps)
        Near 1.0.
    """
    reach = SMOOTH // 2
    held = np.pad(levels_db, ((0, 0), (reach, reach)), mode="edge")
    sums = np.pad(np.cumsum(held, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    smooth = ((sums[:, SMOOTH:] - sums[:, :-SMOOTH]) / SMOOTH).astype(np.float32)
    mean = levels_db.mean(axis=1, keepdims=True)
    return np.concatenate([(levels_db - smooth) / 8.0, (levels_db - mean) / 20.0])
