"""The way into the ear, and the scales on which it hears.

A Cam is a step on the scale of the ear: as wide as an auditory filter at that frequency (Glasberg
and Moore, "Derivation of auditory filter shapes from notched-noise data", Hearing Research 47,
1990). Numbers are those of ANSI S3.4-2007, checked against what the public implementations of it
hold (AMT 1.4 `glasberg2002`, Ward's `loudness`, Slaney's `LoudnessModel`).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANDS",
    "BAND_CAMS",
    "BAND_HZ",
    "COMPONENTS",
    "COMPONENT_EDGES_HZ",
    "COMPONENT_HZ",
    "STEP_CAMS",
    "Curve",
    "cams_of",
    "erb_hz",
    "hertz_of",
    "transmission_db",
]

Curve: TypeAlias = NDArray[np.float64]

_ERB_AT_0_HZ, _ERB_A_HZ, _CAMS_A_DECADE = 24.673, 0.004368, 21.366

# What a tone from the front gains on its way to the eardrum, and between there and the cochlea.
_TABLE_HZ, _OUTER_DB, _MIDDLE_DB = np.array(
    [
        (20.0, 0.0, -39.6),
        (25.0, 0.0, -32.0),
        (31.5, 0.0, -25.85),
        (40.0, 0.0, -21.4),
        (50.0, 0.0, -18.5),
        (63.0, 0.0, -15.9),
        (80.0, 0.0, -14.1),
        (100.0, 0.0, -12.4),
        (125.0, 0.1, -11.0),
        (160.0, 0.3, -9.6),
        (200.0, 0.5, -8.3),
        (250.0, 0.9, -7.4),
        (315.0, 1.4, -6.2),
        (400.0, 1.6, -4.8),
        (500.0, 1.7, -3.8),
        (630.0, 2.5, -3.3),
        (750.0, 2.7, -2.9),
        (800.0, 2.6, -2.6),
        (1000.0, 2.6, -2.6),
        (1250.0, 3.2, -4.5),
        (1500.0, 5.2, -5.4),
        (1600.0, 6.6, -6.1),
        (2000.0, 12.0, -8.5),
        (2500.0, 16.8, -10.4),
        (3000.0, 15.3, -7.3),
        (3150.0, 15.2, -7.0),
        (4000.0, 14.2, -6.6),
        (5000.0, 10.7, -7.0),
        (6000.0, 7.1, -9.2),
        (6300.0, 6.4, -10.2),
        (8000.0, 1.8, -12.2),
        (9000.0, -0.9, -10.8),
        (10000.0, -1.6, -10.1),
        (11200.0, 1.9, -12.7),
        (12500.0, 4.9, -15.0),
        (14000.0, 2.0, -18.2),
        (15000.0, -2.0, -23.8),
        (16000.0, 2.5, -32.3),
        (18000.0, 2.5, -45.5),
        (20000.0, 2.5, -50.0),
    ]
).T


def cams_of(hertz: Curve | float) -> Curve:
    """Tell how many auditory filters fit side by side below a frequency.

    Parameters
    ----------
    hertz : ndarray of float64 or float
        0 or more.

    Returns
    -------
    ndarray of float64
        In Cam; 15.6 at 1 kHz.
    """
    return np.asarray(_CAMS_A_DECADE * np.log10(1.0 + _ERB_A_HZ * np.asarray(hertz)))


def hertz_of(cams: Curve | float) -> Curve:
    """Tell the frequency of a place on the scale; the inverse of `cams_of`."""
    return np.asarray((10.0 ** (np.asarray(cams) / _CAMS_A_DECADE) - 1.0) / _ERB_A_HZ)


def erb_hz(hertz: Curve | float) -> Curve:
    """Tell how wide the auditory filter at a frequency is.

    Parameters
    ----------
    hertz : ndarray of float64 or float
        0 or more.

    Returns
    -------
    ndarray of float64
        Equivalent rectangular bandwidth in Hz, of young ears at a moderate level.
    """
    return np.asarray(_ERB_AT_0_HZ * (1.0 + _ERB_A_HZ * np.asarray(hertz)))


def transmission_db(hertz: Curve | float) -> Curve:
    """Tell what reaches the cochlea of a sound from the front in the free field.

    Parameters
    ----------
    hertz : ndarray of float64 or float
        Beyond 20 Hz and 20 kHz the gain is that at these.

    Returns
    -------
    ndarray of float64
        Gain of outer and middle ear in dB, straight lines on the scale of Cams between the
        frequencies of the standard.
    """
    gain_db = np.interp(cams_of(hertz), cams_of(_TABLE_HZ), _OUTER_DB + _MIDDLE_DB)
    return np.asarray(gain_db)


STEP_CAMS = 0.5
BAND_CAMS: Curve = 1.8 + STEP_CAMS * np.arange(75.0)  # as the standard has it, to 38.8
BAND_HZ: Curve = hertz_of(BAND_CAMS)
"""Centre frequencies of the auditory filters: 49 Hz to 14.8 kHz."""
BANDS = len(BAND_HZ)

COMPONENT_EDGES_HZ: Curve = hertz_of(np.arange(0.75, 41.6, 0.125))
"""Between these the power of a sound is summed: 19 Hz to 19.7 kHz, beyond which nobody hears."""
COMPONENT_HZ: Curve = hertz_of(np.arange(0.75 + 0.125 / 2, 41.5, 0.125))
COMPONENTS = len(COMPONENT_HZ)
