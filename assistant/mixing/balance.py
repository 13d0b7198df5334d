"""The balance of a mix: how loud each role stands by the others, and what brings a track there.

Places are data, ``balances/<name>`` on the shelf. What is loud in one song is soft in another, so
tracks are held against an anchor: the level at which most of them are in their places. A track that
is far from its own moves the anchor hardly more than one that is near, so that one fader that
stands wrong is told of that one track.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Shelf
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.sounding import Sounding, sounding
from assistant.errors import MaterialError, UnknownName
from assistant.mixing.asked import STYLES
from assistant.mixing.lead import lead_of, leading
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track

__all__ = ["BALANCES", "Balance", "Place", "Standing", "gains", "load_balance", "standings"]

Row: TypeAlias = NDArray[np.float64]

BALANCES = STYLES  # each has the balance of its name
OVERHEADS, GENERAL = "overheads", "general"
MATES_LU = 4.0  # how far tracks that share a place may differ: a room microphone, a second voice
LOUDEST_GAIN_DB, SOFTEST_GAIN_DB = 24.0, -60.0
FIRM = 0.8  # spreads from its place, where a track pulls at the anchor about as hard as it will
ROUNDS = 60  # of halving: to the last digit


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role stands, and how far good mixes stray from that.

    Parameters
    ----------
    lu : float
        Loudness where it sounds, against the lead vocal, in LU.
    spread_lu : float
        One standard deviation, above 0.
    """

    lu: float
    spread_lu: float


@dataclass(frozen=True, eq=False)
class Balance:
    """Where each role stands.

    Parameters
    ----------
    name, title : str
        On the shelf, and as a word in a sentence.
    places : mapping of Role to Place
        All of them; tracks of one role share its place.
    overheads : Place
        Of drums where kick and snare have tracks of their own.
    general : Place
        Of what nobody knows.
    """

    name: str
    title: str
    places: Mapping[Role, Place]
    overheads: Place
    general: Place


@dataclass(frozen=True, eq=False)
class Standing:
    """How a track stands in the balance.

    Parameters
    ----------
    track : Track
        It sounds, and is no sum of others.
    loudness : float
        Where it sounds, as `assistant.dsp.sounding` has it, in LUFS.
    place : float
        How loud it would be in its place, in LUFS.
    spread_lu : float
        How far good mixes stray from that, one standard deviation.
    mates : float
        How many tracks share the place, and sound at once; 1.0 where it is alone.
    leads : bool
        Whether its place is in front, be it a voice or not.
    """

    track: Track
    loudness: float
    place: float
    spread_lu: float
    mates: float
    leads: bool

    @property
    def gain_db(self) -> float:
        """What brings it to its place: -60.0 to 24.0 dB."""
        return min(max(self.place - self.loudness, SOFTEST_GAIN_DB), LOUDEST_GAIN_DB)

    @property
    def strays(self) -> float:
        """How far it is from its place, in spreads; above 0 where it is too loud."""
        return (self.loudness - self.place) / self.spread_lu


def load_balance(shelf: Shelf, name: str) -> Balance:
    """Take a balance from the shelf.

    Parameters
    ----------
    shelf : Shelf
        Where ``balances/<name>`` is.
    name : str
        One of `BALANCES`.

    Raises
    ------
    UnknownName
        Where there is no such balance.
    MaterialError
        Where the page lacks a role, or a spread is not above 0.
    """
    if name not in BALANCES:
        raise UnknownName("balance", name, BALANCES)
    page = shelf(f"balances/{name}")
    try:
        rows: Mapping[str, Any] = page["places"]
        found = {key: Place(*map(float, rows[key])) for key in (*Role, OVERHEADS, GENERAL)}
        title = str(page["title"])
    except (KeyError, TypeError, ValueError) as broken:
        raise MaterialError(
            f"The balance {name!r} has a title, and places as pairs of LU for each of"
            f" {', '.join((*Role, OVERHEADS, GENERAL))}; this one has not: {broken}."
        ) from broken
    if any(not place.spread_lu > 0.0 for place in found.values()):
        raise MaterialError(f"The spreads of the balance {name!r} lie above 0.")
    places = {role: found[role] for role in Role}
    return Balance(name, title, places, found[OVERHEADS], found[GENERAL])


def standings(tracks: Sequence[Track], balance: Balance) -> tuple[Standing, ...]:
    """Tell how each track stands in a balance.

    Parameters
    ----------
    tracks : sequence of Track
        Of one session.
    balance : Balance
        To hold them against.

    Returns
    -------
    tuple of Standing
        In their order, without those that are silent, and sums of others. One by itself is in its
        place; who leads, where nobody sings, has that of the singer.
    """
    used = [(one, sounding(one.heard.moments)) for one in tracks if one.sounds]
    used = [(one, heard) for one, heard in used if math.isfinite(heard.loudness)]
    if not used:
        return ()
    leads = lead_of([one for one, _ in used])
    there = [leading(one) if one in leads else one for one, _ in used]
    mates = _mates(there, [heard for _, heard in used])
    close = _close_kit(there)
    seats = [_seat(one, balance, count, close) for one, count in zip(there, mates, strict=True)]
    levels = np.array([heard.loudness for _, heard in used])
    anchor = _anchor(levels - [seat.lu for seat in seats], np.array([s.spread_lu for s in seats]))
    return tuple(
        Standing(one, float(level), anchor + seat.lu, seat.spread_lu, float(count), one in leads)
        for (one, _), level, seat, count in zip(used, levels, seats, mates, strict=True)
    )


def gains(tracks: Sequence[Track], balance: Balance) -> Mapping[str, float]:
    """Tell what brings every track to its place: a whole balance.

    Parameters
    ----------
    tracks : sequence of Track
        Of one session.
    balance : Balance
        To bring them to.

    Returns
    -------
    mapping of str to float
        By name of the track, in dB; those that are silent, and sums of others, are not in it. Most
        of the mix stays as loud as it is.
    """
    return {one.track.name: one.gain_db for one in standings(tracks, balance)}


def _seat(track: Track, balance: Balance, mates: float, close: float) -> Place:
    """Find the place of a track: as far as its role is sure, that of the role."""
    role = balance.places[track.role]
    if track.role is Role.DRUMS:
        role = _between(role, balance.overheads, close)
    shared = math.hypot(role.spread_lu, MATES_LU * math.sqrt(1.0 - 1.0 / mates))
    own = Place(role.lu - 10.0 * math.log10(mates), shared)
    return _between(balance.general, own, track.guess.confidence)


def _between(one: Place, other: Place, share: float) -> Place:
    """Mix two places: what may be either strays by as much as they are apart."""
    variance = (1.0 - share) * one.spread_lu**2 + share * other.spread_lu**2
    apart = share * (1.0 - share) * (one.lu - other.lu) ** 2
    return Place(one.lu + share * (other.lu - one.lu), math.sqrt(variance + apart))


def _close_kit(tracks: Sequence[Track]) -> float:
    """Tell how sure it is that kick and snare have tracks of their own."""
    sure = [
        max((one.guess.confidence for one in tracks if one.role is role), default=0.0)
        for role in (Role.KICK, Role.SNARE)
    ]
    return math.prod(sure)


def _mates(tracks: Sequence[Track], heard: Sequence[Sounding]) -> Row:
    """Count tracks of the role of each that sound while it does, itself with them."""
    counts = np.ones(len(tracks))
    for role in dict.fromkeys(one.role for one in tracks):
        group = [n for n, one in enumerate(tracks) if one.role is role]
        masks = _side_by_side([tracks[n] for n in group], [heard[n].moments for n in group])
        both = masks @ masks.T
        shares = both / both.diagonal()[:, None]
        np.fill_diagonal(shares, 0.0)
        counts[group] += shares @ np.array([tracks[n].guess.confidence for n in group])
    return counts


def _side_by_side(
    tracks: Sequence[Track], sounds: Sequence[NDArray[np.bool_]]
) -> NDArray[np.float32]:
    """Lay what sounds along one time, shape (tracks, moments): 1 where it does."""
    starts = [round(one.stem.start * MOMENTS_PER_SECOND / one.audio.rate) for one in tracks]
    first = min(starts)
    last = max(start + len(sound) for start, sound in zip(starts, sounds, strict=True))
    laid = np.zeros((len(tracks), last - first), np.float32)
    for row, start, sound in zip(laid, starts, sounds, strict=True):
        row[start - first : start - first + len(sound)] = sound
    return laid


def _anchor(apart: Row, spreads: Row) -> float:
    """Find where as much pulls up as down.

    Each track pulls towards where it would be in its place, and none, however far off, much harder
    than one that strays as good mixes do: a robust location (an M-estimate). Pull grows steadily,
    so there is one such level, and it moves smoothly with every track.
    """
    low, high = float(apart.min()), float(apart.max())
    for _ in range(ROUNDS):
        middle = (low + high) / 2.0
        if np.tanh((apart - middle) / (FIRM * spreads)).sum() > 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
