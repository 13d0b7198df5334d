"""What the report of a mix is told: plain values, so that it knows nobody who finds them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Quantity
from assistant.dsp.ear import BAND_HZ
from assistant.dsp.third_octaves import FLOOR_DB, Levels
from assistant.mixing.fault import Fault
from assistant.mixing.role_names import Role
from assistant.moves import Move

__all__ = ["HIDDEN", "SHADED", "Hidden", "MixReport", "Region", "TrackTold"]

Row: TypeAlias = NDArray[np.float64]

HIDDEN = 0.9  # of its loudness that a track has lost there; half of it is lost in every good mix
AUDIBLE = 0.3  # of its loudest band: what is softer is not what one knows a track by
WORTH_TELLING = 0.04  # of the loudness of a track
SHADED = 5  # tracks
_ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the spectrum in which a track is hidden.

    Parameters
    ----------
    low_hz, high_hz : float
        Its edges.
    lost : float
        Share of the loudness there that is lost, 0.0 to 1.0.
    weight : float
        Share of all the loudness of the track that is lost here, 0.0 to 1.0.
    by : str
        Name of the track that takes most of it.
    """

    low_hz: float
    high_hz: float
    lost: float
    weight: float
    by: str


@dataclass(frozen=True, eq=False)
class Hidden:
    """What the others take from a track, at `assistant.dsp.ear.BAND_HZ`.

    Parameters
    ----------
    alone : ndarray of float64, shape (75,)
        How loud each band is with the others muted, in sone per Cam, or anything in proportion.
    lost : ndarray of float64, shape (75,)
        Share of that which is lost in the mix, 0.0 to 1.0.
    by : sequence of str, length 75
        Name of the track that takes most in each band; ``""`` where nobody does.
    """

    alone: Row
    lost: Row
    by: Sequence[str]

    def regions(self) -> tuple[Region, ...]:
        """Tell where it is hidden and by whom, from low to high; trifles are left out."""
        total = float(self.alone.sum())
        if not total > 0.0:
            return ()
        known = self.alone >= AUDIBLE * float(self.alone.max())
        takers = (
            by if one else None
            for by, one in zip(self.by, (self.lost >= HIDDEN) & known, strict=True)
        )
        runs = groupby(enumerate(takers), key=itemgetter(1))
        found = (
            self._region([band for band, _ in run], by, total) for by, run in runs if by is not None
        )
        return tuple(one for one in found if one.weight >= WORTH_TELLING)

    def _region(self, bands: list[int], by: str, total: float) -> Region:
        lost = float((self.alone[bands] * self.lost[bands]).sum())
        share = lost / float(self.alone[bands].sum())
        return Region(_edge(bands[0], -1), _edge(bands[-1], 1), share, lost / total, by)


def _edge(band: int, way: int) -> float:
    """Return the edge of a band: half-way, in octaves, to the next."""
    next_hz = BAND_HZ[min(max(band + way, 0), len(BAND_HZ) - 1)]
    return float(np.sqrt(BAND_HZ[band] * next_hz))


@dataclass(frozen=True, eq=False)
class TrackTold:
    """What the report tells of one track.

    Parameters
    ----------
    name : str
        As the musician calls it.
    role : Role
        What it is taken for.
    confidence : float
        How sure that is, 0.0 to 1.0.
    role_why : str
        By what.
    loudness : float
        Of the track as it came, in LUFS; minus infinity where it is silent.
    place : float or None
        Where it would lie in a balance of such roles, in LUFS.
    gain_db : float
        What the faders of all moves add up to.
    pan : float
        Where it lies now, -1.0 left to 1.0 right.
    panned : float or None
        Where it is to lie; None where that is left alone.
    peak_db : float
        True peak in dBTP.
    lost, lost_after : float or None
        Share of its loudness that the others take from it, 0.0 to 1.0, as it came and with the
        moves; None where that was not measured.
    by : str
        Name of the track that takes most; ``""`` where nobody does.
    spectrum, spectrum_after : ndarray of float64, shape (31,), optional
        Third octaves in dB, as it came and with the moves.
    hidden : Hidden, optional
        Where it is hidden as it came.
    """

    name: str
    role: Role
    confidence: float
    role_why: str
    loudness: float
    place: float | None = None
    gain_db: float = 0.0
    pan: float = 0.0
    panned: float | None = None
    peak_db: float = -math.inf
    lost: float | None = None
    lost_after: float | None = None
    by: str = ""
    spectrum: Levels | None = None
    spectrum_after: Levels | None = None
    hidden: Hidden | None = None

    @property
    def after(self) -> float:
        """Loudness with the moves, in LUFS, as far as the fader tells."""
        return self.loudness + self.gain_db

    @property
    def seen(self) -> bool:
        """Whether it has a line in the spectra."""
        return self.spectrum is not None and bool((self.spectrum > FLOOR_DB).any())

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where it is hidden, from low to high."""
        return self.hidden.regions() if self.hidden is not None else ()


@dataclass(frozen=True, eq=False)
class MixReport:
    """What the report tells.

    Parameters
    ----------
    title, why : str
        Of the suggestion.
    tracks : sequence of TrackTold
        In the order of the session.
    faults : sequence of Fault or None
        Faults and tastes, in order of rank; None where they are told elsewhere, so that nobody
        reads that there are none.
    moves : sequence of Move
        In the order in which they are done.
    spectrum, spectrum_after : ndarray of float64, shape (31,), optional
        Of the sum, third octaves in dB, at levels that are fit to be compared.
    measured : mapping of str to Quantity
        Before and after.
    facts : mapping of str to str
        What else is worth a card, such as ``{"balance": "vocal-forward"}``.
    """

    title: str
    why: str
    tracks: Sequence[TrackTold] = ()
    faults: Sequence[Fault] | None = ()
    moves: Sequence[Move] = ()
    spectrum: Levels | None = None
    spectrum_after: Levels | None = None
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def by_role(self) -> list[TrackTold]:
        """Sort the tracks: drums first, buses last, and the loudest of each role first."""
        return sorted(self.tracks, key=lambda one: (_ORDER[one.role], -one.loudness))

    def hidden(self) -> list[tuple[TrackTold, Region]]:
        """Choose where tracks are hidden most: a place a track, what is worst first, five at most.

        Whoever draws them draws these.
        """
        worst = (
            (one, max(one.regions, key=lambda region: region.weight))
            for one in self.tracks
            if one.regions and one.seen
        )
        return sorted(worst, key=lambda pair: -pair[1].weight)[:SHADED]
