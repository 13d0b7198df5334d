"""Listening to a take: the pitch of its voice, where something begins, and whether it is a voice.

What is not one voice is told from numbers that can be said aloud: how much of what sounds has a
pitch, lies on the overtones of that pitch, repeats as it should, and rests on a pitch.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.dsp import beats, chroma, f0
from assistant.dsp.echoes import strongest_echo
from assistant.dsp.f0 import F0Track
from assistant.dsp.f0_fine import HOP_SECONDS, mend, sharpen
from assistant.dsp.listening import Frames
from assistant.dsp.mono import mono_weights, resampled_mono
from assistant.dsp.one_voice import Overtones
from assistant.dsp.other_voices import other_voices
from assistant.dsp.take_judging import (
    Verdict,
    judge_take,
    numbers_of,
    plain_noise,
    silent,
    too_short,
)
from assistant.errors import MaterialError
from assistant.material import Audio
from assistant.steps import part

__all__ = ["TakeHeard", "listen_to_take"]

Array = NDArray[np.float64]

_SILENCE = 10.0 ** (-75.0 / 20.0)  # peak
_QUIET, _LOUDER = 0.05, 0.5  # peak under which a take is tracked louder, and how loud
_SHORTEST_SECONDS = 0.15
# Flatness of the spectrum: noise has it in every band, and nearly always
_NOISE, _SELDOM = 0.3, 0.1
_LOOK, _LOOK_HOP = 2048, 4096  # samples
_BANDS_HZ = (40.0, 200.0, 600.0, 1_200.0, 2_400.0, 4_000.0)
_SOUNDING_DB, _TINY = 35.0, 1e-12  # under the loudest look; power
_TONAL_SECONDS = 60.0
# Shares of the work
_FIRST, _TRACKER, _OCTAVES, _CENTS = 0.15, 0.55, 0.15, 0.15


class _FirstHeard(NamedTuple):
    """Peak (linear), flatness of the least flat looks, and onset strength."""

    peak: float
    flatness: float
    strength: Array


@dataclass(frozen=True, eq=False)
class TakeHeard:
    """What was heard in a take.

    Parameters
    ----------
    verdict : Verdict
        What it is.
    coarse : F0Track
        Its pitch every 16 ms, octave slips mended; no frames where the verdict needed none.
    fine : F0Track
        The same every 5 ms, to cents; levels of the take as it is.
    onsets : ndarray of float, shape (frames,)
        How strongly something begins at each frame of `coarse`.
    harmonic : ndarray of float, shape (frames,)
        How much of the energy of each frame of `coarse` lies on overtones of its pitch.
    """

    verdict: Verdict
    coarse: F0Track
    fine: F0Track
    onsets: Array
    harmonic: Array


def listen_to_take(
    audio: Audio, low_hz: float | None = None, high_hz: float | None = None
) -> Generator[float, None, TakeHeard]:
    """Listen to a take.

    Parameters
    ----------
    audio : Audio
        A recording of what should be one voice.
    low_hz, high_hz : float, optional
        What the voice can sing; else all that a tracker can hear.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    TakeHeard
        Pitch, onsets, and what it is. Silence and plain noise are told without a tracker.

    Raises
    ------
    MaterialError
        Where the sound holds values that are no numbers.
    """
    if audio.seconds < _SHORTEST_SECONDS:
        yield 1.0
        return _without_pitch(too_short(audio.seconds, _SHORTEST_SECONDS))
    weights = mono_weights(audio)
    first = yield from part(_first_listening(audio, weights), 0.0, _FIRST)
    if first.peak < _SILENCE or first.flatness > _NOISE:
        yield 1.0
        return _without_pitch(silent(first.peak) if first.peak < _SILENCE else plain_noise())
    louder = np.float32(_LOUDER / first.peak if first.peak < _QUIET else 1.0)
    coarse, harmonic = yield from part(_tracked(audio, weights, louder), _FIRST, _TRACKER)
    range_hz = (low_hz or f0.LOWEST_HZ, high_hz or f0.HIGHEST_HZ)
    begun = _FIRST + _TRACKER
    coarse = yield from part(mend(audio, coarse, *range_hz, weights), begun, _OCTAVES)
    fine = yield from part(sharpen(audio, coarse, weights), begun + _OCTAVES, _CENTS)
    places = np.round(coarse.times * beats.ONSETS_PER_SECOND).astype(np.int64)
    onsets = first.strength[np.minimum(places, first.strength.size - 1)]
    numbers = numbers_of(coarse, harmonic, fine, other_voices(audio, fine, weights))
    verdict = judge_take(
        numbers, lambda: _tonal(audio, weights), lambda: strongest_echo(audio, weights)
    )
    return TakeHeard(verdict, coarse, fine, onsets, harmonic)


def _without_pitch(verdict: Verdict) -> TakeHeard:
    none = np.zeros(0)
    coarse = F0Track(none, none, none, none)
    return TakeHeard(verdict, coarse, replace(coarse, hop_seconds=HOP_SECONDS), none, none)


def _first_listening(
    audio: Audio, weights: NDArray[np.float32]
) -> Generator[float, None, _FirstHeard]:
    """Listen for what needs no tracker: how loud it is, how flat its spectrum, where it begins."""
    frames, looks = Frames(beats.WINDOW, beats.HOP), Frames(_LOOK, _LOOK_HOP)
    rising, flat, peak = [], [], 0.0
    before: NDArray[np.float32] | None = None
    for done, block in resampled_mono(audio, chroma.RATE_HZ, weights):
        highest = float(np.abs(block).max(initial=0.0))
        if not np.isfinite(highest):
            raise MaterialError("The sound holds values that are no numbers; export it again.")
        peak = max(peak, highest)
        bands = beats.onset_bands(frames.push(block))
        rising.append(beats.rises(bands, bands[:1] if before is None else before).mean(axis=1))
        before = bands[-1:] if bands.size else before
        flat.append(_flatness(looks.push(block)))
        yield done
    heard = np.concatenate(rising)
    strength = beats.scaled(heard) if heard.size else np.zeros(1)
    energy, flatness = np.concatenate(flat, axis=1)
    loud = energy >= energy.max(initial=0.0) * 10.0 ** (-_SOUNDING_DB / 10.0)
    seldom = float(np.quantile(flatness[loud], _SELDOM)) if loud.any() else 0.0
    return _FirstHeard(peak, seldom, strength)


def _flatness(looks: NDArray[np.float32]) -> Array:
    """Measure energy and flatness of some looks; a sound with a pitch is not flat in every band."""
    power = np.abs(np.fft.rfft(looks * np.hanning(_LOOK), axis=1)) ** 2 + _TINY
    edges = np.round(np.array(_BANDS_HZ) * _LOOK / chroma.RATE_HZ).astype(np.int64)
    bands = [power[:, low:high] for low, high in pairwise(edges)]
    means = np.stack([band.mean(axis=1) for band in bands])
    flat = np.stack([np.exp(np.log(band).mean(axis=1)) for band in bands]) / means
    return np.stack((means.sum(axis=0), flat.min(axis=0)))


def _tonal(audio: Audio, weights: NDArray[np.float32]) -> float:
    """Tell how much of the middle of a sound keeps to a scale of semitones."""
    half = min(audio.frames, round(_TONAL_SECONDS * audio.rate)) // 2
    middle = audio.frames // 2
    piece = Audio(audio.samples[:, middle - half : middle + half], audio.rate)
    frames = Frames(chroma.WINDOW, chroma.HOP)
    blocks = resampled_mono(piece, chroma.RATE_HZ, weights)
    spectra = [chroma.pitch_spectra(frames.push(block)) for _, block in blocks]
    return chroma.tuning_of(np.concatenate(spectra))[1]


def _tracked(
    audio: Audio, weights: NDArray[np.float32], louder: np.float32
) -> Generator[float, None, tuple[F0Track, Array]]:
    """Track the pitch, and how much lies on its overtones; a quiet take is made louder for it."""
    tracker, overtones = f0.Tracker(), Overtones()
    parts: list[F0Track] = []
    for done, block in resampled_mono(audio, f0.RATE_HZ, weights):
        loud = block * louder
        parts.append(tracker.push(loud))
        overtones.push(loud, parts[-1])
        yield done
    parts.append(tracker.finish())
    overtones.finish(parts[-1])
    found = f0.joined(parts)
    level_db = found.level_db - 20.0 * np.log10(float(louder))
    return replace(found, level_db=level_db), overtones.shares()[0]
