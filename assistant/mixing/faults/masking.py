"""Masking between tracks: who takes most from what matters, and where a cut gives most of it back.

In any mix tracks take loudness from each other: half of it and more is normal. So this is a matter
of taste, but for a lead vocal of which next to nothing is left. It is told of the track that takes,
once for each part of its spectrum, for one cut there makes room for all that lie there.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.ear import BAND_HZ, Curve
from assistant.dsp.equaliser import Band
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.faults.low_end import LOW_HZ, find_low_end
from assistant.mixing.importance import importances
from assistant.mixing.making_room import Region, Room, band_factors, regions_of, room_made
from assistant.mixing.masked import MixMasking
from assistant.mixing.role_names import Role
from assistant.mixing.strip_moves import eq_moves
from assistant.mixing.track import Track
from assistant.steps import part

__all__ = ["find_masking"]

Mask: TypeAlias = NDArray[np.bool_]

PEERS = 0.05  # from equal importance: among such, who loses more asks; else who matters more

DEEPEST_DB = 6.0  # a cut that takes this is an arrangement's matter
LEAST_SHARE = 0.1  # of what matters in a region, that is worth a cut
LEAST_RELIEF = 0.003  # of its loudness, for a lead vocal
LEAST_WORTH = 0.25
SEVERITY_A_SHARE = 8.0
MOST_TRIED, MOST_TOLD = 15, 6
MOST_NAMED = 3
HIGHEST = 0.45  # of the rate: over it there is nothing to turn
NAMED_SHARE = 0.5  # of the one that loses most

TASTE_SEVERITY, BURIED_SEVERITY = 0.4, 0.7
BURIED_HEARD = 0.1  # of its loudness
BURIED_TIME = 0.75  # of the time in which it sounds
BURIED_CONFIDENCE = 0.6
SOUNDING_SHARE = 0.1  # of how loud it is where it is loud

_MODEL = 0.9  # of the work; the rest is kick and bass
_KIT = frozenset({Role.KICK, Role.SNARE, Role.HATS, Role.TOMS, Role.DRUMS})
_LOW_ENDS = frozenset({Role.KICK, Role.BASS})


@dataclass(frozen=True, slots=True)
class _Cut:
    """What one track takes in one region.

    `share` is of what matters there, `weight` of all that matters while it sounds; `losers` lose
    most of it, the first more than any other.
    """

    masker: int
    region: Region
    share: float
    weight: float
    losers: tuple[int, ...]
    buries: bool = False

    @property
    def bell(self) -> Band:
        """The cut, as one would dial it.

        As deep as much is taken, in proportion: it grows with the level, without a threshold.
        """
        freq_hz = float(f"{self.region.freq_hz:.3g}")
        gain_db = -round(DEEPEST_DB * self.share, 1)
        return Band("bell", freq_hz, gain_db, round(self.region.q, 1))


@dataclass(frozen=True, eq=False)
class _Tried:
    """What the model says of a cut.

    `relief` is what those gain that may ask for it, each as a share of its loudness in the song,
    times how much it matters; `worth` is what they gain over what the masker pays, in loudness.
    """

    cut: _Cut
    room: Room
    relief: float
    worth: float

    @property
    def is_worth(self) -> bool:
        """Whether there is something to be heard, that is worth its price."""
        return self.relief >= LEAST_RELIEF and self.worth >= LEAST_WORTH

    @property
    def severity(self) -> float:
        """By what is gained, and how dearly."""
        return min(TASTE_SEVERITY, SEVERITY_A_SHARE * self.relief * min(1.0, self.worth))


def find_masking(
    measured: MixMasking, tracks: Sequence[Track]
) -> Generator[float, None, tuple[Fault, ...]]:
    """Find who masks what matters.

    Parameters
    ----------
    measured : MixMasking
        From `assistant.mixing.masked.measure_masking` of the tracks.
    tracks : sequence of Track
        The tracks of the mix.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kind ``"masking"``: the heaviest six at most, the track that takes named first, then
        those that lose; and where kick and bass fight, of `assistant.mixing.faults.low_end`.
    """
    mix = _Mix(measured, tracks)
    cuts = sorted(mix.cuts(), key=lambda one: -one.weight)[:MOST_TRIED]
    tried = []
    for n, cut in enumerate(cuts):
        tried.append(mix.tried(cut))
        yield _MODEL * (n + 1) / len(cuts)
    found = [mix.told(one) for one in mix.chosen(tried)]
    lows = yield from part(find_low_end(measured, tracks), _MODEL, 1.0 - _MODEL)
    return (*found, *lows)


class _Mix:
    """What is measured, and how much each track of it matters."""

    def __init__(self, measured: MixMasking, tracks: Sequence[Track]) -> None:
        self._measured = measured
        self._tracks = [one for one in tracks if one.sounds]
        self._matters = importances(self._tracks)
        self._alone = measured.found.alone
        self._sounding = np.asarray(self._alone.any(axis=2), np.bool_)
        self._whole = self._alone.sum(axis=(1, 2), dtype=np.float64)

    def cuts(self) -> Iterator[_Cut]:
        """Walk through what tracks take from those that matter as much or more."""
        count = max(1, len(self._measured.starts))
        for masker in range(len(self._tracks)):
            right = self._rights(masker)
            here = self._sounding[masker]
            there = self._alone[:, here].sum(axis=1, dtype=np.float64) / count
            taken = right * self._measured.found.taken_bands[:, masker]
            whole = float((self._matters[:, None] * there).sum())
            if not taken.any() or whole <= 0.0:
                continue
            for region in self._regions(taken.sum(axis=0)):
                of_each = taken[:, region.bands].sum(axis=1)
                share = of_each.sum() / max((right * there)[:, region.bands].sum(), 1e-12)
                if share >= LEAST_SHARE:
                    weight = of_each.sum() / whole * np.sqrt(here.mean())
                    losers = _losers(of_each)
                    yield _Cut(masker, region, min(float(share), 1.0), float(weight), losers)

    def _regions(self, taken: Curve) -> list[Region]:
        highest_hz = HIGHEST * self._measured.rate
        return [one for one in regions_of(taken) if one.freq_hz < highest_hz]

    def _asks(self, masker: int) -> Curve:
        """Weigh what each track may ask of this one: 0 nothing, 1 among equals, 2 at most."""
        right = 2.0 * self._matters / (self._matters + self._matters[masker])
        lost = self._measured.taken_shares
        asks = np.where(np.abs(right - 1.0) < PEERS, lost[:, masker] > lost[masker], right > 1.0)
        role = self._tracks[masker].role
        same = [one.role is role and role in _KIT for one in self._tracks]  # microphones of a drum
        return np.where(same, 0.0, asks * right)

    def _rights(self, masker: int) -> Curve:
        """Weigh the same band by band, without what is between kick and bass."""
        rights = np.repeat(self._asks(masker)[:, None], len(BAND_HZ), axis=1)
        role = self._tracks[masker].role
        for n, one in enumerate(self._tracks):
            if {one.role, role} == _LOW_ENDS:
                rights[n, BAND_HZ < LOW_HZ] = 0.0
        return rights

    def tried(self, cut: _Cut) -> _Tried:
        """Ask the model what a cut gives, and what it takes."""
        factors = band_factors(cut.bell, self._measured.rate)
        windows = np.flatnonzero(self._sounding[cut.masker])
        room = room_made(self._measured, cut.masker, factors, windows)
        gained = self._matters * room.alone * (room.after - room.before)
        asks = self._asks(cut.masker) > 0.0
        relief = float((gained / np.maximum(self._whole, 1e-12))[asks].sum())
        worth = float(gained[asks].sum()) / max(-float(gained[cut.masker]), 1e-12)
        return _Tried(cut, room, relief, worth)

    def chosen(self, tried: Sequence[_Tried]) -> list[_Tried]:
        """Choose what is told: who buries a lead vocal, and what is worth it."""
        buried = [n for n in range(len(self._tracks)) if self._is_buried(n)]
        buriers = [self.tried(cut) for n in buried for cut in self._burying(n)]
        worth = sorted((one for one in tried if one.is_worth), key=lambda one: -one.severity)
        places = {(one.cut.masker, one.cut.bell.freq_hz) for one in buriers}
        others = (one for one in worth if (one.cut.masker, one.cut.bell.freq_hz) not in places)
        return [*buriers, *islice(others, MOST_TOLD)]

    def _burying(self, vocal: int) -> Iterator[_Cut]:
        """Tell who takes most from a vocal, and where."""
        taken = self._measured.found.taken_bands[vocal]
        masker = int(taken.sum(axis=1).argmax())
        for region in self._regions(taken[masker])[:1]:
            there = self._measured.alone_bands[vocal, region.bands].sum()
            share = float(taken[masker, region.bands].sum() / there)
            yield _Cut(masker, region, min(share, 1.0), 1.0, (vocal,), buries=True)

    def told(self, tried: _Tried) -> Fault:
        """Say it."""
        cut, bell = tried.cut, tried.cut.bell
        name, losers = self._tracks[cut.masker].name, [self._tracks[n].name for n in cut.losers]
        here, buried = _hertz(bell.freq_hz), cut.buries
        before, after = tried.room.lost
        gains = "; ".join(
            f"{loser} loses {before[n]:.1%} of its loudness beside it, then {after[n]:.1%}"
            for n, loser in zip(cut.losers, losers, strict=True)
        )
        why = (
            f"{name} takes {cut.share:.0%} of what could be heard of {_and(losers)} around {here}."
            f" With {bell.gain_db:+.1f} dB there: {gains}."
            + (f" Next to nothing of {losers[0]} is left: its level comes first." if buried else "")
        )
        evidence = {f"taken around {here}": Reading(100.0 * cut.share, "%")}
        for n, loser in zip(cut.losers, losers, strict=True):
            evidence[f"{loser} lost"] = Reading(100.0 * float(before[n]), "%")
            evidence[f"{loser} lost after"] = Reading(100.0 * float(after[n]), "%")
        return Fault(
            "masking",
            (name, *losers),
            severity=BURIED_SEVERITY if buried else tried.severity,
            value=100.0 * cut.share,
            unit="%",
            confidence=self._sureness(cut),
            why=why,
            listen_for=f"play {name} and {losers[0]} without the others, and switch the band:"
            f" {losers[0]} comes forward around {here}",
            is_taste=not buried,
            evidence=evidence,
            moves=tuple(eq_moves(name, bell, f"masking {here}", why)),
        )

    def _sureness(self, cut: _Cut) -> float:
        """Tell how sure it is that the one goes before the other."""
        two = (self._tracks[cut.masker], self._tracks[cut.losers[0]])
        return 0.4 + 0.5 * min(one.guess.confidence for one in two)

    def _is_buried(self, n: int) -> bool:
        """Tell whether a lead vocal is all but inaudible for most of the time that it sounds."""
        guess = self._tracks[n].guess
        alone = self._alone[n].sum(axis=1, dtype=np.float64)
        sings = guess.role is Role.LEAD_VOCAL and guess.confidence >= BURIED_CONFIDENCE
        if not (sings and alone.any()):
            return False
        heard = self._measured.found.heard[n].sum(axis=1, dtype=np.float64)
        sounding: Mask = alone > SOUNDING_SHARE * np.percentile(alone[alone > 0.0], 90)
        inaudible = heard[sounding] < BURIED_HEARD * alone[sounding]
        return float(np.mean(inaudible)) > BURIED_TIME


def _losers(of_each: Curve) -> tuple[int, ...]:
    order = np.argsort(-of_each, kind="stable")[:MOST_NAMED]
    return tuple(int(n) for n in order if of_each[n] >= NAMED_SHARE * of_each[order[0]])


def _hertz(hertz: float) -> str:
    return f"{hertz / 1000.0:.1f} kHz" if hertz >= 1000.0 else f"{hertz:.0f} Hz"


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
