"""Which bells stand in a track: the surest is told and taken out, and one looks again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.bells import Bell, levels_of, nats_without
from assistant.dsp.spectral_views import STEPS_AN_OCTAVE, STEPS_HZ, SpectralViews
from assistant.models.bell_net import GAINS_DB, BellNet, Look

__all__ = ["ToldBell", "bells_in"]

LEAST_ODDS = 0.1
LOOKS = 8
NEAR_STEPS = 2  # that are one place
APART_OCTAVES = 1.0 / 3.0
QS = (0.6, 9.0)


@dataclass(frozen=True, slots=True)
class ToldBell:
    """A bell, and how likely a filter made it.

    Parameters
    ----------
    bell : Bell
        Of 2 dB and more.
    odds : float
        0.1 to 1.0.
    """

    bell: Bell
    odds: float

    def raised(self, by_db: float) -> ToldBell:
        """Tell it as so much higher."""
        return replace(self, bell=replace(self.bell, gain_db=self.bell.gain_db + by_db))


def bells_in(views: SpectralViews, net: BellNet, most: int) -> list[ToldBell]:
    """Tell the bells of a track.

    Parameters
    ----------
    views : SpectralViews
        Of the track.
    net : BellNet
        Tells them.
    most : int
        How many at most.

    Returns
    -------
    list of ToldBell
        In the order in which they were found, which is about how sure they are; a third of an
        octave and more apart.
    """
    told: list[ToldBell] = []
    levels = levels_of(views)
    if levels is None:
        return told
    for _ in range(LOOKS):
        found = _surest(net.look(nats_without(levels.averages_db), levels.quantiles_db))
        near = [n for n, one in enumerate(told) if found and _near(found.bell, one.bell)]
        if found is None or not (near or len(told) < most):
            break
        taken = found.bell
        if near:  # what is left of one that was not taken out whole
            taken = replace(told[near[0]].bell, gain_db=taken.gain_db)
            told[near[0]] = told[near[0]].raised(taken.gain_db)
        else:
            told.append(found)
        levels = levels.without(taken)
    return told


def _surest(look: Look) -> ToldBell | None:
    """Read the one place that is likeliest, from all that is near it."""
    near = np.convolve(look.odds, np.ones(2 * NEAR_STEPS + 1), "same")
    place = int(np.argmax(near))
    odds = float(near[place])
    if odds < LEAST_ODDS:
        return None
    span = slice(max(0, place - NEAR_STEPS), place + NEAR_STEPS + 1)
    weights = look.odds[span] / look.odds[span].sum()
    octaves = float(weights @ np.arange(len(look.odds))[span]) / STEPS_AN_OCTAVE
    q = float(np.exp(weights @ np.log(look.qs[span])))
    gain_db = _middle_db(look.gains[:, span] @ weights)
    return ToldBell(Bell(STEPS_HZ[0] * 2.0**octaves, gain_db, float(np.clip(q, *QS))), odds)


def _middle_db(gains: NDArray[np.float32]) -> float:
    """Return the gain than which a larger one is as likely as a smaller one."""
    step_db = float(GAINS_DB[1] - GAINS_DB[0])
    return float(np.interp(0.5, np.cumsum(gains), GAINS_DB + step_db / 2.0))


def _near(one: Bell, other: Bell) -> bool:
    return bool(abs(np.log2(one.freq_hz / other.freq_hz)) < APART_OCTAVES)
