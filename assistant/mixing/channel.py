"""A channel of an automix: what is to be done with one track, and what that does to its sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import decibels
from assistant.dsp.equaliser import Band, response_db
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.dsp.weighted_bands import band_weights
from assistant.mixing.compression import Compression, compression_for
from assistant.mixing.giving_way import GivesWay
from assistant.mixing.heard import Heard
from assistant.mixing.role_sounds import without_steady_lows
from assistant.mixing.styles import RoleStyle, Style
from assistant.mixing.tone import Turn, turns
from assistant.mixing.track import Track

__all__ = ["Channel", "channel", "factors", "low_corner"]

Row: TypeAlias = NDArray[np.float64]

_CENTRES: Row = np.array(CENTRES_HZ)
PLAYED = 0.01  # of the power: so much may lie under a high pass
NEEDED = 1e-4  # of the power: less under it is not worth a high pass
LOWEST_CORNER_HZ = 20.0
HIGHEST_BAND = 0.45  # of the rate
EVEN_PLR, LIVELY_PLR = 8.0, 14.0  # peaks over loudness: nothing to squeeze, and all that is wanted
LEAST_SQUEEZE_DB = 1.0  # what is less is not worth a compressor
STEADY_FROM_HZ = 50.0  # under it there is no telling what is steady from what is played


@dataclass(frozen=True, eq=False)
class Channel:
    """What is to be done with one track.

    Parameters
    ----------
    track : Track
        As it came.
    wanted : RoleStyle
        What the style has for it.
    low_hz : float
        Corner of the high pass, 0.0 for none.
    turns : tuple of Turn
        EQ toward its role.
    compression : Compression or None
        Compressor.
    gain_db : float
        Of the fader, against where it stands.
    way : GivesWay, optional
        The band that makes room for the lead.
    pan : float, optional
        Its place; None where it stays as it is.
    is_lead : bool
        Whether others make room for it.
    """

    track: Track
    wanted: RoleStyle
    low_hz: float
    turns: tuple[Turn, ...]
    compression: Compression | None
    gain_db: float = 0.0
    way: GivesWay | None = None
    pan: float | None = None
    is_lead: bool = False

    @property
    def bands(self) -> tuple[Band, ...]:
        """All of its EQ, four bands at most."""
        return (*(turn.band for turn in self.turns), *((self.way.band,) if self.way else ()))

    @property
    def factors(self) -> Row:
        """What its power is multiplied by in each third octave, shape (31,)."""
        shaped = factors(self.track.heard.rate, self.low_hz, self.bands)
        return np.asarray(shaped * 10.0 ** (self.gain_db / 10.0))

    @property
    def sides(self) -> tuple[Row, Row]:
        """What it adds to the loudness of left and right, as it stands, before its pan."""
        weights = self.factors * band_weights()
        heard = self.track.heard.moments
        return heard.left * weights, heard.right * weights

    @property
    def loudness_shift_db(self) -> float:
        """By how much high pass and EQ alone change its loudness."""
        powers = self.track.heard.band_powers * band_weights()
        shaped = factors(self.track.heard.rate, self.low_hz, [one.band for one in self.turns])
        return 10.0 * float(np.log10(max(float((powers * shaped).sum()), 1e-30) / powers.sum()))


def channel(track: Track, style: Style) -> Channel:
    """Work out what a style does with a track by itself: high pass, EQ, compressor.

    Parameters
    ----------
    track : Track
        One that sounds. About a minute of it is read.
    style : Style
        How the mix is to sound.

    Returns
    -------
    Channel
        Its fader where it was.
    """
    wanted, heard = style.of(track.role), track.heard
    low_hz = low_corner(heard, wanted.hpf_hz)
    shaped = heard.band_powers * factors(heard.rate, low_hz, ())
    sure = track.guess.confidence  # EQ for what it may not be is half right at best
    lifts = {region: sure * lift_db for region, lift_db in wanted.lifts.items()}
    usual, share = style.tones.of(track.role), sure * style.tone_share
    found = turns(shaped, usual, share, style.tone_most_db, lifts)
    turned = tuple(one for one in found if one.band.freq_hz < HIGHEST_BAND * heard.rate)
    after = heard.band_powers * factors(heard.rate, low_hz, [one.band for one in turned])
    grown_db = decibels(float(np.sqrt(after.sum() / max(heard.band_powers.sum(), 1e-30))))
    return Channel(track, wanted, low_hz, turned, _compressed(track, wanted, grown_db))


def _compressed(track: Track, wanted: RoleStyle, grown_db: float) -> Compression | None:
    """Set up the compressor: it goes by the peaks as EQ leaves them, and spares what is even."""
    lively = (track.heard.peak_to_loudness - EVEN_PLR) / (LIVELY_PLR - EVEN_PLR)
    wanted_db = wanted.squeeze_db * min(max(lively, 0.0), 1.0)
    if wanted_db < LEAST_SQUEEZE_DB:
        return None
    return compression_for(track, wanted_db, ratio=wanted.ratio, shift_db=grown_db)


def low_corner(heard: Heard, highest_hz: float) -> float:
    """Find how high a high pass may go without taking what is played.

    Parameters
    ----------
    heard : Heard
        A track that sounds.
    highest_hz : float
        No higher; 0.0 for none at all.

    Returns
    -------
    float
        In Hz; 0.0 where there is nothing to take away under it.
    """
    if not highest_hz:
        return 0.0
    raw = heard.band_powers
    played = raw
    if highest_hz > STEADY_FROM_HZ:
        rows = without_steady_lows(heard)[heard.active]
        played = rows.mean(axis=0)
    under = np.cumsum(played) / max(float(played.sum()), 1e-30)
    corner_hz = LOWEST_CORNER_HZ
    for centre, share in zip(_CENTRES, under, strict=True):
        if centre <= highest_hz and share <= PLAYED:
            corner_hz = float(centre)
    if _CENTRES[under <= PLAYED].max(initial=0.0) >= highest_hz:
        corner_hz = highest_hz
    taken = float(raw[corner_hz > _CENTRES].sum()) / max(float(raw.sum()), 1e-30)
    return corner_hz if taken > NEEDED and corner_hz > LOWEST_CORNER_HZ else 0.0


def factors(rate: int, low_hz: float, bands: list[Band] | tuple[Band, ...]) -> Row:
    """Tell what a high pass and bands do to the power of each third octave, shape (31,)."""
    every = [*([Band("high pass", low_hz)] if low_hz else []), *bands]
    hertz = np.minimum(_CENTRES, 0.49 * rate)
    return np.asarray(10.0 ** (response_db(every, hertz, rate) / 10.0))
