"""Where the lead is covered most between 1 and 4 kHz, and how far each other track gives way there.

What is read is how the third octaves of all tracks follow each other while the lead sounds: quick,
and near enough to place one broad band. What it gains is for the model of the ear to say
(`assistant.mixing.masked`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.mixing.track import Track

__all__ = ["GivesWay", "Loud", "Spot", "covered", "gives_way"]

Row: TypeAlias = NDArray[np.float64]

LOW_HZ, HIGH_HZ = 990.0, 4_010.0
MOST_OVER_DB = 12.0  # in one moment: what is lost there is lost
COMPRESSION = 0.3  # of power: about loudness, so that loud moments are not all that counts
FULL_SHARE = 0.25  # of what covers: from which on a track gives way as far as it may
LEAST_DB = 0.75
MOST_MOMENTS = 6_000  # ten minutes of them tell as much as hours
Q = 1.0
_BANDS = np.flatnonzero((np.array(CENTRES_HZ) > LOW_HZ) & (np.array(CENTRES_HZ) < HIGH_HZ))


@dataclass(frozen=True, eq=False)
class Loud:
    """A track as it will be heard: factors of power in each third octave, shape (31,)."""

    track: Track
    factors: Row

    def powers(self, moments: NDArray[np.int64]) -> Row:
        """Return its power from 1 to 4 kHz in moments of the song, shape (moments, bands)."""
        rows = self.track.heard.moments.powers
        inside = moments - round(self.track.stem.start * MOMENTS_PER_SECOND / self.track.audio.rate)
        there = (inside >= 0) & (inside < len(rows))
        found = np.zeros((len(moments), len(_BANDS)))
        found[there] = rows[inside[there]][:, _BANDS]
        return np.asarray(found * self.factors[_BANDS])


@dataclass(frozen=True, eq=False)
class Spot:
    """Where the lead is covered most.

    Parameters
    ----------
    freq_hz : float
        Centre of a third octave.
    over_db : float
        How far all others together stand over where they should be, in the mean of what sounds.
    shares : mapping of str to float
        What each other track has of what covers, by name.
    """

    freq_hz: float
    over_db: float
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GivesWay:
    """One band of a track that makes room, and why."""

    band: Band
    why: str


def covered(leads: Sequence[Loud], others: Sequence[Loud], clear_db: float) -> Spot | None:
    """Find the third octave in which the lead is covered most.

    Parameters
    ----------
    leads : sequence of Loud
        One, or several that take turns.
    others : sequence of Loud
        All that may cover it.
    clear_db : float
        How far the lead is to stand over them together.

    Returns
    -------
    Spot or None
        None where there is no lead, nothing beside it, or it stands clear.
    """
    moments = _sounding(leads)
    if not others or not len(moments):
        return None
    lead = np.asarray(sum(one.powers(moments) for one in leads)) + 1e-12
    each = np.stack([one.powers(moments) for one in others])
    rest = each.sum(axis=0) + 1e-12
    weights = lead**COMPRESSION
    over = np.clip(clear_db + 10.0 * np.log10(rest / lead), 0.0, MOST_OVER_DB)
    # A band counts by how much of the lead it holds: to free what it does not sing in is no use.
    matters = weights.mean(axis=0) / weights.mean(axis=0).max()
    over_db = (weights * over).sum(axis=0) / weights.sum(axis=0)
    worst = int(np.argmax(matters * over_db))
    if over_db[worst] < LEAST_DB:
        return None
    covering = weights[:, worst] * (over[:, worst] > 0.0)
    shares = (each[:, :, worst] / rest[:, worst] * covering).sum(axis=1) / covering.sum()
    named = {one.track.name: float(share) for one, share in zip(others, shares, strict=True)}
    return Spot(CENTRES_HZ[_BANDS[worst]], float(over_db[worst]), named)


def gives_way(spot: Spot, name: str, most_db: float, lead: str) -> GivesWay | None:
    """Tell how far a track gives way.

    Parameters
    ----------
    spot : Spot
        From `covered`.
    name : str
        Of a track.
    most_db : float
        The most that it may.
    lead : str
        What it gives way to.

    Returns
    -------
    GivesWay or None
        None where it hardly covers anything, or may not.
    """
    share = spot.shares.get(name, 0.0)
    gain_db = round(-min(most_db, spot.over_db) * min(1.0, share / FULL_SHARE), 1)
    if -gain_db < LEAST_DB:
        return None
    where = f"{spot.freq_hz / 1000.0:g} kHz"
    why = (
        f"gives way to {lead} at {where}, where it is covered most"
        f" ({spot.over_db:.1f} dB too much beside it, {share:.0%} of that from here)"
    )
    return GivesWay(Band("bell", spot.freq_hz, gain_db, Q), why)


def _sounding(leads: Sequence[Loud]) -> NDArray[np.int64]:
    """List the moments of the song in which a lead sounds; of many, some."""
    found = [np.zeros(0, np.int64)]
    for one in leads:
        start = round(one.track.stem.start * MOMENTS_PER_SECOND / one.track.audio.rate)
        found.append(np.flatnonzero(one.track.heard.active) + start)
    moments = np.unique(np.concatenate(found))
    if len(moments) <= MOST_MOMENTS:
        return moments
    return moments[np.linspace(0, len(moments) - 1, MOST_MOMENTS).round().astype(np.int64)]
