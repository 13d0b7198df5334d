"""What is done to the sum to bring it nearer to a reference: broad EQ, width, and compression."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band, response_db
from assistant.dsp.gating import gated_range
from assistant.dsp.third_octaves import CENTRES_HZ, Levels
from assistant.mixing.compression import Compression, compression_for
from assistant.mixing.heard import Heard
from assistant.mixing.tone import REGIONS
from assistant.mixing.track import Track

__all__ = ["Width", "bus_bands", "bus_squeeze", "bus_width", "density_db", "range_lu"]

Row: TypeAlias = NDArray[np.float64]

MOST_BAND_DB = 4.0
MOST_BANDS = 4
LEAST_BAND_DB = 0.75
EQ_HELD = 1.5  # a band 1 dB up weighs as much as so many third octaves 1 dB off
NARROWEST, WIDEST = 0.5, 1.5
LEAST_SIDE_DB = 1.5  # nobody hears less of width
NO_SIDE_DB = -30.0  # what is narrower is mono, and has no width to turn
WIDEN_DB = 6.0  # of mono stems: so much wider a reference is worth a word
MOST_SQUEEZE_DB = 3.0
WIDER_LU = 1.0  # what is nearer ranges alike
SQUEEZE_A_LU = 2.0  # dB on the meter that bring the range down by about 1 LU


@dataclass(frozen=True, slots=True)
class Width:
    """How wide to make the sum, and what is then still amiss.

    Parameters
    ----------
    width : float
        0.5 to 1.5; 1.0 where nothing is to be done.
    short_db : float
        By how much the sides then still lie under those of the reference; over them where below 0.
    """

    width: float
    short_db: float


def bus_bands(short_db: Levels, counts: NDArray[np.bool_], rate: int) -> tuple[Band, ...]:
    """Find broad bands that bring the sum nearer to a reference.

    Parameters
    ----------
    short_db : ndarray of float64, shape (31,)
        What the mix lacks in each third octave, in dB, by shape.
    counts : ndarray of bool, shape (31,)
        Which of them can be compared, all of them below half the rate; there are no bands beyond.
    rate : int
        Of the mix, in Hz.

    Returns
    -------
    tuple of Band
        Four at most, each within 4 dB, from low to high.
    """
    hertz = np.array(CENTRES_HZ)[counts]
    if len(hertz) <= len(REGIONS):
        return ()
    chosen = [
        one.band(1.0) for one in REGIONS.values() if hertz[0] <= one.freq_hz <= hertz[-1]
    ]  # so below half the rate too, for none that lies above it counts
    while chosen:
        gains = _fitted(chosen, hertz, short_db[counts], rate)
        weakest = int(np.argmin(np.abs(gains)))
        if len(chosen) <= MOST_BANDS and abs(gains[weakest]) >= LEAST_BAND_DB:
            break
        del chosen[weakest]
    return tuple(
        replace(band, gain_db=round(float(gain), 1))
        for band, gain in zip(chosen, gains if chosen else (), strict=True)
    )


def _fitted(bands: list[Band], hertz: Row, short_db: Row, rate: int) -> Row:
    """Find the gains of bands that bring a spectrum nearest to what it lacks, but for a level."""
    from scipy.optimize import lsq_linear

    # Of a band of 1 dB, what it does is nearly as much times its gain in dB.
    shapes = [response_db([band], hertz, rate) for band in bands]
    above = np.column_stack([*shapes, np.ones(len(hertz))])
    below = np.column_stack([np.sqrt(EQ_HELD) * np.eye(len(bands)), np.zeros(len(bands))])
    most = np.append(np.full(len(bands), MOST_BAND_DB), 120.0)
    wanted = np.concatenate([short_db, np.zeros(len(bands))])
    found = lsq_linear(np.concatenate([above, below]), wanted, (-most, most))
    return np.asarray(found.x[:-1])


def bus_width(side_db: float, wanted_db: float) -> Width:
    """Find how wide to make the sum.

    Parameters
    ----------
    side_db, wanted_db : float
        Sides against the middle, of the mix and of the reference, in dB.

    Returns
    -------
    Width
        Within 0.5 to 1.5.
    """
    short_db = max(wanted_db, NO_SIDE_DB) - max(side_db, NO_SIDE_DB)
    if abs(short_db) < LEAST_SIDE_DB or side_db < NO_SIDE_DB:
        return Width(1.0, short_db)
    width = round(min(max(10.0 ** (short_db / 20.0), NARROWEST), WIDEST), 2)
    return Width(width, short_db - 20.0 * math.log10(width))


def range_lu(heard: Heard) -> float:
    """Tell the loudness range of a mix, in LU, from how loud it is from moment to moment."""
    return gated_range(10.0 ** ((heard.momentary + 0.691) / 10.0))


def density_db(mix: Heard, reference: Heard) -> float:
    """Tell by how much a reference is denser: its peaks nearer to its loudness, in dB."""
    return mix.peak_to_loudness - reference.peak_to_loudness


def bus_squeeze(mix: Track, wider_lu: float) -> Compression | None:
    """Set up a compressor for the sum.

    It brings loud and soft passages nearer to each other; peaks come through it, as they do through
    any that does not look ahead, so that peaks are left for a limiter.

    Parameters
    ----------
    mix : Track
        The sum, as a bus.
    wider_lu : float
        By how much its loudness ranges further than that of the reference.

    Returns
    -------
    Compression or None
        Up to 3 dB of it; None where they are alike, and in silence.
    """
    if wider_lu < WIDER_LU:
        return None
    return compression_for(mix, min(SQUEEZE_A_LU * wider_lu, MOST_SQUEEZE_DB))
