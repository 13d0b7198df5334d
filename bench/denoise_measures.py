"""What the denoise bench measures a cleaned take by; nothing here is of our own cleaning."""

from __future__ import annotations

import importlib
import importlib.util
import math
from typing import TypeAlias

import librosa
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import stft

from assistant.material import Samples
from bench.denoise_cases import Case

__all__ = [
    "gain_db",
    "identical",
    "log_kurtosis_ratio",
    "onset_levels_db",
    "pesq",
    "residual_db",
    "si_sdr_db",
    "stoi",
]

Signal: TypeAlias = NDArray[np.float64]

VOICE_RATE_HZ = 16_000
LEAST_DB, MOST_DB = -60.0, 150.0
KURTOSIS_FRAMES = 1_024
KURTOSIS_HZ = (100.0, 10_000.0)
ONSET_SECONDS = 0.03
ONSET_DB = -20.0  # against the loudest onset; softer ones do not carry the music
ONSET_OVER_NOISE_DB = 0.0  # what is under the noise is not there to be kept


def si_sdr_db(clean: Samples, made: Samples) -> float:
    """Measure scale-invariant SDR (Le Roux et al. 2019), all channels at one scale, in dB."""
    wanted = clean.astype(np.float64).ravel()
    got = made.astype(np.float64).ravel()
    fitted = wanted * (np.dot(wanted, got) / max(float(np.dot(wanted, wanted)), 1e-30))
    return _decibels(float(np.sum(fitted**2)), float(np.sum((got - fitted) ** 2)))


def gain_db(case: Case, made: Samples) -> float:
    """Tell how much nearer to the clean sound a take is than before: SI-SDR, in dB."""
    wanted = case.played(case.clean.samples)
    before = si_sdr_db(wanted, case.played(case.noisy.samples))
    return si_sdr_db(wanted, case.played(made)) - before


def residual_db(given: Samples, made: Samples) -> float:
    """Measure how far all that was changed lies below the sound, in dB; 150: nothing was."""
    change = made.astype(np.float64) - given.astype(np.float64)
    return _decibels(float(np.sum(given.astype(np.float64) ** 2)), float(np.sum(change**2)))


def identical(given: Samples, made: Samples) -> bool:
    """Tell whether nothing was changed, bit for bit."""
    return given.shape == made.shape and given.tobytes() == made.tobytes()


def log_kurtosis_ratio(case: Case, made: Samples) -> float:
    """Measure musical noise where there is noise alone, in the pause at the start.

    The logarithm of how much more peaked the power of each bin is over time than before
    (Uemura et al. 2008): 0 is noise that only became softer. It is the mean over bins between
    100 Hz and 10 kHz.

    Parameters
    ----------
    case : Case
        One that has a pause.
    made : ndarray of float32, shape (channels, frames)
        What became of it.

    Returns
    -------
    float
        NaN where nothing at all is left in the pause.
    """
    ends = slice(round(0.1 * case.first), round(0.95 * case.first))
    before = _kurtosis(case.noisy.samples[:, ends], case.noisy.rate)
    after = _kurtosis(made[:, ends], case.noisy.rate)
    return float(np.log(after / before))


def _kurtosis(samples: Samples, rate: int) -> float:
    """Return the mean over bins of the fourth moment of power over its squared second."""
    hertz, _, bins = stft(samples.astype("f8"), rate, nperseg=KURTOSIS_FRAMES, boundary=None)
    power = np.square(np.abs(bins[:, (hertz > KURTOSIS_HZ[0]) & (hertz < KURTOSIS_HZ[1])]))
    fourth, second = np.mean(power**4, axis=2), np.mean(power**2, axis=2)
    there = second > 0.0
    return float(np.mean(fourth[there] / second[there] ** 2)) if there.any() else math.nan


def onset_levels_db(case: Case, made: Samples) -> Signal:
    """Measure how loud the clean sound still is at each of its onsets, in dB against before.

    What is left of the noise does not count: each is the gain at which the clean onset is found
    in what was made.

    Parameters
    ----------
    case : Case
        The take.
    made : ndarray of float32, shape (channels, frames)
        What became of it.

    Returns
    -------
    ndarray of float, shape (onsets,)
        0 is kept as it was.
    """
    clean, rate = case.clean.samples.astype(np.float64), case.clean.rate
    # An onset is found some milliseconds late or early; the window holds its rise.
    starts = librosa.onset.onset_detect(
        y=clean.mean(axis=0).astype("f4"), sr=rate, hop_length=256, units="samples", backtrack=True
    )
    length = round(ONSET_SECONDS * rate)
    parts = [slice(start, start + length) for start in starts if start + length < clean.shape[1]]
    energies = np.array([np.sum(clean[:, part] ** 2) for part in parts])
    noises = np.array([np.sum((case.noisy.samples - clean)[:, part] ** 2) for part in parts])
    loud = energies > 10.0 ** (ONSET_DB / 10.0) * energies.max(initial=0.0)
    loud &= energies > 10.0 ** (ONSET_OVER_NOISE_DB / 10.0) * noises
    kept = [
        np.sum(clean[:, part] * made[:, part]) / energy
        for part, energy in zip(parts, energies, strict=True)
    ]
    return np.asarray(20.0 * np.log10(np.maximum(np.array(kept)[loud], 1e-3)))


def pesq(clean: Samples, made: Samples, rate: int) -> float:
    """Measure wide-band PESQ (ITU-T P.862.2); NaN where it finds no speech, or is not here."""
    if importlib.util.find_spec("pesq") is None:
        return math.nan
    measure = importlib.import_module("pesq")
    try:
        score = measure.pesq(VOICE_RATE_HZ, _voice(clean, rate), _voice(made, rate), "wb")
    except measure.NoUtterancesError:
        return math.nan
    return float(score)


def stoi(clean: Samples, made: Samples, rate: int) -> float:
    """Measure short-time objective intelligibility (Taal et al. 2011); NaN without pystoi."""
    if importlib.util.find_spec("pystoi") is None:
        return math.nan
    measure = importlib.import_module("pystoi")
    return float(measure.stoi(_voice(clean, rate), _voice(made, rate), VOICE_RATE_HZ))


def _voice(samples: Samples, rate: int) -> Signal:
    middle = samples.mean(axis=0, dtype=np.float64)
    return np.asarray(soxr.resample(middle, rate, VOICE_RATE_HZ, "VHQ"))


def _decibels(kept: float, lost: float) -> float:
    if lost == 0.0:
        return MOST_DB
    return float(np.clip(10.0 * math.log10(max(kept, 1e-30) / lost), LEAST_DB, MOST_DB))
