"""EQ toward how a role usually sounds: region by region, and only by what lies outside of that.

Each role has a range for the level of each region against the loudness of the whole track. Inside
it nothing is done. Outside, a share of the way back is taken by one broad band; so a track that
sounds as such tracks do is left alone, and one that does not is told by how many decibels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Shelf
from assistant.dsp.equaliser import Band, Shape
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.dsp.weighted_bands import band_weights
from assistant.errors import MaterialError, UnknownName
from assistant.mixing.role_names import Role

__all__ = ["REGIONS", "Region", "Tones", "Turn", "load_tones", "region_levels", "turns"]

Row: TypeAlias = NDArray[np.float64]

TONES_PAGE = "roles/tones"
LEAST_DB = 0.75  # what is less is not worth a band
MOST_TURNS = 3  # one band is left for what makes room
EMPTY_DB = -45.0  # of a region against the whole: nothing plays there, so nothing to bring out


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the spectrum as an engineer talks of it, and the band that turns it.

    Parameters
    ----------
    words : str
        What it is called.
    low_hz, high_hz : float
        Where it begins and ends.
    shape, freq_hz, q
        Of the band.
    """

    words: str
    low_hz: float
    high_hz: float
    shape: Shape
    freq_hz: float
    q: float

    def band(self, gain_db: float) -> Band:
        """Make the band."""
        return Band(self.shape, self.freq_hz, gain_db, self.q)


REGIONS: Mapping[str, Region] = {
    "bottom": Region("bottom", 35.0, 90.0, "bell", 60.0, 1.0),
    "body": Region("body", 90.0, 225.0, "bell", 140.0, 1.0),
    "box": Region("low middle", 225.0, 560.0, "bell", 350.0, 1.0),
    "middle": Region("middle", 560.0, 1_800.0, "bell", 1_000.0, 0.8),
    "presence": Region("presence", 1_800.0, 5_600.0, "bell", 3_200.0, 0.8),
    "air": Region("air", 5_600.0, 18_000.0, "high shelf", 7_000.0, 0.7),
}
"""From low to high. The last one is a shelf, so that nothing above it is left behind."""


@dataclass(frozen=True, eq=False)
class Tones:
    """What is usual: by role and region the lowest and the highest level, in dB."""

    usual: Mapping[Role, Mapping[str, tuple[float, float]]]

    def of(self, role: Role) -> Mapping[str, tuple[float, float]]:
        """Return what is known of a role; nothing where nothing is."""
        return self.usual.get(role, {})


@dataclass(frozen=True, slots=True)
class Turn:
    """One band toward what is usual, and why.

    Parameters
    ----------
    region : str
        Of `REGIONS`.
    band : Band
        What to do.
    why : str
        In a sentence.
    """

    region: str
    band: Band
    why: str


def load_tones(shelf: Shelf) -> Tones:
    """Take from the shelf how roles usually sound.

    Parameters
    ----------
    shelf : Shelf
        Where ``roles/tones`` is.

    Returns
    -------
    Tones
        Checked.

    Raises
    ------
    UnknownName
        Where it names a role or a region that there is not.
    MaterialError
        Where a range is not two numbers that ascend.
    """
    page = shelf(TONES_PAGE)
    usual: dict[Role, dict[str, tuple[float, float]]] = {}
    for name, ranges in page.get("usual", {}).items():
        if name not in set(Role):
            raise UnknownName("role", name, list(Role))
        usual[Role(name)] = {region: _range(name, region, ranges[region]) for region in ranges}
    return Tones(usual)


def _range(role: str, region: str, read: Sequence[float]) -> tuple[float, float]:
    if region not in REGIONS:
        raise UnknownName("region", region, REGIONS)
    if len(read) != 2 or not read[0] < read[1]:
        raise MaterialError(f"{region} of {role} is a range of two numbers in dB, not {read!r}.")
    return float(read[0]), float(read[1])


def region_levels(powers: Row) -> dict[str, float]:
    """Tell how loud each region is.

    Parameters
    ----------
    powers : ndarray of float64, shape (31,)
        Mean square of a track in each third octave.

    Returns
    -------
    dict of str to float
        In dB against the loudness of the whole; -120.0 where nothing is.
    """
    hertz = np.array(CENTRES_HZ)
    whole = max(float((powers * band_weights()).sum()), 1e-30)
    levels = {}
    for name, one in REGIONS.items():
        inside = (hertz >= one.low_hz) & (hertz < one.high_hz)
        ratio = float(powers[inside].sum()) / whole
        levels[name] = 10.0 * float(np.log10(max(ratio, 1e-12)))
    return levels


def turns(
    powers: Row,
    usual: Mapping[str, tuple[float, float]],
    share: float,
    most_db: float,
    lifts: Mapping[str, float],
) -> tuple[Turn, ...]:
    """Work out bands that bring a track nearer to what is usual.

    Parameters
    ----------
    powers : ndarray of float64, shape (31,)
        Mean square of the track in each third octave while it sounds.
    usual : mapping of str to (float, float)
        Ranges by region.
    share : float
        Of what lies outside, that is taken back.
    most_db : float
        By one band.
    lifts : mapping of str to float
        What to bring forward besides, in dB by region, as far as it stays under the top of what
        is usual.

    Returns
    -------
    tuple of Turn
        The three largest at most, from low to high.
    """
    levels = region_levels(powers)
    found = list(_turns(levels, usual, (share, most_db), lifts))
    largest = sorted(found, key=lambda turn: -abs(turn.band.gain_db))[:MOST_TURNS]
    return tuple(turn for turn in found if turn in largest)


def _turns(
    levels: Mapping[str, float],
    usual: Mapping[str, tuple[float, float]],
    amount: tuple[float, float],
    lifts: Mapping[str, float],
) -> Iterator[Turn]:
    share, most_db = amount
    for region, level in levels.items():
        low, high = usual.get(region, (-np.inf, np.inf))
        if level < EMPTY_DB:
            continue
        back_db = share * (min(max(level, low), high) - level)
        lift_db = lifts.get(region, 0.0)
        lift_db = min(lift_db, max(high - level, 0.0)) if lift_db > 0.0 else lift_db
        gain_db = round(min(max(back_db + lift_db, -most_db), most_db), 1)
        if abs(gain_db) >= LEAST_DB:
            why = _why(region, gain_db, level, (low, high))
            yield Turn(region, REGIONS[region].band(gain_db), why)


def _why(region: str, gain_db: float, level: float, usual: tuple[float, float]) -> str:
    words, (low, high) = REGIONS[region].words, usual
    if level > high:
        return f"its {words} lies {level - high:.1f} dB over what is usual"
    if level < low:
        return f"its {words} lies {low - level:.1f} dB under what is usual"
    done = "brings its {} forward" if gain_db > 0.0 else "takes its {} back"
    return f"{done.format(words)} by choice: it lies within what is usual"
