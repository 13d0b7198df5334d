"""Whether what sounds beside a voice is the voice itself, a little later: an echo of it, or a room.

An echo sings what was sung before; another singer sings no more of that than of what comes next.
What a delay adds is the very same wave, which ripples the spectrum of all of it: a peak of its
cepstrum (Bogert, Healy and Tukey, "The quefrency alanysis of time series for echoes", 1963).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track
from assistant.dsp.mono import resampled_mono
from assistant.material import Audio

__all__ = ["Echo", "echo_share", "strongest_echo"]

Array = NDArray[np.float64]

_NEAR_SECONDS, _NOW_SECONDS = 1.5, 0.03  # how far a room reaches, and what is no past yet
_ALIKE_CENTS, _ENOUGH_SECONDS = 45.0, 0.03
_DELAYS_SECONDS = (0.06, 1.2, 0.02)  # first, last, step
_LEAST_LEFT = 0.1  # share that is not sung next, to compare with
_LONGEST_SECONDS = 0.8  # of a delay that is no loop
_RATE_HZ = 12_000
_LOOK, _MOST_LOOKS, _LEAST_SECONDS = 1 << 16, 8, 2.5  # samples of a look
_BAND_HZ = (100.0, 5_000.0)  # of what is looked at: voices reach so far
_FAINT = 1e-9  # of the strongest bin
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class Echo:
    """The same wave once more.

    Parameters
    ----------
    seconds : float
        After which time.
    gain : float
        How strong, about 0.0 to 1.0.
    """

    seconds: float = 0.0
    gain: float = 0.0


def strongest_echo(audio: Audio, weights: NDArray[np.float32]) -> Echo:
    """Find the time after which a sound repeats itself most, as through a delay.

    Parameters
    ----------
    audio : Audio
        Any sound; some places of it are looked at.
    weights : ndarray of float32, shape (channels,)
        How its channels are mixed.

    Returns
    -------
    Echo
        The strongest between 60 ms and 0.8 s. What has no delay reaches a gain of 0.15: a voice
        with vibrato, a beat; a gain of 0.0 where it is too short to tell.
    """
    first, last = _DELAYS_SECONDS[0], _LONGEST_SECONDS
    spectra = [_ripples(look) for look in _looks(audio, weights)]
    if not spectra:
        return Echo()
    cepstrum = np.fft.irfft(np.mean(spectra, axis=0))
    span = cepstrum[round(first * _RATE_HZ) : round(last * _RATE_HZ) + 1]
    # an echo that falls between two samples leaves a peak at both
    peaks = span[:-1] + np.maximum(span[1:], 0.0)
    at = int(peaks.argmax())
    return Echo(first + at / _RATE_HZ, max(0.0, float(peaks[at])))


def _looks(audio: Audio, weights: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Take some sound from places that lie evenly."""
    frames = min(audio.frames, round(_LOOK / _RATE_HZ * audio.rate))
    if frames < _LEAST_SECONDS * audio.rate:
        return []
    count = min(_MOST_LOOKS, -(-audio.frames // frames))
    looks = []
    for start in np.linspace(0, audio.frames - frames, count).astype(np.int64):
        piece = Audio(audio.samples[:, start : start + frames], audio.rate)
        blocks = [block for _, block in resampled_mono(piece, _RATE_HZ, weights)]
        looks.append(np.concatenate(blocks)[:_LOOK])
    return looks


def _ripples(look: NDArray[np.float32]) -> Array:
    """Take the logarithm of the power within the band, scaled so that a cepstrum tells gains."""
    power = np.abs(np.fft.rfft(look * np.hanning(look.size), _LOOK)) ** 2
    low, high = (round(edge / _RATE_HZ * _LOOK) for edge in _BAND_HZ)
    inside = np.log(power[low:high] + _FAINT * power.max() + _TINY)
    ripples = np.zeros(power.size)
    # log(|1 + g z|^2) has a cosine of 2 g, which the inverse transform halves
    ripples[low:high] = (inside - inside.mean()) * (power.size / (high - low))
    return ripples


def echo_share(fine: F0Track, frames: NDArray[np.int64], hz: Array, weights: Array) -> float:
    """Tell how much of what sounds beside a voice is its own echo.

    Parameters
    ----------
    fine : F0Track
        The voice.
    frames : ndarray of int, shape (places,)
        Frames of it at which something else sounds.
    hz : ndarray of float, shape (places,)
        The pitch of that.
    weights : ndarray of float, shape (places,)
        What each counts, their sum 1.0.

    Returns
    -------
    float
        From 0.0, where the voice sings it before no more often than after, to 1.0.
    """
    return max(_more_before(tell(fine, frames, hz), weights) for tell in (_sung_near, _sung_at))


def _more_before(heard: NDArray[np.bool_], weights: Array) -> float:
    """Tell how much more of what is heard was sung before than will be: shape (2, ..., places)."""
    before, after = (float((each @ weights).max(initial=0.0)) for each in heard)
    return max(0.0, before - after) / max(1.0 - after, _LEAST_LEFT)


def _sung_near(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice sang some pitches, in any octave, just before and after: (2, places).

    That is so for what rings on in a room.
    """
    reach, now, enough = (
        round(each / fine.hop_seconds) for each in (_NEAR_SECONDS, _NOW_SECONDS, _ENOUGH_SECONDS)
    )
    found = np.zeros((2, frames.size), dtype=np.bool_)
    for place, (frame, each) in enumerate(zip(frames, hz, strict=True)):
        before = np.arange(max(0, frame - reach), max(0, frame - now))
        after = np.arange(frame + now, frame + reach)
        found[:, place] = [_alike(fine, span, each).sum() >= enough for span in (before, after)]
    return found


def _sung_at(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice sang some pitches a fixed time before and after: (2, times, places).

    That is so for what a delay repeats.
    """
    away = np.round(np.arange(*_DELAYS_SECONDS) / fine.hop_seconds).astype(np.int64)[:, None]
    return np.stack([_alike(fine, frames + sign * away, hz) for sign in (-1, 1)])


def _alike(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice is on some pitches, in any octave, at some frames."""
    inside = (frames >= 0) & (frames < fine.times.size)
    places = np.clip(frames, 0, fine.times.size - 1)
    octaves = np.log2(fine.hz[places] / hz)
    near = 1200.0 * np.abs(octaves - np.round(octaves)) < _ALIKE_CENTS
    return np.asarray(inside & fine.voiced[places] & near)
