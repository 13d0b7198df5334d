"""How the takes of the pitch bench sound: loudness, vowels, consonants, breaths, the room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from bench.pitch_phrasing import Span, Voice, step, waver
from bench.pitch_voice import (
    BURSTS,
    CONTROL_HZ,
    FRICATIVES,
    NASAL,
    RATE_HZ,
    VOWELS,
    Performance,
    strength,
)

__all__ = ["performance_of"]

Array = NDArray[np.float64]

_SOFTNESS = 0.25
_EVENNESS = 0.8  # how much of what the vowel and the pitch do to the loudness the singer evens out


def performance_of(
    spans: Sequence[Span], centres: Array, size: int, voice: Voice, rng: np.random.Generator
) -> Performance:
    """Draw loudness, vowels and noises."""
    loudness, aspiration = np.zeros(size), np.zeros(size)
    formants = np.tile(np.array(VOWELS["a"]), (size, 1))
    hiss = np.zeros(round(size * RATE_HZ / CONTROL_HZ))
    vowel = "a"
    for place, (span, centre) in enumerate(zip(spans, centres, strict=True)):
        first, end, lead = step(span.onset), step(span.end), step(span.lead)
        level = rng.uniform(0.45, 1.0)
        if span.attack != "vowel" or rng.random() < 0.5:
            vowel = str(rng.choice(list(VOWELS)))
        hz = 440.0 * 2.0 ** ((centre - 69.0) / 12.0)
        tuned = np.array(VOWELS[vowel]) * voice.tract
        tuned[0] = max(tuned[0], 1.05 * hz)
        formants[first - lead :] = tuned
        level /= strength(hz, tuned, voice.tract, _SOFTNESS) ** _EVENNESS
        loudness[first:end] = level * (1.0 - 0.3 * np.abs(np.linspace(-0.8, 1.0, end - first)) ** 3)
        if span.attack == "voiced":
            loudness[first - lead : first] = level * rng.uniform(0.25, 0.5)
            formants[first - lead : first] = np.array(NASAL) * voice.tract
        else:
            _consonant(hiss, span, rng)
        _breathe(aspiration, spans[place - 1].end if place else 0.0, span, rng)
    loudness = _smooth(loudness, 25)
    aspiration = _smooth(aspiration, 80) + voice.breath * loudness
    softness = np.clip(_SOFTNESS + waver(size, 2.0, 0.12, rng), 0.0, 1.0)
    smoothed = np.stack([_smooth(each, 50) for each in formants.T], axis=1)
    hiss += 10.0 ** (voice.room_db / 20.0) * _coloured(hiss.size, 40.0, 6_000.0, rng)
    seed = int(rng.integers(2**32))
    return Performance(loudness, softness, smoothed, aspiration, hiss, voice.tract, seed)


def _breathe(aspiration: Array, before: float, span: Span, rng: np.random.Generator) -> None:
    """Breathe in before a note, where the silence since the one before is long enough."""
    silent = span.onset - span.lead - before
    if silent > 0.3:
        breath = min(0.35, silent - 0.15)
        start = step(span.onset - span.lead - 0.06 - breath)
        aspiration[start : start + step(breath)] = rng.uniform(0.02, 0.06)


def _smooth(values: Array, steps: int) -> Array:
    window = np.hanning(steps + 2)
    padded = np.pad(values, steps, mode="edge")
    return np.convolve(padded, window / window.sum(), "same")[steps:-steps]


def _consonant(hiss: Array, span: Span, rng: np.random.Generator) -> None:
    """Add the noise of a fricative, or of a plosive that opens and breathes."""
    if span.attack == "vowel":
        return
    table = FRICATIVES if span.attack == "fricative" else BURSTS
    low, high, level = table[str(rng.choice(list(table)))]
    onset = round(span.onset * RATE_HZ)
    if span.attack == "fricative":
        size = round(span.lead * RATE_HZ)
        shape = np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 0.7
    else:
        size = round(0.03 * RATE_HZ)
        since = np.arange(size) / RATE_HZ
        shape = np.exp(-since / 0.004) + 0.12 * np.exp(-since / 0.02)
    start = max(0, onset - size)
    sound = level * rng.uniform(0.6, 1.4) * shape * _coloured(size, low, high, rng)
    hiss[start:onset] += sound[size - (onset - start) :]


def _coloured(size: int, low: float, high: float, rng: np.random.Generator) -> Array:
    bands = butter(2, (low, high), "bandpass", fs=RATE_HZ, output="sos")
    sound = sosfilt(bands, rng.standard_normal(size + 500))[500:]
    return np.asarray(sound / max(float(np.std(sound)), 1e-9))
