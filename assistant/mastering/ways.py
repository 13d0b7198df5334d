"""The three ways in which a master is proposed, and what each of them does to a mix.

All three come to the same loudness, so that they compare as they are. *Transparent* does no more
than what was measured asks for; *dense* evens out and holds together before the limiter; *bright*
opens the top a little. With a reference the first goes all the way to it that is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.contract import Shelf
from assistant.dsp.equaliser import Band
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.mastering.balance import Balance, advise, shaped
from assistant.mastering.curves import Curve, choose, deviation, load_curve
from assistant.mastering.genres import GENRES, NEUTRAL
from assistant.mastering.heard import HeardMix
from assistant.mastering.matching import Match, match
from assistant.mastering.reference import Reference
from assistant.mastering.space import WidthMove
from assistant.mastering.space import advise as advise_space

__all__ = ["AUTO", "Steps", "Way", "curve_for", "ways_of"]

AUTO = "auto"

AIR_HZ, AIR_Q = 7000.0, 0.6
AIR_DB, LEAST_AIR_DB, MOST_AIR_DB = 1.8, 0.6, 2.4
AIR_GIVEN = 0.35  # of what the top lies over its curve: so much less air is given
BODY_HZ, BODY_Q, BODY_SHARE = 300.0, 0.7, -0.35  # of the air, taken from the low mids
AIR_FROM_HZ, AIR_TO_HZ = 5000.0, 12_500.0
HIGHEST_OF_RATE = 0.42  # no band lies higher than this part of the rate
HALF_WAY = 0.5


@dataclass(frozen=True, slots=True)
class Steps:
    """How much of each step is wanted, 0.0 to 1.0; 0.0 switches it off."""

    balance: float = 1.0
    match: float = 1.0
    width: float = 1.0
    dynamics: float = 1.0


@dataclass(frozen=True, eq=False)
class Way:
    """What is done to a mix before its loudness.

    Parameters
    ----------
    title : str
        A word or two.
    words : str
        What it is meant to be, as a sentence begins.
    bands : tuple of Band
        Of the equaliser.
    told : tuple of str
        The evidence for each move.
    match : Match or None
        Correction towards a reference.
    width : tuple of WidthMove
        Changes of the sides.
    density : float
        How dense it is to be, 0.0 to 1.0.
    dynamics : float
        How much of the compression to make, 0.0 to 1.0.
    """

    title: str
    words: str
    bands: tuple[Band, ...] = ()
    told: tuple[str, ...] = ()
    match: Match | None = None
    width: tuple[WidthMove, ...] = ()
    density: float = 0.0
    dynamics: float = 0.0


@dataclass(frozen=True, eq=False)
class _Ground:
    """What all ways share."""

    heard: HeardMix
    balance: Balance | None
    reference: Reference | None
    steps: Steps
    width: tuple[WidthMove, ...] = field(default=())


def curve_for(heard: HeardMix, style: str, shelf: Shelf) -> tuple[Curve, str]:
    """Choose the curve that a mix is compared with.

    Parameters
    ----------
    heard : HeardMix
        The mix.
    style : str
        A genre, ``"neutral"``, or ``"auto"`` for the nearest where one clearly is.
    shelf : Shelf
        Where the curves are.

    Returns
    -------
    Curve
        The curve.
    str
        Why this one; empty where it was said.
    """
    if style != AUTO:
        return load_curve(shelf, style), ""
    neutral = load_curve(shelf, NEUTRAL)
    return choose(heard.spectrum, [load_curve(shelf, name) for name in GENRES], neutral)


def ways_of(
    heard: HeardMix, curve: Curve, reference: Reference | None, steps: Steps, density: float
) -> tuple[Way, ...]:
    """Lay out the ways to master a mix.

    Parameters
    ----------
    heard : HeardMix
        The mix.
    curve : Curve
        That its balance is compared with, where there is no reference.
    reference : Reference, optional
        That it is to come nearer to.
    steps : Steps
        How much of each step is wanted.
    density : float
        How dense the first is to be, 0.0 to 1.0.

    Returns
    -------
    tuple of Way
        Three, best first.
    """
    balance = advise(heard.spectrum, curve, amount=100.0 * steps.balance)
    ground = _Ground(
        heard, None if reference else balance, reference, steps,
        advise_space(heard.image, steps.width),
    )  # fmt: skip
    first = "Matched" if reference else "Transparent"
    words = "as near to the reference as is safe" if reference else "no more than it asks for"
    return (
        _way(ground, first, words, density=density),
        _way(ground, "Dense", "held together, with more body at the same loudness", density=1.0),
        _bright(ground, curve, density),
    )


def _way(ground: _Ground, title: str, words: str, density: float, share: float = 1.0) -> Way:
    balance, reference = ground.balance, ground.reference
    found = None
    if reference is not None:
        amount = 100.0 * ground.steps.match * share
        found = match(ground.heard.spectrum, reference.spectrum, amount=amount)
    bands = balance.bands if balance is not None else ()
    told = [] if balance is None else [advice.why for advice in balance.advice]
    told += [found.why] if found is not None else []
    told += [move.why for move in ground.width]
    return Way(
        title, words, bands, tuple(told), found, ground.width, density, ground.steps.dynamics
    )  # fmt: skip


def _bright(ground: _Ground, curve: Curve, density: float) -> Way:
    """Open the top, the less the brighter the mix is already."""
    words = "opened at the top, a little lighter below"
    way = _way(ground, "Bright", words, density, HALF_WAY if ground.reference else 1.0)
    air_db = _air_db(ground.heard, way.bands, curve)
    lift = _air(air_db, ground.heard.spectrum.rate)
    if not lift or ground.steps.balance == 0.0:
        return way
    share = ground.steps.balance
    lift = tuple(
        Band(band.shape, band.freq_hz, round(share * band.gain_db, 2), band.q) for band in lift
    )
    why = (
        f"{lift[0].gain_db:.1f} dB more from {lift[0].freq_hz / 1000.0:g} kHz up and"
        f" {-lift[1].gain_db:.1f} dB less around {BODY_HZ:g} Hz, to taste"
    )
    return Way(
        way.title, way.words, (*way.bands, *lift), (*way.told, why), way.match, way.width,
        way.density, way.dynamics,
    )  # fmt: skip


def _air_db(heard: HeardMix, bands: Sequence[Band], curve: Curve) -> float:
    """Tell how much air there is room for."""
    lies = deviation(shaped(heard.spectrum, bands), curve)
    hertz = np.array(CENTRES_HZ)
    top = lies.heard & (hertz >= AIR_FROM_HZ) & (hertz <= AIR_TO_HZ)
    over_db = float(lies.over_db[top].mean()) if top.any() else 0.0
    return float(np.clip(AIR_DB - AIR_GIVEN * over_db, LEAST_AIR_DB, MOST_AIR_DB))


def _air(air_db: float, rate: int) -> tuple[Band, ...]:
    if HIGHEST_OF_RATE * rate < AIR_HZ:
        return ()
    return (
        Band("high shelf", AIR_HZ, round(air_db, 2), AIR_Q),
        Band("bell", BODY_HZ, round(BODY_SHARE * air_db, 2), BODY_Q),
    )
