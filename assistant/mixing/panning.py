"""Places between left and right: who stands where, so that both sides weigh the same.

The louder tracks of one role stand further out, in pairs to either side; pairs and single tracks
are then turned so that left and right are as loud as each other, in the lows, middles and highs
too, and in the end the heavier side moves in by what is left over. What was panned or recorded
wide before it came stays where it is, and counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.panning import pan_gains
from assistant.dsp.third_octaves import CENTRES_HZ

__all__ = ["Placed", "is_mono", "places", "sides_db"]

Row: TypeAlias = NDArray[np.float64]
Row2: TypeAlias = NDArray[np.float64]

CENTRED_DB = 1.0  # right against left: what leans further was panned
MONO_DB = -30.0  # of the sides against the middle: what is wider was recorded so
EVEN_DB = 0.6  # so near, left and right weigh the same
SINGLE = 0.6  # of its reach, that a track without a partner takes
MOST_TURNED = 10  # groups: of more, the quieter ones are turned one by one
REGIONS_HZ = (0.0, 250.0, 2_000.0, 30_000.0)
REGION_SHARE = 0.3  # of what the sides of the whole count
NEAREST = 0.25  # of its place, to which a track moves in to leave both sides even


@dataclass(frozen=True, eq=False)
class Placed:
    """A track that has a place.

    Parameters
    ----------
    name, role : str
        Of the track.
    reach : float
        How far from the centre it may stand, 0.0 to 1.0; 0.0 for what stays.
    left, right : ndarray of float64, shape (31,)
        What each third octave of it adds to the loudness of left and right, as it will be heard.
    """

    name: str
    role: str
    reach: float
    left: Row
    right: Row

    @property
    def power(self) -> float:
        """Of both channels together."""
        return float((self.left + self.right).sum())

    @property
    def centre(self) -> float:
        """Middle of its loudness, in octaves."""
        both = self.left + self.right
        return float((both * np.log2(CENTRES_HZ)).sum() / max(both.sum(), 1e-30))


def is_mono(balance_db: float, side_db: float) -> bool:
    """Tell whether a track stands in the centre and is not wide: one that may be placed."""
    return abs(balance_db) < CENTRED_DB and side_db < MONO_DB


def places(tracks: Sequence[Placed]) -> Mapping[str, float]:
    """Give each track that may move a place.

    Parameters
    ----------
    tracks : sequence of Placed
        All that are heard.

    Returns
    -------
    mapping of str to float
        Pan by name, -1.0 to 1.0, for those with a reach; the same for the same tracks.
    """
    groups = sorted(_groups(tracks), key=lambda group: (-_weight(group), group[0][0].name))
    fixed = sum((_sums(one, 0.0) for one in tracks if not one.reach), np.zeros((2, 3)))
    chosen: list[tuple[Placed, float]] = []
    for group, sign in zip(groups, _signs(groups, fixed), strict=True):
        chosen += [(one, sign * pan) for one, pan in group]
    share, side = _moved_in(chosen, fixed)
    return {one.name: round(pan * (share if pan * side > 0.0 else 1.0), 2) for one, pan in chosen}


def sides_db(tracks: Sequence[Placed], pans: Mapping[str, float]) -> float:
    """Tell how much louder right is than left, in dB; 0.0 where there is nothing."""
    sums = sum((_sums(one, pans.get(one.name, 0.0)) for one in tracks), np.zeros((2, 3)))
    return _apart(sums.sum(axis=1))


_Group: TypeAlias = "tuple[tuple[Placed, float], ...]"


def _groups(tracks: Sequence[Placed]) -> Iterator[_Group]:
    """Pair the tracks of each role: who stands with whom, and how far out.

    The loudest two of a role stand furthest out and opposite; of an odd number the loudest has no
    partner: alone it stands to one side, among others in the centre.
    """
    by_role: dict[str, list[Placed]] = {}
    for one in sorted(tracks, key=lambda one: (-one.power, one.name)):
        if one.reach and one.power > 0.0:
            by_role.setdefault(one.role, []).append(one)
    for members in by_role.values():
        if len(members) == 1:
            yield ((members[0], SINGLE * members[0].reach),)
            continue
        rest = members[len(members) % 2 :]
        if len(members) % 2:
            yield ((members[0], 0.0),)
        pairs = list(zip(rest[::2], rest[1::2], strict=True))
        for n, (one, other) in enumerate(pairs):
            out = 1.0 - n / len(pairs)
            # Of two, the one that is brighter stands to the right, until the whole is turned.
            low, high = sorted((one, other), key=lambda track: (track.centre, track.name))
            yield ((low, -out * low.reach), (high, out * high.reach))


def _weight(group: _Group) -> float:
    """Tell how much a group tilts what is heard."""
    return abs(float(np.subtract(*_group_sums(group).sum(axis=1))))


def _group_sums(group: _Group, sign: float = 1.0) -> Row2:
    return np.asarray(sum(_sums(one, sign * pan) for one, pan in group))


def _sums(one: Placed, pan: float) -> Row2:
    """Sum what a track adds left and right, in lows, middles and highs; shape (2, 3)."""
    left, right = pan_gains(pan)
    edges = np.searchsorted(CENTRES_HZ, REGIONS_HZ)
    both = np.stack([left**2 * one.left, right**2 * one.right])
    return np.stack([both[:, a:b].sum(axis=1) for a, b in pairwise(edges)], axis=1)


def _signs(groups: Sequence[_Group], fixed: Row2) -> list[float]:
    """Turn the groups so that both sides weigh the same: the heavier ones all ways."""
    ways = [(_group_sums(group), _group_sums(group, -1.0)) for group in groups]
    many = min(len(groups), MOST_TURNED)
    rest = sum((straight for straight, _ in ways[many:]), fixed)

    def uneven(turns: Sequence[int], beside: Row2) -> float:
        # Rounded, so that of a way and its mirror image always the same one is taken.
        return round(_uneven(beside + _chosen(ways, turns)), 9)

    every = [list(turns) for turns in product((0, 1), repeat=many)]
    turns = min(every, key=lambda turns: uneven(turns, rest))
    for _ in ways[many:]:
        straight, turned = [*turns, 0], [*turns, 1]
        turns = straight if uneven(straight, fixed) <= uneven(turned, fixed) else turned
    return [1.0 - 2.0 * turn for turn in turns]


def _chosen(ways: Sequence[tuple[Row2, Row2]], turns: Sequence[int]) -> Row2:
    return np.asarray(
        sum((way[turn] for way, turn in zip(ways, turns, strict=False)), np.zeros((2, 3)))
    )


def _uneven(sums: Row2) -> float:
    """Tell how far left and right are from each other, in dB: the whole first, then regions."""
    whole = sums.sum(axis=1)
    shares = sums.sum(axis=0) / max(float(sums.sum()), 1e-30)
    regions = sum(share * abs(_apart(one)) for share, one in zip(shares, sums.T, strict=True))
    return abs(_apart(whole)) + REGION_SHARE * float(regions)


def _apart(both: Row) -> float:
    left, right = (float(one) + 1e-30 for one in both)
    return float(10.0 * np.log10(right / left))


def _moved_in(chosen: Sequence[tuple[Placed, float]], fixed: Row2) -> tuple[float, float]:
    """Find how far the heavier side moves in until both are even: a share, and the side."""

    def apart(share: float, side: float) -> float:
        sums = sum(
            (_sums(one, pan * (share if pan * side > 0.0 else 1.0)) for one, pan in chosen), fixed
        )
        return _apart(np.asarray(sums).sum(axis=1))

    whole = apart(1.0, 0.0)
    side = float(np.sign(whole))
    for share in np.linspace(1.0, NEAREST, 31):
        if side * apart(float(share), side) <= EVEN_DB:
            return float(share), side
    return NEAREST, side
