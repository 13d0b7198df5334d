"""A guess at the noise of a take that never pauses: what is left at the softest, between tones.

It errs to the soft side, and does not claim more than what lies 40 dB under the music: brushes,
cymbals and a crowd leave no gap either, and must not be taken for noise. Of each bin it takes the
softest tenth of the windows, as noise is there now and then heard alone (Martin, "Noise power
spectral density estimation based on optimal smoothing and minimum statistics", IEEE Trans. Speech
and Audio Processing 9(5), 2001); of bins side by side the softest quarter, as a held tone never
stops and yet is no noise.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from scipy.ndimage import percentile_filter

from assistant.dsp.noise_print import PRINT_SECONDS, Levels, Print
from assistant.dsp.short_spectra import window_frames
from assistant.material import Audio

__all__ = ["CONFIDENCE", "guess_print"]

CONFIDENCE = 0.2
MOST_WINDOWS = 256  # spread over the take
LEAST_WINDOWS = 16
SOFTEST = 10  # percentile of the windows
BETWEEN = 25  # percentile of the bins
AROUND_BINS = 61
# What these percentiles of noise are of its mean: -ln 0.9 of the power of a bin, and the quarter
# of such tenths, of 256 windows.
OF_MEAN = 0.105 * 0.87
MOST = 1e-4  # of the power of the take


def guess_print(audio: Audio) -> Generator[float, None, Print | None]:
    """Guess the print of what never stops.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Print or None
        Rather less noise than there is; None where the take is too short to tell, or where it is
        silent at the softest.
    """
    size = window_frames(PRINT_SECONDS, audio.rate)
    count = min(MOST_WINDOWS, audio.frames // size)
    if count < LEAST_WINDOWS:
        return None
    rows: list[Levels] = []
    for n, start in enumerate(np.linspace(0, audio.frames - size, count).astype(np.int64)):
        piece = audio.samples[:, start : start + size].astype(np.float64)
        rows.append(_power(piece))
        yield (n + 1) / count
    powers = np.array(rows)
    softest = np.percentile(powers, SOFTEST, axis=0)
    levels = percentile_filter(softest, BETWEEN, size=(1, AROUND_BINS), mode="nearest") / OF_MEAN
    if not levels.any():
        return None
    levels *= min(1.0, MOST * float(powers.mean()) / float(levels.mean()))
    return Print(levels, audio.rate, count * size / audio.rate, "none", CONFIDENCE)


def _power(piece: Levels) -> Levels:
    """Return the power of one window, shape (channels, bins); white noise has its variance."""
    weights = np.hanning(piece.shape[1] + 1)[:-1]
    return np.asarray(np.square(np.abs(np.fft.rfft(piece * weights))) / np.square(weights).sum())
