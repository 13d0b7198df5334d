"""What a track gains where another one makes room for it: the model of the ear, asked again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.ear import BAND_HZ, BANDS, COMPONENT_HZ, STEP_CAMS, Curve, cams_of, hertz_of
from assistant.dsp.equaliser import Band, response_db
from assistant.dsp.excitation import EARS, excitations
from assistant.dsp.masking import listening_gain
from assistant.dsp.partial_loudness import partial_loudness
from assistant.mixing.masked import MixMasking

__all__ = ["Region", "Room", "band_factors", "regions_of", "room_made"]

NARROWEST_Q, BROADEST_Q = 2.5, 0.7
WINDOWS = 40
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0  # over two and a half Cams
EDGE = 0.5  # of the highest point
MOST_REGIONS, LEAST_BESIDE, APART_OCTAVES = 2, 0.4, 1.0


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the spectrum.

    Parameters
    ----------
    freq_hz : float
        Its middle, by weight.
    q : float
        Middle over width, as a bell has it.
    bands : slice
        Of the ear, `assistant.dsp.ear.BAND_HZ`.
    """

    freq_hz: float
    q: float
    bands: slice


@dataclass(frozen=True, eq=False)
class Room:
    """What is heard of each track, while others play.

    Parameters
    ----------
    alone : ndarray of float64, shape (tracks,)
        Loudness of each by itself, summed over windows and bands: what its shares are of.
    before, after : ndarray of float64, shape (tracks,)
        Share of it that is heard in the mix, as it is and with the change: 0.0 to 1.0, and 1.0 of
        what is silent. The track that is changed is held against what it was.
    """

    alone: Curve
    before: Curve
    after: Curve

    @property
    def lost(self) -> tuple[Curve, Curve]:
        """The shares that are lost, before and after."""
        return 1.0 - self.before, 1.0 - self.after


def regions_of(taken: Curve) -> tuple[Region, ...]:
    """Find where most is taken.

    Parameters
    ----------
    taken : ndarray of float64, shape (bands,)
        By how much a track takes from others, in sone per Cam; at least 0.

    Returns
    -------
    tuple of Region
        Around the highest point, as far as there is half as much; and around the next one that
        lies outside of it, an octave off at least, where that is not far lower.
    """
    smooth = np.convolve(taken, _SMOOTH, "same")
    found: list[Region] = []
    free = np.ones(BANDS, np.bool_)
    for peak in np.argsort(-smooth, kind="stable"):
        if len(found) == MOST_REGIONS or smooth[peak] <= LEAST_BESIDE * smooth.max():
            break
        is_top = smooth[peak] >= smooth[max(0, peak - 1) : peak + 2].max()
        if is_top and free[peak]:
            found.append(_around(smooth, int(peak)))
            free &= np.abs(np.log2(BAND_HZ / BAND_HZ[peak])) >= APART_OCTAVES
            free[found[-1].bands] = False
    return tuple(found)


def _around(smooth: Curve, peak: int) -> Region:
    edge = EDGE * smooth[peak]
    first, last = peak, peak + 1
    while first > 0 and edge <= smooth[first - 1] <= smooth[first]:
        first -= 1
    while last < BANDS and edge <= smooth[last] <= smooth[last - 1]:
        last += 1
    bands = slice(first, last)
    cams = cams_of(BAND_HZ[bands])
    middle = float(hertz_of(np.average(cams, weights=smooth[bands])))
    width_hz = float(hertz_of(cams[-1] + STEP_CAMS / 2.0) - hertz_of(cams[0] - STEP_CAMS / 2.0))
    return Region(middle, float(np.clip(middle / width_hz, BROADEST_Q, NARROWEST_Q)), bands)


def band_factors(band: Band, rate: int) -> Curve:
    """Tell what a band of an equaliser does to the power of each component.

    Parameters
    ----------
    band : Band
        Below half the rate.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (components,)
    """
    hertz = np.minimum(COMPONENT_HZ, 0.49 * rate)
    return np.asarray(10.0 ** (response_db([band], hertz, rate) / 10.0))


def room_made(
    measured: MixMasking, masker: int, factors: Curve, windows: NDArray[np.int64]
) -> Room:
    """Tell what each track is heard of in the mix as it is, and where one of them is changed.

    Parameters
    ----------
    measured : MixMasking
        The mix as it came.
    masker : int
        Place in it of the track that is changed.
    factors : ndarray of float64, shape (components,)
        By which its power is multiplied.
    windows : ndarray of int
        Which windows count. Where there are many, what is gained is told from some of them.

    Returns
    -------
    Room
    """
    found = measured.found
    some = windows[:: max(1, len(windows) // WINDOWS)]
    whole, here = (found.alone[:, of].sum(axis=(1, 2), dtype=np.float64) for of in (windows, some))
    heard = found.heard[:, windows].sum(axis=(1, 2), dtype=np.float64)
    gained = sum(_heard(measured, masker, factors, int(n)) for n in some)
    gained -= found.heard[:, some].sum(axis=(1, 2), dtype=np.float64)
    before = np.divide(heard, whole, out=np.ones_like(whole), where=whole > 0.0)
    change = np.divide(gained, here, out=np.zeros_like(here), where=here > 0.0)
    return Room(whole, before, np.clip(before + change, 0.0, 1.0))


def _heard(measured: MixMasking, masker: int, factors: Curve, window: int) -> Curve:
    """Hear each track in one window beside a changed one, to both ears."""
    powers = measured.powers[:, :, window].astype(np.float64)
    powers *= listening_gain(measured.mix_lufs)
    powers[masker] *= factors
    total = np.zeros(len(powers))
    for ear in range(EARS):
        made = excitations(powers[:, ear])
        total += partial_loudness(made, made.sum(axis=0) - made).sum(axis=1)
    return total
