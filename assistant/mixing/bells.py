"""Which bells stand in a track: the surest is told and taken out, and one looks again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.bells import Bell, levels_of, nats_without
from assistant.dsp.spectral_views import STEPS_AN_OCTAVE, STEPS_HZ, SpectralViews
from assistant.models.bell_net import GAINS_DB, BellNet, Look

__all__ = ["ToldBell", "bells_in"]

LEAST_ODDS = 0.12
LOOKS = 8
NARROW_QS, BROAD_Q = (1.3, 9.0), 0.7
NEAR_STEPS = (2, 6)  # that are one place, for narrow and for broad ones
APART_OCTAVES = (1.0 / 3.0, 1.0)


@dataclass(frozen=True, slots=True)
class ToldBell:
    """A bell, and how likely a filter made it.

    Parameters
    ----------
    bell : Bell
        Of 2 dB and more.
    odds : float
        0.12 to 1.0.
    is_broad : bool
        Whether its Q is 0.7: of broad ones no other is asked for.
    """

    bell: Bell
    odds: float
    is_broad: bool

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
        In the order in which they were found, which is about how sure they are; narrow ones a third
        of an octave and more apart from each other, broad ones an octave.
    """
    told: list[ToldBell] = []
    levels = levels_of(views)
    if levels is None:
        return told
    for _ in range(LOOKS):
        found = _surest(net.look(nats_without(levels.averages_db), levels.quantiles_db))
        if found is None:
            break
        taken = found.bell
        same = next((n for n, one in enumerate(told) if _are_one(found, one)), None)
        if same is None:
            if len(told) == most:
                break
            told.append(found)
        else:  # what is left of one that was not taken out whole
            taken = replace(told[same].bell, gain_db=taken.gain_db)
            told[same] = told[same].raised(taken.gain_db)
        levels = levels.without(taken)
    return told


def _surest(look: Look) -> ToldBell | None:
    """Read the likeliest place for a narrow bell and for a broad one, and tell the likelier."""
    near = [
        np.convolve(odds, np.ones(2 * reach + 1), "same")
        for odds, reach in zip(look.odds, NEAR_STEPS, strict=True)
    ]
    broad = int(near[1].max() > near[0].max())
    place = int(np.argmax(near[broad]))
    odds = float(near[broad][place])
    if odds < LEAST_ODDS:
        return None
    span = slice(max(0, place - NEAR_STEPS[broad]), place + NEAR_STEPS[broad] + 1)
    weights = look.odds[broad, span] / look.odds[broad, span].sum()
    octaves = float(weights @ np.arange(len(STEPS_HZ))[span]) / STEPS_AN_OCTAVE
    q = BROAD_Q if broad else float(np.clip(np.exp(weights @ np.log(look.qs[span])), *NARROW_QS))
    gain_db = _middle_db(look.gains[broad][:, span] @ weights)
    freq_hz = float(STEPS_HZ[0]) * 2.0**octaves
    return ToldBell(Bell(freq_hz, gain_db, q), min(odds, 1.0), bool(broad))


def _middle_db(gains: NDArray[np.float32]) -> float:
    """Return the gain than which a larger one is as likely as a smaller one."""
    step_db = float(GAINS_DB[1] - GAINS_DB[0])
    return float(np.interp(0.5, np.cumsum(gains), GAINS_DB + step_db / 2.0))


def _are_one(one: ToldBell, other: ToldBell) -> bool:
    """Tell whether two are near enough to be one bell, told twice."""
    octaves = abs(np.log2(one.bell.freq_hz / other.bell.freq_hz))
    return one.is_broad is other.is_broad and bool(octaves < APART_OCTAVES[one.is_broad])
