"""ffmpeg's afftdn as well tuned as we can: it has to be told how loud the noise is.

With a print it samples the noise (``sn``), or is given the level in each of its bands (``bn``);
its floor stands some decibels above the real one, chosen on development cases, as its reduction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import welch

from assistant.material import Audio, Samples
from bench.denoise_ffmpeg import filtered

__all__ = ["banded", "banded_words", "sampled"]

FLOOR_DB = -50.0
ABOVE_FLOOR_DB = 4.0
REDUCTION_DB = 30.0
BANDS = 15
LOWEST_HZ = 80.0
BAND_RATIO = 1.5
FULL_SCALE_DB = -3.0  # what it calls the level of noise, over the power of its samples
CLIPPED_DB = 24.0
STEP_FRAMES = 480
END_SECONDS = 0.03  # sampling stops where the print does, not behind
WELCH_FRAMES = 2_048


def sampled(audio: Audio, alone: Audio | None) -> Samples:
    """Let it sample the print, which is put in front of the take."""
    if alone is None:
        return audio.samples
    stop = alone.seconds - END_SECONDS
    commands = f"asendcmd=c='0.0 afftdn sn start; {stop:.3f} afftdn sn stop'"
    before = f"asetnsamples=n={STEP_FRAMES},{commands},"
    both = np.concatenate([alone.samples, audio.samples], axis=1)
    words = _words(_levelled(alone)[0], before, "")
    return filtered(both, audio.rate, words, _late(audio))[:, alone.frames :]


def banded(audio: Audio, alone: Audio | None) -> Samples:
    """Tell it the level of the print in each of its bands."""
    if alone is None:
        return audio.samples
    return filtered(audio.samples, audio.rate, banded_words(alone), _late(audio))


def banded_words(alone: Audio) -> str:
    """Write what ffmpeg is told of a print."""
    gain, shape = _levelled(alone)
    bands = "|".join(f"{level:.2f}" for level in shape)
    return _words(gain, "", f":nt=c:bn={bands}")


def _words(gain: float, before: str, more: str) -> str:
    floor = FLOOR_DB + ABOVE_FLOOR_DB
    louder, softer = (f"volume={one}:precision=float" for one in (gain, 1.0 / gain))
    return f"{louder},{before}afftdn=nr={REDUCTION_DB:g}:nf={floor:g}{more},{softer}"


def _late(audio: Audio) -> int:
    """Return its delay, two thirds of a window; it does not make up for it."""
    return 2 * (audio.rate // 80)


def _levelled(alone: Audio) -> tuple[float, NDArray[np.float64]]:
    """Find the gain that brings the mean of the bands to `FLOOR_DB`, and each band against it."""
    hertz, density = welch(alone.samples.astype("f8"), alone.rate, nperseg=WELCH_FRAMES)
    power = density.mean(axis=0) * alone.rate / 2.0
    levels: list[float] = []
    for centre in _centres_hz():
        low, high = centre / np.sqrt(BAND_RATIO), centre * np.sqrt(BAND_RATIO)
        within = power[(hertz >= low) & (hertz < high)]
        levels.append(10.0 * np.log10(within.mean() + 1e-20) if within.size else levels[-1])
    mean = float(np.mean(levels)) + FULL_SCALE_DB
    gain = 10.0 ** ((FLOOR_DB - mean) / 20.0)
    return gain, np.clip(np.array(levels) - np.mean(levels), -CLIPPED_DB, CLIPPED_DB)


def _centres_hz() -> list[float]:
    """Return about where its bands lie; it rounds them."""
    centres = [LOWEST_HZ]
    while len(centres) < BANDS:
        centres.append(BAND_RATIO * centres[-1] + 5.0)
    return centres
