"""How loud a sound is, alone and beside others.

Excitation becomes loudness by a compressive law with a threshold. Beside another sound part of
what a sound would have added is lost to that one: its partial loudness is about 0 where it is just
masked, and comes to its loudness in quiet where it stands far above the other (Moore, Glasberg and
Baer, "A model for the prediction of thresholds, loudness, and partial loudness", J. Audio Eng. Soc.
45(4), 1997, equations 17 and 18; numbers of ANSI S3.4-2007, checked against AMT 1.4, Ward's
`loudness` and Slaney's `LoudnessModel`). The examples of the standard come out within 2 %.
"""

from __future__ import annotations

import numpy as np

from assistant.dsp.ear import BAND_HZ, STEP_CAMS, Curve, cams_of

__all__ = [
    "THRESHOLD_SONES",
    "partial_loudness",
    "phons",
    "sones",
    "specific_loudness",
]

THRESHOLD_SONES = 0.003
"""Loudness, to both ears, of what is just heard, in quiet or beside another sound."""

_C = 0.046871  # makes 1 sone of 1 kHz at 40 dB SPL
_MASKED_EXPONENT = 0.3
_FAINT_EXPONENT = 1.5

# Below 500 Hz the cochlea amplifies less, so more has to reach it, and it compresses less.
_THRESHOLD_HZ = [50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500]
_THRESHOLD_DB = [28.18, 23.9, 19.2, 15.68, 12.67, 10.09, 8.08, 6.3, 5.3, 4.5, 3.73]
_GAIN_DB = [-25.0, -20.0, -15.0, -10.0, -5.0, 0.0]
_EXPONENTS = [0.26692, 0.25016, 0.23679, 0.22228, 0.21055, 0.2]
_OFFSET_GAIN_DB = [-24.54531, -19.78305, -16.21055, -11.23866, -7.38338, -3.62882, -1.77405, 0.0]
_OFFSETS = [8.852, 7.65258, 6.99954, 6.10719, 5.55322, 5.10314, 4.90515, 4.72096]

# How far above a masker's excitation that of a signal lies when it is just heard: what Ward's
# `loudness` has for this model, to half a decibel.
_RATIO_HZ = [50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 1000]
_RATIO_DB = [13.5, 10.0, 7.0, 5.0, 3.0, 1.5, 0.5, -0.5, -1.0, -2.0, -2.5, -2.5, -3.0]

_PHONS = [*range(6), 7.5, *range(10, 125, 5)]
_SONES = [
    *(0.0011, 0.0018, 0.0028, 0.0044, 0.0065, 0.0088, 0.017, 0.029, 0.070, 0.142, 0.255, 0.422),
    *(0.662, 0.997, 1.461, 2.098, 2.970, 4.166, 5.813, 8.102, 11.326, 15.980, 22.929, 33.216),
    *(48.242, 70.362, 103.274, 152.776, 227.855, 341.982),
]


def _at_bands(hertz: list[int], values: list[float]) -> Curve:
    """Draw straight lines on the scale of Cams."""
    return np.interp(cams_of(BAND_HZ), cams_of(np.array(hertz, np.float64)), values)


_QUIET_DB = _at_bands(_THRESHOLD_HZ, _THRESHOLD_DB)
_QUIET: Curve = 10.0 ** (_QUIET_DB / 10.0)
_AMPLIFICATION_DB = _THRESHOLD_DB[-1] - _QUIET_DB
_AMPLIFICATION: Curve = 10.0 ** (_AMPLIFICATION_DB / 10.0)
_EXPONENT = np.interp(_AMPLIFICATION_DB, _GAIN_DB, _EXPONENTS)
_OFFSET = np.interp(_AMPLIFICATION_DB, _OFFSET_GAIN_DB, _OFFSETS)
_RATIO: Curve = 10.0 ** (_at_bands(_RATIO_HZ, _RATIO_DB) / 10.0)


def specific_loudness(excitation: Curve) -> Curve:
    """Tell how loud a sound is in quiet, band by band.

    Parameters
    ----------
    excitation : ndarray of float64, shape (..., bands)
        From `assistant.dsp.excitation.excitations`.

    Returns
    -------
    ndarray of float64, shape (..., bands)
        In sone per Cam, for one ear. The other law that the standard has from 100 dB of
        excitation on is left out: there it differs by 2 % at most, and far above nobody listens.
    """
    faint = (2.0 * np.minimum(excitation, _QUIET) / (excitation + _QUIET)) ** _FAINT_EXPONENT
    faint[excitation >= _QUIET] = 1.0
    return np.asarray(_C * faint * _compressed(excitation))


def partial_loudness(signal: Curve, masker: Curve) -> Curve:
    """Tell how loud a sound is beside another one, band by band.

    Parameters
    ----------
    signal, masker : ndarray of float64, shape (..., bands)
        Excitations of both, heard together: from one call of
        `assistant.dsp.excitation.excitations`.

    Returns
    -------
    ndarray of float64, shape (..., bands)
        Specific partial loudness of the signal in sone per Cam, for one ear; at least 0, and
        at most its `specific_loudness`.
    """
    threshold = _RATIO * masker + _QUIET
    both = _compressed(signal + masker)
    just_both, quiet = _compressed(masker + threshold), _compressed(_QUIET)
    over = threshold / np.maximum(signal, threshold)
    above = both - (just_both - quiet) * over**_MASKED_EXPONENT
    alone = _compressed(masker)
    faint = (2.0 * signal / (signal + threshold)) ** _FAINT_EXPONENT
    below = faint * quiet * (both - alone) / (just_both - alone)
    made = _C * np.where(signal >= threshold, above, below)
    return np.clip(made, 0.0, specific_loudness(signal))


def _compressed(excitation: Curve) -> Curve:
    """Return the loudness of excitation above its threshold, as a multiple of C."""
    return np.asarray((_AMPLIFICATION * excitation + _OFFSET) ** _EXPONENT - _OFFSET**_EXPONENT)


def sones(specific: Curve) -> Curve:
    """Sum specific loudness along the cochlea.

    Parameters
    ----------
    specific : ndarray of float64, shape (..., bands)
        In sone per Cam.

    Returns
    -------
    ndarray of float64, shape (...)
        In sone. What one ear hears; both ears together hear the sum of the two.
    """
    return np.asarray(specific.sum(axis=-1) * STEP_CAMS)


def phons(loudness_sones: Curve | float) -> Curve:
    """Tell the loudness level: that of a tone of 1 kHz, to both ears, that is as loud.

    Parameters
    ----------
    loudness_sones : ndarray of float64 or float
        To both ears; 0 or more.

    Returns
    -------
    ndarray of float64
        In phon, from 0 to 120; table 7 of ANSI S3.4-2007.
    """
    known = np.maximum(np.asarray(loudness_sones, np.float64), _SONES[0])
    return np.asarray(np.interp(np.log(known), np.log(_SONES), _PHONS))
