"""The three ways in which a master is proposed, and what each of them does to a mix.

All three come to the same loudness, so that they compare as they are. *Transparent* does no more
than what was measured asks for; *dense* evens out and holds together before the limiter; *bright*
opens the top a little. With a reference the first goes all the way to it that is allowed. Where
the step that tells a way from the first is switched off, that way is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.contract import Shelf
from assistant.dsp.equaliser import Band
from assistant.dsp.third_octaves import CENTRES_HZ, band_name
from assistant.mastering.balance import LEAST_SAID_DB, Advice, Balance, advise, shaped
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
LEAST_HEARD_DB = 0.1  # what is less is no other master
HALF_WAY = 0.5


@dataclass(frozen=True, slots=True)
class Steps:
    """How much of each step is wanted, 0.0 to 1.0; 0.0 switches it off."""

    balance: float = 1.0
    match: float = 1.0
    width: float = 1.0
    dynamics: float = 1.0
    offset: float = 1.0

    def times(self, share: float) -> Steps:
        """Return a share of each, but for the offset, which is no matter of more or less."""
        return Steps(
            share * self.balance,
            share * self.match,
            share * self.width,
            share * self.dynamics,
            self.offset,
        )


@dataclass(frozen=True, eq=False)
class Way:
    """What is done to a mix before its loudness.

    Parameters
    ----------
    title : str
        A word or two.
    words : str
        What it is meant to be, as a sentence begins.
    advice : tuple of Advice
        Bands of the equaliser, each with its evidence.
    chosen : str
        Why its balance goes by this curve; empty where it was said, or goes by none.
    kept : str
        Why the balance is left alone, or less is done than was measured, where it is so.
    match : Match or None
        Correction towards a reference.
    width : tuple of WidthMove
        Changes of the sides.
    density : float
        How dense it is to be, 0.0 to 1.0.
    dynamics : float
        How much of the compression to make, 0.0 to 1.0.
    body : bool
        Whether all of it is held together a little even where nothing asks for it.
    tasted : bool
        Whether it is to taste, so that it is less sure to be wanted.
    cleaned : str
        What was done to the mix before it was heard.
    """

    title: str
    words: str
    advice: tuple[Advice, ...] = ()
    chosen: str = ""
    kept: str = ""
    match: Match | None = None
    width: tuple[WidthMove, ...] = ()
    density: float = 0.0
    dynamics: float = 0.0
    body: bool = False
    tasted: bool = False
    cleaned: str = ""

    @property
    def bands(self) -> tuple[Band, ...]:
        """Of the equaliser."""
        return tuple(each.band for each in self.advice)

    @property
    def told(self) -> tuple[str, ...]:
        """The evidence for each move, in the order in which they are made."""
        match = "" if self.match is None else self.match.why
        every = self.cleaned, *(one.why for one in self.advice), match
        return tuple(why for why in (*every, *(one.why for one in self.width)) if why)


@dataclass(frozen=True, eq=False)
class _Ground:
    """What all ways share."""

    heard: HeardMix
    balance: Balance | None
    chosen: str
    reference: Reference | None
    steps: Steps
    width: tuple[WidthMove, ...]
    cleaned: str


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
    heard: HeardMix,
    curve: Curve,
    reference: Reference | None,
    steps: Steps,
    *,
    density: float = 0.0,
    chosen: str = "",
    cleaned: str = "",
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
    chosen : str
        Why this curve; empty where it was said.
    cleaned : str
        What was done to the mix before it was heard.

    Returns
    -------
    tuple of Way
        Three, best first; fewer where what tells one from the first is switched off.
    """
    balance = None
    if reference is None and steps.balance > 0.0:
        balance = advise(heard.spectrum, curve, amount=100.0 * steps.balance)
    width = advise_space(heard.image, steps.width)
    ground = _Ground(heard, balance, chosen, reference, steps, width, cleaned)
    ways = _first(ground, density), _dense(ground), _bright(ground, curve, density)
    return tuple(way for way in ways if way is not None)


def _first(ground: _Ground, density: float) -> Way:
    if ground.reference is not None and ground.steps.match > 0.0:
        return _way(ground, "Matched", "as near to the reference as is safe", density)
    return _way(ground, "Transparent", "no more than it asks for", density)


def _dense(ground: _Ground) -> Way | None:
    if ground.steps.dynamics == 0.0:
        return None
    way = _way(ground, "Dense", "held together, with more body at the same loudness", 1.0)
    return replace(way, body=True, tasted=True)


def _bright(ground: _Ground, curve: Curve, density: float) -> Way | None:
    """Open the top, the less the brighter the mix is already."""
    words = "opened at the top, a little lighter below"
    way = _way(ground, "Bright", words, density, HALF_WAY if ground.reference else 1.0)
    air_db = ground.steps.balance * _air_db(ground.heard, way.bands, curve)
    lift = _air(air_db, ground.heard.spectrum.rate)
    if not lift:
        return None
    return replace(way, advice=(*way.advice, *lift), kept="", tasted=True)


def _way(ground: _Ground, title: str, words: str, density: float, share: float = 1.0) -> Way:
    """Lay out what all ways do, and what the first does alone."""
    balance, reference, found = ground.balance, ground.reference, None
    if reference is not None and ground.steps.match > 0.0:
        amount = 100.0 * ground.steps.match * share
        found = match(ground.heard.spectrum, reference.spectrum, amount=amount)
    return Way(
        title,
        words,
        balance.advice if balance is not None else (),
        ground.chosen if balance is not None and balance.advice else "",
        balance.why if balance is not None and not balance.advice else "",
        found,
        ground.width,
        density,
        ground.steps.dynamics,
        cleaned=ground.cleaned,
    )


def _air_db(heard: HeardMix, bands: Sequence[Band], curve: Curve) -> float:
    """Tell how much air there is room for."""
    lies = deviation(shaped(heard.spectrum, bands), curve)
    hertz = np.array(CENTRES_HZ)
    top = lies.heard & (hertz >= AIR_FROM_HZ) & (hertz <= AIR_TO_HZ)
    over_db = float(lies.over_db[top].mean()) if top.any() else 0.0
    return float(np.clip(AIR_DB - AIR_GIVEN * over_db, LEAST_AIR_DB, MOST_AIR_DB))


def _air(air_db: float, rate: int) -> tuple[Advice, ...]:
    """Set the bands of a brighter master; none where there is no room for them."""
    if HIGHEST_OF_RATE * rate < AIR_HZ or air_db < LEAST_HEARD_DB:
        return ()
    top = Band("high shelf", AIR_HZ, round(air_db, 2), AIR_Q)
    body = Band("bell", BODY_HZ, round(BODY_SHARE * air_db, 2), BODY_Q)
    advice = (
        Advice(top, f"{top.gain_db:.1f} dB more from {band_name(AIR_HZ)} up, to taste"),
        Advice(body, f"{-body.gain_db:.1f} dB less around {band_name(BODY_HZ)}, to taste"),
    )
    return tuple(one for one in advice if abs(one.band.gain_db) >= LEAST_SAID_DB)
