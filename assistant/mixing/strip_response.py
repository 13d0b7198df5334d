"""What a channel strip does all the time, told without sound: its filters, its EQ and its fader."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.equaliser import response_db
from assistant.mixing.console import StripSettings

__all__ = ["strip_gain_db"]


def strip_gain_db(
    wanted: StripSettings, hertz: NDArray[np.float64], rate: int
) -> NDArray[np.float64]:
    """Tell the gain of a strip at some frequencies.

    Parameters
    ----------
    wanted : StripSettings
        What it is set to. What goes by the level, pan, width and mute are left out.
    hertz : ndarray of float64
        Frequencies; those over half the rate are told as the highest.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64
        In dB, as many.
    """
    hertz = np.minimum(hertz, 0.49 * rate)
    bands = [band for band in wanted.bands if band.freq_hz < rate / 2.0]
    gain_db = response_db(bands, hertz, rate) + wanted.gain_db
    if wanted.hpf_hz is not None:
        gain_db -= 10.0 * np.log10(1.0 + (wanted.hpf_hz / hertz) ** 4)
    if wanted.lpf_hz is not None:
        gain_db -= 10.0 * np.log10(1.0 + (hertz / wanted.lpf_hz) ** 4)
    return np.asarray(gain_db)
